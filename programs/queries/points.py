"""What a return point may be about: a field, a list, a cost line or one cell of it, a file, or the whole proposal."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from programs.models import CostLine, Proposal, ReadinessItem

WHOLE = "seluruhnya"
LINE_CELLS = ("description", "quantity_text", "unit", "unit_price_rupiah", "source", "account_code", "note")
FILE = "berkas:"


@dataclass(frozen=True)
class Target:
    """One thing that can be pointed at. `key` is what a form sends: "title", "baris:12:unit_price_rupiah"."""

    key: str
    label: str
    group: str
    field: str = ""
    line_id: int | None = None


def targets_of(proposal: Proposal) -> dict[str, Target]:
    """Everything of the proposal as it lies with the province, by key and in the order of the page. 2 queries.

    Labels are in the portal's language: they are stored.
    """
    with override(settings.LANGUAGE_CODE):
        found = [Target(WHOLE, _("Usulan seluruhnya"), _("Umum")), *_fields(), *_lines(proposal), *_files()]
    return {target.key: target for target in found}


def _fields() -> list[Target]:
    group = _("Isian")
    names = [(name, field_label(name)) for name in Proposal.FIELDS]
    lists = [("indicators", _("Indikator")), ("shares", _("Porsi sumber dana")), ("lines", _("Rincian biaya (RAB)"))]
    return [Target(name, label, group, field=name) for name, label in names + lists]


def field_label(name: str) -> str:
    """What a field of a proposal is called: "Judul"."""
    return capfirst(str(Proposal._meta.get_field(name).verbose_name))


def cell_label(name: str) -> str:
    """What a column of the cost lines is called: "Harga satuan"."""
    column = CostLine._meta.get_field(name)
    return capfirst(str(getattr(column, "output_field", column).verbose_name))  # a computed column is named inside


def _lines(proposal: Proposal) -> list[Target]:
    found = []
    for number, line in enumerate(proposal.lines.kept(), start=1):
        words = {"n": number, "text": line.description}
        group = (_("Baris %(n)s: %(text)s") % words)[:120]
        found.append(Target(f"baris:{line.pk}", group, group, line_id=line.pk))
        for cell in LINE_CELLS:
            label = _("%(cell)s, baris %(n)s") % {"cell": cell_label(cell), "n": number}
            found.append(Target(f"baris:{line.pk}:{cell}", label, group, field=cell, line_id=line.pk))
    return found


def _files() -> list[Target]:
    group, items = _("Berkas"), ReadinessItem.objects.filter(is_active=True)
    return [Target(f"{FILE}{item.key}", item.name, group, field=f"{FILE}{item.key}") for item in items]
