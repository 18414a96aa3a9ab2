"""The points of proposals that nobody gives by hand (domain §3.6), each with the sentence that explains it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.kernel.money import rupiah
from programs.facts.authority import misfits, within_authority
from programs.models import Attachment, Funding, Proposal, ReadinessItem, RubricItem, RubricStep
from programs.rules import IN_PROCESS

CENT = Decimal("0.01")
QUARTERS = 4
SHARES = (100, 75, 50, 25)
"""Percent of reports for the first, second … step of compliance; less than the last one is the step after it."""

REPORTS_BEFORE = 2
"""A proposal for N+1 is judged by the reports of N-1."""


@dataclass(frozen=True)
class Points:
    """What one proposal gets for one indicator. `why` is a sentence in the portal's language, as it is stored."""

    points: Decimal
    why: str
    step: RubricStep | None = None


@dataclass
class _Facts:
    """What the computations need besides the proposals themselves, read once for all of them."""

    ratios: dict[int, list[float]] = field(default_factory=dict)
    reports: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    files: list[ReadinessItem] = field(default_factory=list)


def rubric() -> list[RubricItem]:
    """The indicators in use, each with its steps."""
    return list(RubricItem.objects.filter(is_active=True).prefetch_related("steps"))


def number(value: Decimal) -> str:
    """Points as people write them: 13.33 → "13,33", 20.00 → "20"."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")


def computed_points(
    proposals: Sequence[Proposal], items: Iterable[RubricItem]
) -> dict[int, dict[int, Points]]:  # fmt: skip
    """The computed indicators of these proposals: {proposal pk: {item pk: Points}}; a constant number of queries."""
    wanted = [item for item in items if item.computed]
    if not proposals or not wanted:
        return {proposal.pk: {} for proposal in proposals}
    facts = _facts_for(proposals)
    with override(settings.LANGUAGE_CODE):
        return {
            proposal.pk: {item.pk: _COMPUTE[item.computed](proposal, item, facts) for item in wanted}
            for proposal in proposals
        }


def benefit_points(proposals: Sequence[Proposal], item: RubricItem) -> dict[int, Points]:
    """Only the quartile, which moves with every other proposal of the year: {proposal pk: Points}, one query."""
    facts = _Facts(ratios=benefit_ratios({proposal.year for proposal in proposals}))
    with override(settings.LANGUAGE_CODE):
        return {proposal.pk: _benefit(proposal, item, facts) for proposal in proposals}


def _facts_for(proposals: Sequence[Proposal]) -> _Facts:
    shares = Funding.objects.filter(share_rupiah__gt=0).select_related("source")
    files = Attachment.objects.kept().filter(item__isnull=False)
    prefetch_related_objects(
        list(proposals), "sector", "sub_activity",
        Prefetch("shares", shares, to_attr="paid_by"), Prefetch("attachments", files, to_attr="ready_files"),
    )  # fmt: skip
    facts = _Facts(files=list(ReadinessItem.objects.filter(is_active=True).exclude(scope="opsional")))
    years = {proposal.year for proposal in proposals}
    facts.ratios = benefit_ratios(years)
    rows = (
        Proposal.objects.kept().agreed()
        .filter(year__in={year - REPORTS_BEFORE for year in years}, regency__in={p.regency_id for p in proposals})
        .order_by().values("regency", "year").annotate(programs=Count("pk", distinct=True), n=Count("realisations"))
    )  # fmt: skip
    facts.reports = {(row["regency"], row["year"]): (row["n"], row["programs"] * QUARTERS) for row in rows}
    return facts


def benefit_ratios(years: Iterable[int]) -> dict[int, list[float]]:
    """Beneficiaries per rupiah of all proposals in process, in ascending order: {year: [ratio, …]}."""
    found: dict[int, list[float]] = {year: [] for year in years}
    rows = Proposal.objects.kept().filter(year__in=found, status__in=IN_PROCESS).order_by()
    fields = ("year", "ikm_count", "male_workers", "female_workers", "budget_rupiah", "other_rupiah")
    for year, ikm, male, female, budget, other in rows.values_list(*fields):
        found[year].append(_ratio((ikm or 0) + (male or 0) + (female or 0), budget + other))
    for ratios in found.values():
        ratios.sort()
    return found


def _ratio(people: int, money: int) -> float:
    """Equal fractions give equal floats, so that equal proposals stand in the same quartile."""
    return people / money if money else 0.0


def people_of(proposal: Proposal) -> int:
    """IKM and workers that the proposal helps."""
    return (proposal.ikm_count or 0) + (proposal.male_workers or 0) + (proposal.female_workers or 0)


def _of(points: Decimal, item: RubricItem) -> str:
    return _("%(points)s dari %(weight)s") % {"points": number(points), "weight": item.weight}


def _step(item: RubricItem, place: int, why: str) -> Points:
    """The points of the step at that place, the last one when there are fewer; the sentence ends with them."""
    steps = list(item.steps.all())
    step = steps[min(place, len(steps) - 1)] if steps else None
    points = step.points if step else Decimal(0)
    return Points(points, f"{why}: {_of(points, item)}.", step)


def _priority(proposal: Proposal, item: RubricItem, _facts: _Facts) -> Points:
    sector = proposal.sector
    if sector is None:
        return _step(item, 99, _("Sektor industri belum dipilih"))
    place = {"utama": 0, "pendukung": 1}.get(sector.standing, 99)
    words = (
        _("Sektor “%(sector)s” termasuk prioritas utama"),
        _("Sektor “%(sector)s” termasuk prioritas pendukung"),
        _("Sektor “%(sector)s” bukan prioritas"),
    )[min(place, 2)]
    return _step(item, place, words % {"sector": sector.name})


def _authority(proposal: Proposal, item: RubricItem, _facts: _Facts) -> Points:
    code = proposal.sub_activity
    if code is None:
        return _step(item, 99, _("Sub-kegiatan belum dipilih"))
    names = {row.source.key: row.source.name for row in proposal.paid_by}
    words = {"code": code.code, "level": code.get_level_display().lower()}
    if not names:
        return _step(item, 99, _("Sumber dana belum diisi"))
    wrong = ", ".join(names[key] for key in misfits(code.level, names))
    if not within_authority(code.level, names):
        why = _("Kode %(code)s (kewenangan %(level)s) tidak dibiayai dari %(wrong)s") % {**words, "wrong": wrong}
        return _step(item, 99, why)
    why = _("Kode %(code)s (kewenangan %(level)s) sesuai dengan sumber dana") % words
    if wrong:
        why += " " + _("(kecuali %(wrong)s)") % {"wrong": wrong}
    return _step(item, 0, why)


def _readiness(proposal: Proposal, item: RubricItem, facts: _Facts) -> Points:
    special = any(row.source.needs_readiness for row in proposal.paid_by)
    needed = [file for file in facts.files if file.scope == "selalu" or special]
    there = {attachment.item_id for attachment in proposal.ready_files}
    missing = [file.name for file in needed if file.pk not in there]
    have = len(needed) - len(missing)
    share = Decimal(have) / len(needed) if needed else Decimal(1)
    points = (share * item.weight).quantize(CENT, ROUND_HALF_UP)
    why = _("%(have)s dari %(needed)s berkas ada: %(points)s.") % {
        "have": have, "needed": len(needed), "points": _of(points, item),
    }  # fmt: skip
    if missing:
        why += " " + _("Belum ada: %(files)s.") % {"files": "; ".join(missing)}
    return Points(points, why[:1000])


def _benefit(proposal: Proposal, item: RubricItem, facts: _Facts) -> Points:
    people, money = people_of(proposal), proposal.budget_rupiah + proposal.other_rupiah
    ratios = facts.ratios[proposal.year]
    rank = bisect_right(ratios, _ratio(people, money))
    quartile = max(1, -(-4 * rank // len(ratios))) if ratios else 4
    words = (_("kuartil terendah"), _("kuartil kedua"), _("kuartil ketiga"), _("kuartil tertinggi"))[quartile - 1]
    why = _("%(people)s IKM dan tenaga kerja untuk %(money)s, %(quartile)s di antara usulan %(year)s") % {
        "people": people, "money": rupiah(money), "quartile": words, "year": proposal.year,
    }  # fmt: skip
    return _step(item, 4 - quartile, why)


def _reporting(proposal: Proposal, item: RubricItem, facts: _Facts) -> Points:
    year = proposal.year - REPORTS_BEFORE
    reports, expected = facts.reports.get((proposal.regency_id, year), (0, 0))
    if not expected:
        return _step(item, 0, _("Belum ada program %(year)s yang harus dilaporkan (pertama kali)") % {"year": year})
    percent = 100 * reports / expected
    place = next((place for place, least in enumerate(SHARES) if percent >= least), len(SHARES))
    why = _("%(reports)s dari %(expected)s laporan triwulan %(year)s masuk") % {
        "reports": reports, "expected": expected, "year": year,
    }  # fmt: skip
    return _step(item, place, why)


_COMPUTE: dict[str, Any] = {
    RubricItem.Computed.PRIORITY: _priority,
    RubricItem.Computed.AUTHORITY: _authority,
    RubricItem.Computed.READINESS: _readiness,
    RubricItem.Computed.BENEFIT: _benefit,
    RubricItem.Computed.REPORTING: _reporting,
}


# -- what is stored ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetRow:
    """One indicator on a proposal's score sheet: its stored points, None while a reviewer has not chosen."""

    item: RubricItem
    steps: list[RubricStep]
    points: Decimal | None
    why: str
    step_id: int | None
    by: Any

    @property
    def fails(self) -> bool:
        """Whether this alone keeps the proposal from passing."""
        return self.item.must_pass and self.points is not None and self.points == 0


@dataclass(frozen=True)
class Sheet:
    """The score sheet of a proposal."""

    rows: list[SheetRow]

    @property
    def total(self) -> Decimal:
        """Points so far."""
        return sum((row.points for row in self.rows if row.points is not None), Decimal(0))

    @property
    def most(self) -> int:
        """Points one could get."""
        return sum(row.item.weight for row in self.rows)

    @property
    def missing(self) -> list[SheetRow]:
        """Indicators without points."""
        return [row for row in self.rows if row.points is None]

    @property
    def failing(self) -> list[SheetRow]:
        """Indicators whose 0 keeps the proposal from passing."""
        return [row for row in self.rows if row.fails]

    @property
    def sentence(self) -> str:
        """The total in words: "72,5 dari 100 (20 + 10 + …); 2 indikator belum dinilai."."""
        sums = " + ".join(number(row.points) for row in self.rows if row.points is not None)
        text = _("%(total)s dari %(most)s") % {"total": number(self.total), "most": self.most}
        if sums:
            text += f" = {sums}"
        if self.missing:
            text += "; " + _("%(n)s indikator belum dinilai") % {"n": len(self.missing)}
        return text + "."


def sheet_of(proposal: Proposal) -> Sheet:
    """The stored score sheet: every active indicator, also those without points yet. 3 queries."""
    scores = {score.item_id: score for score in proposal.scores.select_related("by").order_by(F("item__position"))}
    rows = []
    for item in rubric():
        score = scores.get(item.pk)
        rows.append(
            SheetRow(
                item=item,
                steps=list(item.steps.all()),
                points=score.points if score else None,
                why=score.why if score else "",
                step_id=score.step_id if score else None,
                by=score.by if score else None,
            )
        )
    return Sheet(rows)
