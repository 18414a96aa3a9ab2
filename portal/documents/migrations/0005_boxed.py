from django.db import migrations, models


class Migration(migrations.Migration):
    """Papers remember which letters they could not show."""

    dependencies = [("documents", "0004_bundle_form")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="boxed",
            field=models.CharField(blank=True, max_length=40, verbose_name="huruf yang tercetak sebagai □"),
        ),
    ]
