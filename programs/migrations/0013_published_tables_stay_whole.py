"""TRUNCATE asks no row trigger: published wordings and what was said of files are not emptied that way either."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER template_version_no_truncate BEFORE TRUNCATE ON programs_templateversion
    FOR EACH STATEMENT EXECUTE FUNCTION programs_signed_stays();
CREATE TRIGGER revision_check_no_truncate BEFORE TRUNCATE ON programs_revisioncheck
    FOR EACH STATEMENT EXECUTE FUNCTION programs_signed_stays();
"""
BACKWARD = """
DROP TRIGGER revision_check_no_truncate ON programs_revisioncheck;
DROP TRIGGER template_version_no_truncate ON programs_templateversion;
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0012_contract_batch_without_status")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
