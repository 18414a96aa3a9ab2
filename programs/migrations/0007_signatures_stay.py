"""What was signed stays: the database itself keeps a witness within the contract, signatures and files unchanged."""

from django.db import migrations

FORWARD = """
ALTER TABLE programs_signer ADD CONSTRAINT signer_witness_of_this_contract
    FOREIGN KEY (witnesses_id, contract_id) REFERENCES programs_signer (id, contract_id)
    DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION programs_signed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('rakor.allow_truncate', true) = 'on' THEN
        RETURN NULL;  -- the test runner empties tables between tests
    END IF;
    RAISE EXCEPTION '% is never changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION programs_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'terbit' THEN
        RAISE EXCEPTION 'a published template version is never changed or removed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER signature_no_change BEFORE UPDATE OR DELETE ON programs_signature
    FOR EACH ROW EXECUTE FUNCTION programs_signed_stays();
CREATE TRIGGER signature_no_truncate BEFORE TRUNCATE ON programs_signature
    FOR EACH STATEMENT EXECUTE FUNCTION programs_signed_stays();
CREATE TRIGGER revision_no_removal BEFORE DELETE ON programs_revision
    FOR EACH ROW EXECUTE FUNCTION programs_signed_stays();
CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON programs_revision
    FOR EACH STATEMENT EXECUTE FUNCTION programs_signed_stays();
CREATE TRIGGER revision_no_change
    BEFORE UPDATE OF contract_id, sequence, kind, file, sha256, size, pages, by_id, at ON programs_revision
    FOR EACH ROW EXECUTE FUNCTION programs_signed_stays();
CREATE TRIGGER template_version_no_change BEFORE UPDATE OR DELETE ON programs_templateversion
    FOR EACH ROW EXECUTE FUNCTION programs_published_stays();
"""
BACKWARD = """
DROP TRIGGER template_version_no_change ON programs_templateversion;
DROP TRIGGER revision_no_change ON programs_revision;
DROP TRIGGER revision_no_truncate ON programs_revision;
DROP TRIGGER revision_no_removal ON programs_revision;
DROP TRIGGER signature_no_truncate ON programs_signature;
DROP TRIGGER signature_no_change ON programs_signature;
DROP FUNCTION programs_published_stays();
DROP FUNCTION programs_signed_stays();
ALTER TABLE programs_signer DROP CONSTRAINT signer_witness_of_this_contract;
"""

MANDATE_FIELDS = (
    ("kompetensi-inti", "Industri kompetensi inti daerah"),
    ("ovop", "One Village One Product (OVOP)"),
    ("kreatif", "Industri kreatif"),
    ("agro", "Industri agro"),
)
"""Source: the East Java MOU of 26 March 2012 (domain §1.5)."""


def load(apps, schema_editor=None):
    """The four fields of 2012, to begin with; the office adds others."""
    fields = apps.get_model("programs", "MandateField").objects
    for order, (key, name) in enumerate(MANDATE_FIELDS, start=1):
        fields.update_or_create(key=key, defaults={"name": name, "order": order})


class Migration(migrations.Migration):
    dependencies = [("programs", "0006_contracts")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
