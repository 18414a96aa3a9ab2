from django.db import migrations, models


class Migration(migrations.Migration):
    """Bundles are ZIP files, or one PDF for the printer."""

    dependencies = [("documents", "0003_bundle_kind")]

    operations = [
        migrations.AddField(
            model_name="bundle",
            name="form",
            field=models.CharField(
                choices=[("zip", "ZIP"), ("pdf", "PDF")], default="zip", max_length=3, verbose_name="bentuk"
            ),
        ),
    ]
