"""Who reads a message is asked when it is read: keys of posts, offices and persons instead of a list of accounts.

Messages that are there already stay with the persons they were put for.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


def persons_as_keys(apps, _schema) -> None:
    reader, audience = apps.get_model("outbox", "Reader"), apps.get_model("outbox", "Audience")
    rows = reader.objects.values_list("message_id", "user_id")
    audience.objects.bulk_create(audience(message_id=message, key=f"orang@{user}") for message, user in rows)
    reader.objects.filter(read_at__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_messages")]

    operations = [
        migrations.CreateModel(
            name="Audience",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="audience", to="outbox.message"
                    ),
                ),
            ],
            options={"verbose_name": "alamat di portal", "verbose_name_plural": "alamat di portal"},
        ),
        migrations.AddConstraint(
            model_name="audience",
            constraint=models.UniqueConstraint(fields=("key", "message"), name="message_audience_once"),
        ),
        migrations.RunPython(persons_as_keys, migrations.RunPython.noop),
    ]
