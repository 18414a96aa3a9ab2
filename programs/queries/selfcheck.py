"""Reading what a proposal still lacks before it is sent: blockers and warnings, each with the field it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.money import rupiah
from programs.facts.authority import PROVINCE, misfits
from programs.models import Attachment, CostLine, Funding, FundingSource, Indicator, Proposal, ReadinessItem
from programs.queries.findings import BLOCKER, WARNING, Finding
from programs.queries.points import field_label
from programs.queries.prices import Price, prices_elsewhere
from programs.queries.selfcheck_lines import line_findings
from programs.queries.siblings import Sibling, doubles, siblings_of
from programs.queries.snapshots import reads_live

REQUIRED = (
    "title", "sub_activity", "help_kind", "sector", "district", "background", "problem", "purpose", "method",
    "executor", "starts_month", "ends_month",
)  # fmt: skip
"""Fields that the KAK and the desk cannot do without (domain §3.5)."""

BUDGET_STEP = 1000
"""A RAB is rounded to whole thousands (domain §3.5)."""

LEAST_BUDGET = 1_000_000

MOST_DOUBLES, MOST_CODES = 3, 10
"""Likely doubles that are told one by one, and further ones that are only named."""


@dataclass(frozen=True)
class Content:
    """What is looked at, read once for all proposals of a list."""

    proposal: Proposal
    lines: list[CostLine]
    shares: list[Funding]
    indicators: list[Indicator]
    files: frozenset[int]
    needed: list[ReadinessItem]
    prices: dict[str, Price]
    siblings: list[Sibling]


def findings(proposal: Proposal, *, user: Any = None) -> list[Finding]:
    """What the self-check finds in one proposal, blockers first.

    With `user`, siblings that this user may not see are left out of the search for doubles.
    """
    return findings_of([proposal], user=user)[proposal.pk]


def blockers(proposal: Proposal) -> list[Finding]:
    """What forbids to submit or send it."""
    return [finding for finding in findings(proposal) if finding.blocks]


def findings_of(proposals: Iterable[Proposal], *, user: Any = None) -> dict[int, list[Finding]]:
    """The findings of proposals of one regency and year, by primary key, in eight statements however many they are."""
    found = {}
    for content in _contents([proposal.pk for proposal in proposals], user):
        seen = [*_field_findings(content), *_code_findings(content), *_money_findings(content)]
        seen += [*line_findings(content.lines, content.prices)]
        seen += [*_part_findings(content), *_double_findings(content)]
        found[content.proposal.pk] = sorted(seen, key=lambda finding: not finding.blocks)
    return found


def _contents(keys: list[int], user: Any) -> Iterator[Content]:
    rows = list(Proposal.objects.filter(pk__in=keys).select_related("regency", "sub_activity", "sector", "help_kind"))
    if not rows:
        return
    lines = list(CostLine.objects.kept().filter(proposal__in=keys).select_related("source"))
    by_lines = _grouped(lines)
    shares = _grouped(Funding.objects.filter(proposal__in=keys).select_related("source"))
    indicators = _grouped(Indicator.objects.kept().filter(proposal__in=keys))
    files = defaultdict(set)
    for proposal_id, item_id in Attachment.objects.kept().filter(proposal__in=keys).values_list("proposal", "item"):
        files[proposal_id].add(item_id)
    needed = list(ReadinessItem.objects.filter(is_active=True).exclude(scope=ReadinessItem.Scope.OPTIONAL))
    first = rows[0]
    prices = prices_elsewhere(lines, regency_id=first.regency_id, year=first.year)
    siblings = siblings_of(first.regency_id, first.year, user)
    for row in rows:
        yield Content(
            proposal=row, lines=by_lines[row.pk], shares=shares[row.pk], indicators=indicators[row.pk],
            files=frozenset(files[row.pk]), needed=needed, prices=prices, siblings=siblings,
        )  # fmt: skip


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[row.proposal_id].append(row)
    return found


def _field_findings(content: Content) -> Iterator[Finding]:
    row = content.proposal
    for name in REQUIRED:
        value = getattr(row, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            yield Finding(BLOCKER, _("Isian “%(field)s” belum diisi.") % {"field": field_label(name)}, name)
    if row.rank is None:
        yield Finding(BLOCKER, _("Urutan prioritas belum ditetapkan pada daftar usulan."), "rank")
    if row.starts_month and row.ends_month and row.ends_month < row.starts_month:
        yield Finding(BLOCKER, _("Bulan selesai mendahului bulan mulai."), "ends_month")
    regime = row.sector.special_regime if row.sector else ""
    if regime and not row.special_note.strip():
        yield Finding(
            BLOCKER,
            _("Sektor “%(sector)s” termasuk rezim khusus, jadi catatannya wajib diisi. %(regime)s")
            % {"sector": row.sector, "regime": regime},
            "special_note",
        )
    if not any((row.ikm_count, row.group_count, row.male_workers, row.female_workers)):
        yield Finding(WARNING, _("Penerima manfaat belum diisi: IKM, kelompok, atau tenaga kerja."), "ikm_count")


def _sources(content: Content) -> dict[str, FundingSource]:
    return {
        row.source.key: row.source
        for row in (*content.lines, *(share for share in content.shares if share.share_rupiah))
        if row.source
    }


def _code_findings(content: Content) -> Iterator[Finding]:
    """Is the code one of this government, and do the sources pay it?"""
    activity, sources = content.proposal.sub_activity, _sources(content)
    if activity is None or not sources:
        return
    odd = misfits(activity.level, sources)
    if activity.level == PROVINCE and odd:
        yield Finding(
            BLOCKER,
            _("Kode %(code)s adalah kewenangan provinsi. Pakailah kode kabupaten/kota, atau biayai seluruhnya dari "
              "APBD Provinsi atau APBN.") % {"code": activity.code},
            "sub_activity",
        )  # fmt: skip
    elif activity.level == PROVINCE:
        yield Finding(
            WARNING,
            _("Kode %(code)s adalah kewenangan provinsi. Pastikan kegiatannya memang dilaksanakan provinsi.")
            % {"code": activity.code},
            "sub_activity",
        )
    elif odd:
        names = ", ".join(str(sources[key]) for key in odd)
        yield Finding(
            WARNING,
            _("Sumber %(sources)s lazimnya tidak membiayai kode %(code)s (%(level)s).")
            % {"sources": names, "code": activity.code, "level": activity.get_level_display()},
            "sub_activity",
        )


def _money_findings(content: Content) -> Iterator[Finding]:
    if not content.lines:
        yield Finding(BLOCKER, _("Rincian biaya belum ada satu baris pun."), "lines")
        return
    sums: dict[int, int] = defaultdict(int)
    names = {}
    for row in (*content.lines, *content.shares):
        if row.source:
            names[row.source_id] = row.source
    for line in content.lines:
        if line.source_id:
            sums[line.source_id] += line.amount_rupiah
    stated = {share.source_id: share.share_rupiah for share in content.shares}
    for pk, source in sorted(names.items(), key=lambda entry: entry[1].position):
        if sums[pk] != stated.get(pk, 0):
            yield Finding(
                BLOCKER,
                _("Porsi %(source)s %(share)s tidak sama dengan jumlah rinciannya %(lines)s.")
                % {"source": source, "share": rupiah(stated.get(pk, 0)), "lines": rupiah(sums[pk])},
                "shares",
            )
    total = sum(sums.values())
    if total % BUDGET_STEP:
        yield Finding(
            WARNING, _("Jumlah biaya %(total)s tidak bulat ribuan rupiah.") % {"total": rupiah(total)}, "lines"
        )
    if 0 < total < LEAST_BUDGET:
        yield Finding(
            WARNING, _("Jumlah biaya hanya %(total)s. Periksa satuan rupiahnya.") % {"total": rupiah(total)}, "lines"
        )


def _part_findings(content: Content) -> Iterator[Finding]:
    """Indicators and files."""
    outputs = [row for row in content.indicators if row.kind == Indicator.Kind.OUTPUT]
    if not any(row.name.strip() and row.target for row in outputs):
        yield Finding(BLOCKER, _("Belum ada indikator keluaran dengan target."), "indicators")
    for row in content.indicators:
        if row.name.strip() and row.target and not row.unit.strip():
            yield Finding(WARNING, _("Indikator “%(name)s” belum bersatuan.") % {"name": row.name}, "indicators")
    special = [source for source in _sources(content).values() if source.needs_readiness]
    for item in content.needed:
        if item.pk in content.files or (item.scope == ReadinessItem.Scope.SPECIAL_FUND and not special):
            continue
        sentence = _("Berkas “%(name)s” belum diunggah.") % {"name": item.name}
        if item.scope == ReadinessItem.Scope.SPECIAL_FUND:
            sentence = _("Berkas “%(name)s” belum diunggah; disyaratkan oleh %(source)s.") % {
                "name": item.name, "source": special[0],
            }  # fmt: skip
        yield Finding(BLOCKER, sentence, f"berkas:{item.key}")


def _double_findings(content: Content) -> Iterator[Finding]:
    found = list(doubles(content.proposal, content.siblings))
    for sibling, same in found[:MOST_DOUBLES]:
        yield Finding(
            WARNING,
            _("Mungkin ganda dengan usulan %(code)s “%(title)s” (%(status)s): %(same)s.")
            % {"code": sibling.code, "title": sibling.title, "status": sibling.status, "same": same},
            "title",
        )
    if more := found[MOST_DOUBLES:]:
        codes = ", ".join(sibling.code for sibling, _same in more[:MOST_CODES])
        yield Finding(WARNING, _("Mungkin ganda juga dengan %(codes)s.") % {"codes": codes}, "title")


def findings_context(proposal: Proposal, user: Any) -> dict[str, Any]:
    """What `programs/selfcheck/_findings.html` shows; nothing to whoever reads only the version last sent.

    Shape: {"selfcheck": None or {"blockers": [Finding], "warnings": [Finding], "edit_url": the editor or ""}}.
    """
    if not reads_live(proposal, user):
        return {"selfcheck": None}
    found = findings(proposal, user=user)
    return {
        "selfcheck": {
            "blockers": [finding for finding in found if finding.blocks],
            "warnings": [finding for finding in found if not finding.blocks],
            "edit_url": reverse("proposal_edit", args=[proposal.pk]) if proposal.writable else "",
        }
    }
