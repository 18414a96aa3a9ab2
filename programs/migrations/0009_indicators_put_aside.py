"""Indicators are put aside when they are deleted, as cost lines are, and know who changed them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0008_template_authors"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="indicator",
            name="changed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="deleted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="dihapus"),
        ),
    ]
