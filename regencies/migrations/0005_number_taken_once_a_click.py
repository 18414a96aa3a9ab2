"""A number taken by hand is taken once, also when the button is pressed twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regencies", "0004_registers_and_roles")]

    operations = [
        migrations.AddField(
            model_name="letternumber",
            name="client_key",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
    ]
