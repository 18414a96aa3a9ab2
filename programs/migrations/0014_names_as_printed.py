"""Who signs an approved paper is named as it is printed there, not as his office is called by now."""

from django.db import migrations, models


def fill(apps, schema_editor=None):
    """Give the signers of approved papers what those papers say of them."""
    contracts = apps.get_model("programs", "Contract").objects.exclude(status__in=["konsep", "diparaf"])
    signers = apps.get_model("programs", "Signer").objects
    for contract in contracts.filter(document__isnull=False).select_related("document").iterator(chunk_size=100):
        facts = contract.document.facts
        rows = [*facts.get("signatures", ()), *facts.get("witnesses", ())]
        printed = {place["anchor"]: place for row in rows for place in row["places"]}
        for signer in signers.filter(contract=contract):
            place = printed.get(f"ttd-{signer.kind}-{signer.order}")
            if place:
                signers.filter(pk=signer.pk).update(printed_name=place["name"], printed_title=place["office"])


class Migration(migrations.Migration):
    dependencies = [("programs", "0013_published_tables_stay_whole")]
    operations = [
        migrations.AddField(
            "signer",
            "printed_name",
            models.CharField(blank=True, editable=False, max_length=200, verbose_name="nama tercetak"),
        ),
        migrations.AddField(
            "signer",
            "printed_title",
            models.CharField(blank=True, editable=False, max_length=500, verbose_name="jabatan tercetak"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
