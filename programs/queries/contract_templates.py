"""Wordings of contracts as their pages need them: the list, the versions, the variables, what differs."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from programs.facts.contract_text import texts_of, variables_in
from programs.facts.contract_variables import VARIABLES, is_own, own_label
from programs.models import ContractTemplate, TemplateVersion
from programs.queries.contract_papers import Preview, preview
from programs.queries.versions import SAME, Change

SORTS = {
    "name": (gettext_noop("Nama"), ("name", "pk")),
    "kind": (gettext_noop("Jenis"), ("kind", "name", "pk")),
    "used": (gettext_noop("Paling banyak dipakai"), ("-used", "name", "pk")),
    "newest": (gettext_noop("Terbaru diterbitkan"), ("-published_at", "name", "pk")),
}
STATES = {
    "terbit": gettext_noop("Ada versi terbit"),
    "konsep": gettext_noop("Ada konsep"),
    "tidak": gettext_noop("Tidak dipakai lagi"),
}
_FILTERS = {
    "terbit": Q(in_force__isnull=False, active=True),
    "konsep": Q(draft__isnull=False),
    "tidak": Q(active=False),
}


def listed(*, text: str = "", kind: str = "", state: str = "", sort: str = "name") -> QuerySet[ContractTemplate]:
    """Templates with `in_force` and `draft` (numbers of versions), `published_at` and `used` (contracts made)."""
    versions = TemplateVersion.objects.filter(template=OuterRef("pk")).order_by("-number")
    newest = versions.filter(status="terbit")
    found = ContractTemplate.objects.annotate(
        in_force=Subquery(newest.values("number")[:1], output_field=IntegerField()),
        published_at=Subquery(newest.values("published_at")[:1]),
        draft=Subquery(versions.filter(status="konsep").values("number")[:1], output_field=IntegerField()),
        used=Count("versions__contracts"),
    )
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(key__icontains=word))
    if kind:
        found = found.filter(kind=kind)
    if state in _FILTERS:
        found = found.filter(_FILTERS[state])
    return found.order_by(*SORTS.get(sort, SORTS["name"])[1])


def with_versions(pk: int) -> QuerySet[ContractTemplate]:
    """The template of that number with its versions as `all_versions`, the newest first, each with `used`."""
    versions = TemplateVersion.objects.select_related("published_by").prefetch_related("authors")
    versions = versions.annotate(used=Count("contracts", distinct=True)).order_by("-number")
    return ContractTemplate.objects.filter(pk=pk).prefetch_related(
        Prefetch("versions", versions, to_attr="all_versions")
    )


def versions() -> QuerySet[TemplateVersion]:
    """Versions with what their pages show."""
    return TemplateVersion.objects.select_related("template", "published_by").prefetch_related("authors")


def sources(kind: str = "") -> QuerySet[TemplateVersion]:
    """The published wordings that a new template may begin with: the newest of each template."""
    found = TemplateVersion.objects.filter(status="terbit").select_related("template")
    if kind:
        found = found.filter(template__kind=kind)
    newest = found.order_by("template_id", "-number").distinct("template_id").values("pk")
    return found.filter(pk__in=newest).order_by("template__kind", "template__name")


def preview_of(version: TemplateVersion) -> Preview:
    """The wording with sample values."""
    return preview(version.template.kind, version.content, title=str(version))


def faults(version: TemplateVersion) -> list[str]:
    """A sentence for each thing that keeps a wording from being printed."""
    found = [] if version.title.strip() else [_("Judul naskah belum diisi.")]
    if not version.clauses:
        found.append(_("Belum ada pasal."))
    for number, clause in enumerate(version.clauses, start=1):
        if not clause["heading"] or not clause["body"]:
            found.append(_("Pasal %(number)s belum berjudul atau belum berisi.") % {"number": number})
    return [*found, *preview_of(version).lacks]


@dataclass(frozen=True)
class VariableRow:
    """A variable in the editor's list: `code` is what is put into the text."""

    code: str
    label: str
    sample: str
    source: str


@dataclass(frozen=True)
class VariableGroup:
    """Variables about one thing."""

    name: str
    rows: list[VariableRow]


def variable_groups(kind: str) -> list[VariableGroup]:
    """The variables of a kind by group, in their own order."""
    groups: dict[str, list[VariableRow]] = {}
    for each in VARIABLES[kind]:
        sample = "; ".join(each.sample) if each.is_list else str(each.sample)
        row = VariableRow(f"{{{each.name}}}", _(each.label), sample, _(each.source))
        groups.setdefault(each.group, []).append(row)
    return [VariableGroup(_(name), rows) for name, rows in groups.items()]


def own_entries(version: TemplateVersion) -> list[VariableRow]:
    """The template's own entries that its wording asks for."""
    names = [name for name in variables_in(*texts_of(version.content)) if is_own(name)]
    return [VariableRow(f"{{{name}}}", own_label(name), "", _("diisi pada formulir kontrak")) for name in names]


def difference(old: TemplateVersion, new: TemplateVersion) -> list[Change]:
    """The parts that differ between two versions, in the order of reading; a pasal is compared with that of its
    heading, else with that of its number."""
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in ("title", "opening", "recital")]
    changes = [Change(_label(name), before, after) for name, before, after in pairs]
    changes += _clause_changes(old.clauses, new.clauses)
    changes.append(Change(_label("closing"), old.closing, new.closing))
    return [change for change in changes if change.kind != SAME]


def _label(name: str) -> str:
    return str(TemplateVersion._meta.get_field(name).verbose_name).capitalize()


def _clause_changes(old: list[dict[str, str]], new: list[dict[str, str]]) -> list[Change]:
    left = list(enumerate(old, start=1))
    found: list[tuple[float, Change]] = []
    for number, clause in enumerate(new, start=1):
        same = next((row for row in left if row[1]["heading"] == clause["heading"]), None)
        same = same or next((row for row in left if row[0] == number and not _named(row[1], new)), None)
        if same is not None:
            left.remove(same)
        moved = same is not None and same[0] != number
        label = (
            _("Pasal %(number)s (semula Pasal %(before)s)") % {"number": number, "before": same[0]}
            if same is not None and moved
            else _("Pasal %(number)s") % {"number": number}
        )
        found.append((number, Change(label, _clause(same[1]) if same else "", _clause(clause))))
    gone = [(number + 0.5, Change(_("Pasal %(number)s, dihapus") % {"number": number}, _clause(row), ""))
            for number, row in left]  # fmt: skip
    return [change for _place, change in sorted([*found, *gone], key=lambda row: row[0])]


def _named(clause: dict[str, str], others: list[dict[str, str]]) -> bool:
    return any(clause["heading"] == other["heading"] for other in others)


def _clause(clause: dict[str, str]) -> str:
    return f"{clause['heading']}\n{clause['body']}"
