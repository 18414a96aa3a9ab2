"""Verbs on a proposal itself: begin, fill in field by field, order, throw away and bring back, copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, record
from portal.kernel.errors import Blocked, ensure
from programs.actions.rows import checked, locked, one_line, recompute
from programs.models import CostLine, Funding, Indicator, Proposal, Tag
from programs.rules import WRITABLE, may_create, may_write
from regencies.models import Regency

COPIED_OF_LINES = (
    "position", "account_code", "description", "quantity_text", "quantity", "unit", "unit_price_rupiah", "source_id",
    "note",
)  # fmt: skip
COPIED_OF_INDICATORS = ("kind", "name", "baseline", "target", "unit", "position")
MOST_PROPOSALS = 200
"""Proposals of one regency and year; the number of a proposal is printed with two or three digits."""


@dataclass(frozen=True)
class SaveResult:
    """What became of each field: `saved` were written or stood there already, `conflicts` hold what stands instead."""

    saved: list[str] = field(default_factory=list)
    conflicts: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def start_proposal(
    regency: Regency, year: int, *, title: str = "", by: Any, client_key: UUID | None = None
) -> Proposal:
    """A new draft, last in the regency's order; the same key sent twice is one proposal.

    Errors: Denied; Blocked when the regency has too many.
    """
    ensure(may_create(by, regency.pk))
    _lock_order(regency)
    if client_key and (known := Proposal.objects.filter(client_key=client_key, regency=regency).first()):
        return known
    proposal = _new_draft(regency, year, title=one_line(title)[:250], by=by, client_key=client_key)
    record(gettext_noop("Membuat usulan"), proposal, by=by)
    return proposal


@transaction.atomic
def save_fields(proposal: Proposal, values: dict[str, Any], *, base: dict[str, Any] | None, by: Any) -> SaveResult:
    """Each field merged on its own: written when what is stored is what the writer began with, else left as it is.

    `base` holds per field what the writer saw, or a list of texts that may be stored: what he saw and what he sent
    before without an answer. None means that the values are to stand whatever was there.
    Shape: values = {name of Proposal.FIELDS: cleaned value; for choices a row, its pk or None}.
    Errors: Denied; Blocked for a value that its column cannot hold.
    """
    unknown = set(values) - set(Proposal.FIELDS)
    if unknown:
        raise ValueError(f"no fields of a proposal: {sorted(unknown)}")
    row = locked(proposal, by=by)
    before = Proposal.objects.select_related(*Proposal.CHOICE_FIELDS).get(pk=row.pk)
    result, changed = SaveResult(), []
    for name, value in values.items():
        stored, new = field_text(getattr(row, row._meta.get_field(name).attname)), field_text(value)
        known = None if base is None else [field_text(text) for text in _several(base.get(name, ""))]
        if stored == new:
            result.saved.append(name)
        elif known is None or stored in known:
            setattr(row, name if isinstance(value, models.Model) else row._meta.get_field(name).attname, value)
            changed.append(name)
            result.saved.append(name)
        else:
            result.conflicts[name] = getattr(row, name)
    if changed:
        checked(row, changed)
        _touch(row, changed, by=by)
        record(gettext_noop("Mengisi usulan"), row, by=by, changes=changes_between(before, row, changed))
    _learn(proposal, row)
    return result


@transaction.atomic
def set_tags(proposal: Proposal, tags: Iterable[Tag], *, base: Iterable[Tag] | None = None, by: Any) -> list[Tag]:
    """The tags as they are now: what the writer added to or took from `base` happens to what is stored.

    Errors: Denied.
    """
    row = locked(proposal, by=by)
    stored, wanted = set(row.tags.all()), set(tags)
    if base is not None:
        seen = set(base)
        wanted = (stored | (wanted - seen)) - (seen - wanted)
    if wanted != stored:
        row.tags.set(wanted)
        _touch(row, [], by=by)
        names = [", ".join(sorted(tag.name for tag in found)) for found in (stored, wanted)]
        record(gettext_noop("Mengubah tanda usulan"), row, by=by, changes={gettext_noop("tanda"): names})
        _learn(proposal, row)
    return sorted(wanted, key=lambda tag: tag.name)


@transaction.atomic
def reorder(regency: Regency, year: int, order: list[int], *, by: Any) -> list[int]:
    """The pks of the kept proposals in their new order of priority; those not named follow in their old order.

    What was sent keeps its rank: drafts and returned proposals take the places around it.
    Errors: Denied; Blocked when the order would move a proposal that is not the regency's to change now.
    """
    ensure(may_create(by, regency.pk))
    _lock_order(regency)
    rows = _in_order(regency, year)
    place = {pk: number for number, pk in reversed(list(enumerate(order)))}
    wanted = sorted(rows, key=lambda row: place.get(row.pk, len(order)))
    _renumber(wanted, by=by)
    return [row.pk for row in wanted]


@transaction.atomic
def throw_away(proposal: Proposal, *, by: Any) -> Proposal:
    """The draft out of the list; `bring_back` undoes it. Those below move up where they may.

    Errors: Denied; Blocked when the province has already seen it.
    """
    _lock_order(proposal.regency)
    row = Proposal.objects.select_for_update(of=("self",)).select_related("regency").get(pk=proposal.pk)
    if row.deleted_at:
        ensure(may_create(by, row.regency_id))
        return row
    ensure(may_write(by, row))
    if row.sent_at:
        raise Blocked(_("Usulan yang sudah pernah dikirim tidak dibuang; kepala dinas dapat menariknya."))
    row.deleted_at, row.rank = timezone.now(), None
    _touch(row, ["deleted_at", "rank"], by=by)
    record(gettext_noop("Membuang usulan"), row, by=by)
    _renumber(_in_order(row.regency, row.year), by=by)
    return row


@transaction.atomic
def bring_back(proposal: Proposal, *, by: Any) -> Proposal:
    """The draft back in the list, last in the order.

    Errors: Denied.
    """
    ensure(may_create(by, proposal.regency_id))
    _lock_order(proposal.regency)
    row = Proposal.objects.select_for_update(of=("self",)).select_related("regency").get(pk=proposal.pk)
    if row.deleted_at:
        row.deleted_at, row.rank = None, _next(row.regency, row.year, "rank")
        _touch(row, ["deleted_at", "rank"], by=by)
        record(gettext_noop("Mengembalikan usulan yang dibuang"), row, by=by)
    return row


@transaction.atomic
def copy_proposal(source: Proposal, *, year: int, by: Any) -> Proposal:
    """A draft for `year` with the fields, lines, shares, indicators and tags of `source`; never its files or verdict.

    Copied a second time it is the copy that is already there.
    Errors: Denied; Blocked when the regency has too many.
    """
    ensure(may_create(by, source.regency_id))
    _lock_order(source.regency)
    there = Proposal.objects.kept().filter(regency=source.regency, year=year, copied_from=source).first()
    if there:
        return there
    fields = {name: getattr(source, name) for name in Proposal.FIELDS}
    copy = _new_draft(source.regency, year, by=by, copied_from=source, **fields)
    copy.tags.set(source.tags.all())
    CostLine.objects.bulk_create(
        CostLine(proposal=copy, changed_by=by, **{name: getattr(line, name) for name in COPIED_OF_LINES})
        for line in source.lines.kept()
    )
    Funding.objects.bulk_create(
        Funding(proposal=copy, source_id=share.source_id, share_rupiah=share.share_rupiah)
        for share in source.shares.all()
    )
    Indicator.objects.bulk_create(
        Indicator(proposal=copy, **{name: getattr(indicator, name) for name in COPIED_OF_INDICATORS})
        for indicator in source.indicators.kept()
    )
    recompute(copy)
    record(gettext_noop("Menyalin usulan"), copy, by=by, note=f"{source.code} {source.title}"[:1000])
    return copy


# -- parts of the verbs -----------------------------------------------------------------------------------------------


def _lock_order(regency: Regency) -> None:
    """Let those who number or order proposals of one regency take turns."""
    Regency.objects.select_for_update(no_key=True).get(pk=regency.pk)


def _new_draft(regency: Regency, year: int, *, by: Any, **values: Any) -> Proposal:
    """A stored draft under the next number, last in the order; the caller holds `_lock_order`.

    Errors: Blocked when the regency has too many.
    """
    if Proposal.objects.filter(regency=regency, year=year).kept().count() >= MOST_PROPOSALS:
        raise Blocked(_("Satu kabupaten/kota paling banyak mengusulkan %(n)s usulan setahun.") % {"n": MOST_PROPOSALS})
    proposal = Proposal.objects.create(
        regency=regency, year=year, number=_next(regency, year, "number"), rank=_next(regency, year, "rank"),
        created_by=by, **values,
    )  # fmt: skip
    proposal.authors.add(by)
    return proposal


def _in_order(regency: Regency, year: int) -> list[Proposal]:
    """The kept proposals of a regency and year, first priority first, locked so that none is sent meanwhile."""
    kept = Proposal.objects.kept().filter(regency=regency, year=year)
    rows = kept.select_related("regency").select_for_update(of=("self",))
    return list(rows.order_by(models.F("rank").asc(nulls_last=True), "number"))


def _touch(row: Proposal, names: list[str], *, by: Any) -> None:
    """Save these columns under the next change number, with one more author."""
    row.change += 1
    row.save(update_fields=[*names, "change", "changed_at"])
    row.authors.add(by)


def field_text(value: Any) -> str:
    """A value of a field as text that can be compared: what the form shows."""
    if value is None:
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _next(regency: Regency, year: int, column: str) -> int:
    rows = Proposal.objects.filter(regency=regency, year=year)
    return (rows.aggregate(last=Max(column))["last"] or 0) + 1


def _renumber(rows: list[Proposal], *, by: Any) -> None:
    """Give drafts the smallest ranks that this order and the ranks of sent proposals leave them."""
    last, changed = 0, []
    for row in rows:
        if row.status in WRITABLE:
            last += 1
            if row.rank != last:
                changed.append((row, row.rank))
                row.rank = last
        elif row.rank is None or row.rank > last:
            last = row.rank or last
        else:
            raise Blocked(
                _("“%(title)s” sudah diajukan, jadi prioritasnya tetap %(rank)s. Susun usulan lain di sekitarnya.")
                % {"title": row, "rank": row.rank}
            )
    for row, old in changed:
        row.change += 1
        row.save(update_fields=["rank", "change"])
        record(
            gettext_noop("Mengubah prioritas usulan"), row, by=by, changes={gettext_noop("prioritas"): [old, row.rank]}
        )
    Proposal.authors.through.objects.bulk_create(
        [Proposal.authors.through(proposal_id=row.pk, user_id=by.pk) for row, _old in changed], ignore_conflicts=True
    )


def _learn(proposal: Proposal, row: Proposal) -> None:
    """Let the caller's object know what was stored."""
    for name in (*Proposal.FIELDS, "change", "changed_at"):
        setattr(proposal, name, getattr(row, name))
