from django.db import migrations, models


class Migration(migrations.Migration):
    """Bundles ordered before have no kind, so nobody gets them any more; they are ordered anew with one click."""

    dependencies = [("documents", "0002_bundles")]

    operations = [
        migrations.AddField(
            model_name="bundle",
            name="kind",
            field=models.CharField(default="", max_length=40, verbose_name="jenis"),
            preserve_default=False,
        ),
    ]
