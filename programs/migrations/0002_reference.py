"""Loads the lists that proposals choose from; rows that are there keep what people made of them."""

import csv
from pathlib import Path
from typing import Any

import yaml
from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"


def load(apps: Any, _schema_editor: Any = None) -> None:
    """Store what is missing of nomenclature, funding sources, sectors, KBLI, kinds of help, tags, files, rubric."""
    lists = yaml.safe_load((DATA / "reference.yaml").read_text(encoding="utf-8"))

    def rows(name: str) -> Any:
        return apps.get_model("programs", name).objects

    with (DATA / "nomenclature_331.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows("SubActivity").get_or_create(code=row.pop("code"), defaults=row)
    for place, (key, name, in_budget, readiness) in enumerate(lists["funding_sources"], start=1):
        values = {"name": name, "in_budget": in_budget, "needs_readiness": readiness, "position": place}
        rows("FundingSource").get_or_create(key=key, defaults=values)
    classes = {
        code: rows("Kbli").get_or_create(edition=2020, code=code, defaults={"title": title})[0]
        for code, title in lists["kbli_2020"].items()
    }
    for place, (key, name, standing, codes) in enumerate(lists["sectors"], start=1):
        regime = lists["special_regimes"].get(key, "")
        sector, new = rows("Sector").get_or_create(
            key=key, defaults={"name": name, "standing": standing, "special_regime": regime, "position": place}
        )
        if new:
            sector.classes.set([classes[code] for code in codes])
    _load_choices(rows, lists)


def _load_choices(rows: Any, lists: dict[str, Any]) -> None:
    kinds = ((group, key, name) for group, found in lists["help_kinds"].items() for key, name in found.items())
    for place, (group, key, name) in enumerate(kinds, start=1):
        rows("HelpKind").get_or_create(key=key, defaults={"group": group, "name": name, "position": place})
    for key, name in lists["tags"].items():
        rows("Tag").get_or_create(key=key, defaults={"name": name})
    for place, (key, name, scope, hint) in enumerate(lists["readiness"], start=1):
        values = {"name": name, "scope": scope, "hint": hint, "position": place}
        rows("ReadinessItem").get_or_create(key=key, defaults=values)
    for place, (key, name, weight, computed, must_pass, steps) in enumerate(lists["rubric"], start=1):
        values = {"name": name, "weight": weight, "computed": computed, "must_pass": must_pass, "position": place}
        item, new = rows("RubricItem").get_or_create(key=key, defaults=values)
        for number, (label, points) in enumerate(steps if new else [], start=1):
            rows("RubricStep").create(item=item, label=label, points=points, position=number)


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
