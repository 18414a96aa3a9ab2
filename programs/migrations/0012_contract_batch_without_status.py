from django.db import migrations


class Migration(migrations.Migration):
    """When a list was made into contracts says `made_at`; a second column said the same."""

    dependencies = [("programs", "0011_stamps_and_checks")]

    operations = [migrations.RemoveField(model_name="contractbatch", name="status")]
