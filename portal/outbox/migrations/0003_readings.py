"""A row says that somebody has read a message; who may read it stands elsewhere."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_audiences")]

    operations = [
        migrations.RenameModel("Reader", "Reading"),
        migrations.AlterField(
            model_name="reading",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="outbox.message"
            ),
        ),
        migrations.AlterField(
            model_name="reading",
            name="read_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="dibaca"),
        ),
    ]
