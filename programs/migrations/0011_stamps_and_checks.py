"""Stamps beside a frozen print, and what a worker's full analysis of a signed file said."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
DROP TRIGGER revision_no_change ON programs_revision;
CREATE TRIGGER revision_no_change
    BEFORE UPDATE OF contract_id, sequence, kind, file, stamps, sha256, size, pages, by_id, at ON programs_revision
    FOR EACH ROW EXECUTE FUNCTION programs_signed_stays();
"""
BACK = """
DROP TRIGGER revision_no_change ON programs_revision;
CREATE TRIGGER revision_no_change
    BEFORE UPDATE OF contract_id, sequence, kind, file, sha256, size, pages, by_id, at ON programs_revision
    FOR EACH ROW EXECUTE FUNCTION programs_signed_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0010_ready_contract_templates"),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="stamps",
            field=models.FileField(blank=True, max_length=150, upload_to="", verbose_name="tera"),
        ),
        migrations.CreateModel(
            name="RevisionCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("whole", models.BooleanField(verbose_name="utuh")),
                ("trusted", models.BooleanField(verbose_name="semua sertifikat dikenal")),
                ("verdict", models.JSONField(verbose_name="hasil pemeriksaan")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="diperiksa")),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="check_result", to="programs.revision"
                    ),
                ),
            ],
            options={
                "verbose_name": "pemeriksaan berkas kontrak",
                "verbose_name_plural": "pemeriksaan berkas kontrak",
            },
        ),
        migrations.RunSQL(GUARD, BACK),
    ]
