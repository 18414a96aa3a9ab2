from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regencies", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="regency",
            name="aliases",
            field=models.TextField(
                blank=True, default="", help_text="Satu nama per baris, misalnya Mabar.", verbose_name="nama lain"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="agency",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
    ]
