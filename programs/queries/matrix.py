"""The agreed programs as tables for other systems: SIPD (every budget line) and KRISNA (lines paid from DAK).

Columns and their sources are described in docs/exports.md. Tables are Indonesian whatever the reader's language: they
are typed into Indonesian systems.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from programs.facts.nomenclature import official_code, program_name
from programs.models import Attachment, CostLine, Funding, FundingSource, Indicator, Proposal, ReadinessItem
from programs.rules import AGREED
from regencies.models import Regency

DAK = "DAK_"
"""The keys of both special allocation funds begin so."""

DAK_FIELD = "Industri"
YES, NO = "Ya", "Tidak"
RECAP = "Rekap"
TOTAL = "Jumlah"

SIPD_COLUMNS = (
    "Kode kabupaten/kota", "Kabupaten/kota", "Nomor usulan", "Prioritas", "Kode program", "Program", "Kode kegiatan",
    "Kegiatan", "Kode sub-kegiatan", "Sub-kegiatan", "Usulan", "Indikator sub-kegiatan", "Satuan indikator",
    "Indikator keluaran", "Target", "Satuan target", "Indikator keluaran lain", "Lokasi", "Kode sumber dana",
    "Sumber dana", "Kode rekening", "Uraian", "Rumus volume", "Volume", "Satuan", "Harga satuan usulan (Rp)",
    "Jumlah usulan (Rp)", "Pagu disepakati (Rp)", "Keterangan",
)  # fmt: skip

KRISNA_COLUMNS = (
    "Kode kabupaten/kota", "Kabupaten/kota", "Nomor usulan", "Jenis DAK", "Bidang", "Menu kegiatan", "Rincian menu",
    "Usulan", "Kode sub-kegiatan", "Kecamatan", "Desa/kelurahan", "Alamat lokasi", "Lintang", "Bujur", "Uraian",
    "Volume", "Satuan", "Harga satuan (Rp)", "Pagu disepakati (Rp)",
)  # fmt: skip


@dataclass
class Table:
    """One sheet: its name, column names, rows, and a last row with the sums."""

    title: str
    header: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    total: list[Any] = field(default_factory=list)


def sipd_tables(year: int, regencies: Iterable[Regency]) -> list[Table]:
    """A recap and a sheet per regency with every agreed line of the budget. Sums are those of the berita acara."""
    regencies, sources = list(regencies), [source for source in _sources() if source.in_budget]
    rows: dict[int, list[list[Any]]] = {}
    for proposal in _agreed_proposals(year, regencies):
        lines = (_sipd_row(proposal, line, money) for line, money in _agreed_lines(proposal) if line.source.in_budget)
        rows.setdefault(proposal.regency_id, []).extend(lines)
    return _with_recap(year, regencies, sources, rows, columns=SIPD_COLUMNS, counted="Program disepakati")


def krisna_tables(year: int, regencies: Iterable[Regency]) -> list[Table]:
    """A recap and a sheet per regency with every agreed line of the special allocation funds, and what is ready."""
    regencies, sources = list(regencies), [source for source in _sources() if source.key.startswith(DAK)]
    wanted = {source.pk for source in sources}
    items = list(ReadinessItem.objects.filter(is_active=True).exclude(scope=ReadinessItem.Scope.OPTIONAL))
    header = [*KRISNA_COLUMNS, *(item.name for item in items), "Kesiapan lengkap"]
    rows: dict[int, list[list[Any]]] = {}
    found = _agreed_proposals(year, regencies).filter(shares__source__in=wanted, shares__agreed_rupiah__gt=0)
    for proposal in found.distinct().prefetch_related(Prefetch("attachments", Attachment.objects.kept())):
        ready = _readiness(proposal, items)
        lines = _agreed_lines(proposal)
        part = [_krisna_row(proposal, line, money) + ready for line, money in lines if line.source_id in wanted]
        rows.setdefault(proposal.regency_id, []).extend(part)
    return _with_recap(year, regencies, sources, rows, columns=header, counted="Usulan DAK disepakati")


def _sources() -> list[FundingSource]:
    return list(FundingSource.objects.order_by("position", "key"))


def _agreed_proposals(year: int, regencies: list[Regency]) -> QuerySet[Proposal]:
    """The agreed proposals with everything a row names, by regency and priority."""
    lines = CostLine.objects.kept().filter(source__isnull=False).select_related("source", "verdict")
    outputs = Indicator.objects.kept().filter(kind=Indicator.Kind.OUTPUT).order_by("position", "id")
    return (
        Proposal.objects.kept()
        .agreed()
        .filter(year=year, regency__in=regencies)
        .select_related("regency", "sub_activity", "help_kind")
        .prefetch_related(
            Prefetch("lines", lines, to_attr="paid_lines"), Prefetch("indicators", outputs, to_attr="outputs")
        )
        .in_paper_order()
    )


def _agreed_lines(proposal: Proposal) -> Iterable[tuple[CostLine, int]]:
    """The lines that got money, each with how much: as proposed unless the proposal was amended and the line too."""
    for line in proposal.paid_lines:
        changed = getattr(line, "verdict", None) if proposal.status == "perbaikan" else None
        money = changed.agreed_rupiah if changed else line.amount_rupiah
        if money:
            yield line, money


def _sipd_row(proposal: Proposal, line: CostLine, money: int) -> list[Any]:
    activity = proposal.sub_activity
    first, *others = proposal.outputs or [None]
    program = official_code(activity.program_code) if activity else ""
    codes = [program, program_name(program), official_code(activity.activity_code), activity.activity,
             official_code(activity.code), activity.name] if activity else [""] * 6  # fmt: skip
    return [
        proposal.regency.code, proposal.regency.name, proposal.code, proposal.rank, *codes, proposal.title,
        activity.indicator if activity else "", activity.unit if activity else "",
        first.name if first else "", first.target if first else None, first.unit if first else "",
        "; ".join(_target(each) for each in others), place_of(proposal), line.source.key, line.source.name,
        line.account_code, line.description, line.quantity_text, line.quantity, line.unit, line.unit_price_rupiah,
        line.amount_rupiah, money, _remark(line, money),
    ]  # fmt: skip


def _target(indicator: Indicator) -> str:
    amount = f"{indicator.target.normalize():f}" if indicator.target is not None else ""
    return " ".join(part for part in (indicator.name, amount, indicator.unit) if part)


def _remark(line: CostLine, money: int) -> str:
    """Why the line differs from what was proposed, else what the regency noted."""
    changed = getattr(line, "verdict", None)
    return changed.reason if changed and money != line.amount_rupiah else line.note


def _krisna_row(proposal: Proposal, line: CostLine, money: int) -> list[Any]:
    kind, activity = proposal.help_kind, proposal.sub_activity
    return [
        proposal.regency.code, proposal.regency.name, proposal.code, line.source.name, DAK_FIELD,
        kind.group if kind else "", kind.name if kind else "", proposal.title,
        official_code(activity.code) if activity else "", proposal.district, proposal.village, proposal.address,
        proposal.latitude, proposal.longitude, line.description, line.quantity, line.unit,
        unit_cost(line, money), money,
    ]  # fmt: skip


def unit_cost(line: CostLine, money: int) -> int:
    """The unit price as proposed; of a line whose amount was changed, the agreed money per unit in whole rupiah."""
    if money == line.amount_rupiah or not line.quantity:
        return line.unit_price_rupiah
    return int((Decimal(money) / line.quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _readiness(proposal: Proposal, items: list[ReadinessItem]) -> list[str]:
    there = {attachment.item_id for attachment in proposal.attachments.all()}
    found = [YES if item.pk in there else NO for item in items]
    return [*found, NO if NO in found else YES]


def place_of(proposal: Proposal) -> str:
    """The location as one text: "Jl. Raya 1, Desa/Kel. Fatukbot, Kec. Atambua Selatan, Kabupaten Belu"."""
    village = f"Desa/Kel. {proposal.village}" if proposal.village else ""
    district = f"Kec. {proposal.district}" if proposal.district else ""
    return ", ".join(part for part in (proposal.address, village, district, proposal.regency.name) if part)


def _with_recap(
    year: int, regencies: list[Regency], sources: list[FundingSource], rows: dict[int, list[list[Any]]], *,
    columns: Iterable[str], counted: str,
) -> list[Table]:  # fmt: skip
    """The recap, summed from the shares (not from the rows below, so that each proves the other), then the sheets."""
    header = list(columns)
    money = header.index("Pagu disepakati (Rp)")
    recap = Table(RECAP, ["Kode", "Kabupaten/kota", counted, *(source.key for source in sources), "Jumlah (Rp)"])
    sums = _shares(year, regencies, sources)
    found = [recap]
    for regency in regencies:
        mine = sums.get(regency.pk, {})
        amounts = [mine.get(source.pk, 0) for source in sources]
        recap.rows.append([regency.code, regency.name, mine.get("n", 0), *amounts, sum(amounts)])
        part = rows.get(regency.pk, [])
        total = [TOTAL, *([None] * (len(header) - 1))]
        total[money] = sum(row[money] for row in part)
        found.append(Table(f"{regency.code} {regency.bare_name}", header, part, total))
    if regencies:
        recap.total = [TOTAL, None, *(sum(column) for column in list(zip(*recap.rows, strict=True))[2:])]
    return found


def _shares(year: int, regencies: list[Regency], sources: list[FundingSource]) -> dict[int, dict[Any, int]]:
    """{regency pk: {source pk: agreed rupiah, "n": number of agreed proposals with money of these sources}}."""
    found: dict[int, dict[Any, int]] = {}
    counted: dict[int, set[int]] = {}
    rows = Funding.objects.filter(
        proposal__year=year, proposal__regency__in=regencies, proposal__status__in=AGREED,
        proposal__deleted_at__isnull=True, source__in=sources, agreed_rupiah__gt=0,
    )  # fmt: skip
    for proposal, regency, source, money in rows.values_list(
        "proposal", "proposal__regency", "source", "agreed_rupiah"
    ):
        mine = found.setdefault(regency, {})
        mine[source] = mine.get(source, 0) + money
        counted.setdefault(regency, set()).add(proposal)
    for regency, proposals in counted.items():
        found[regency]["n"] = len(proposals)
    return found
