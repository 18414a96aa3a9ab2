from django.db import migrations, models


class Migration(migrations.Migration):
    """Photos of a session stand in an order that people give them."""

    dependencies = [("rakor", "0009_one_edition_a_year")]

    operations = [
        migrations.AlterModelOptions(
            name="sessionphoto",
            options={"ordering": ["order", "pk"], "verbose_name": "foto sesi", "verbose_name_plural": "foto sesi"},
        ),
        migrations.AddField(
            model_name="sessionphoto",
            name="order",
            field=models.PositiveIntegerField(default=0, verbose_name="urutan"),
        ),
    ]
