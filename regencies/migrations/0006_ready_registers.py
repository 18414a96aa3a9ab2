"""The registers of numbers of the portal's own provincial office (domain §2.3)."""

from typing import Any

from django.db import migrations

from regencies.facts.office_tables import ready_registers

PROVINCE = "53"


def load(apps: Any, _schema_editor: Any = None) -> None:
    """Store what is missing; registers that are there keep what people made of them."""
    agency = apps.get_model("regencies", "Agency").objects.get(is_lead=True, level="provinsi", province__code=PROVINCE)
    registers = apps.get_model("regencies", "Register").objects
    for row in ready_registers():
        registers.get_or_create(agency=agency, key=row["key"], defaults=row)


def unload(apps: Any, _schema_editor: Any = None) -> None:
    """Take the registers away again; the database refuses when numbers were taken from them."""
    keys = [row["key"] for row in ready_registers()]
    apps.get_model("regencies", "Register").objects.filter(agency__province__code=PROVINCE, key__in=keys).delete()


class Migration(migrations.Migration):
    dependencies = [("regencies", "0005_number_taken_once_a_click")]

    operations = [migrations.RunPython(load, unload)]
