"""Loads the two ready wordings as published versions; a template that is there keeps what people made of it."""

from pathlib import Path
from typing import Any

import yaml
from django.db import migrations
from django.utils import timezone

from programs.facts.contract_text import digest

FILE = Path(__file__).resolve().parent.parent / "data" / "contract_templates.yaml"


def load(apps: Any, _schema_editor: Any = None) -> None:
    """Store the contract of extension workers and the memorandum, each as version 1 in force."""
    templates = apps.get_model("programs", "ContractTemplate").objects
    versions = apps.get_model("programs", "TemplateVersion").objects
    for row in yaml.safe_load(FILE.read_text(encoding="utf-8"))["templates"]:
        template, new = templates.get_or_create(key=row["key"], defaults={"kind": row["kind"], "name": row["name"]})
        if not new:
            continue
        content = {name: row[name] for name in ("title", "opening", "recital", "clauses", "closing")}
        versions.create(
            template=template, number=1, status="terbit", note=row["note"], sha256=digest(content),
            published_at=timezone.now(), **content,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("programs", "0009_indicators_put_aside")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
