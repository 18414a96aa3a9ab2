"""Verbs on cost lines. Every verb locks the row of the proposal first: writers of one proposal take turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between
from portal.kernel.errors import Blocked
from portal.kernel.money import rupiah
from programs.actions.rows import as_row, checked, finish, knew, locked, next_position, one_line, stale_row
from programs.facts.quantities import parse_quantity
from programs.models import CostLine, FundingSource, Proposal
from programs.models.proposals import LARGEST_RUPIAH

MOST_LINES = 300
FIELDS = list(CostLine.TEXT_FIELDS)
STORED = [*FIELDS, "quantity", "version", "changed_by", "deleted_at", "position"]
"""Columns of a line that the verbs write; the amount is the database's."""


@transaction.atomic
def save_line(
    proposal: Proposal, values: dict[str, Any], *, by: Any, key: UUID | None = None, line_id: int | None = None,
    base_version: int = 0,
) -> CostLine:  # fmt: skip
    """The stored line: new under the browser's `key`, or changed when `base_version` is still the stored one.

    The same values sent again (a lost answer) are stored once and returned. Fields that are not named stay.
    Shape: values = {field of CostLine.TEXT_FIELDS: text, rupiah, or for "source" a FundingSource, its key or None}.
    Errors: Denied; Blocked for values that cannot be; UnreadableNumber; StaleVersion when somebody saved or deleted
    the line in between: nothing is overwritten.
    """
    row = locked(proposal, by=by)
    values = _read(values)
    line = as_row(row.lines.select_related("changed_by", "source"), line_id, key)
    if line is None:
        _room_for(row, 1)
        line = CostLine(proposal=row, client_key=key, position=next_position(row.lines.kept()), changed_by=by)
        changes = _fill(line, values)
        line.save()
        verb = gettext_noop("Menambah rincian biaya")
    else:
        if line.deleted_at is None and all(getattr(line, name) == value for name, value in values.items()):
            return line
        if line.deleted_at or not knew(line, base_version, key=key):
            raise stale_row(line, values)
        changes = _fill(line, values)
        _bump(line, by=by)
        verb = gettext_noop("Mengubah rincian biaya")
    finish(proposal, row, verb, by=by, note=_label(line), changes=changes)
    line.refresh_from_db(fields=["amount_rupiah"])
    return line


@transaction.atomic
def delete_line(proposal: Proposal, line_id: int, *, base_version: int, by: Any) -> CostLine:
    """The line, no longer part of the proposal; `undelete_line` brings it back.

    Errors: Denied; StaleVersion when somebody changed the line since `base_version`.
    """
    row = locked(proposal, by=by)
    line = row.lines.select_related("changed_by", "source").get(pk=line_id)
    if line.deleted_at:
        return line
    if not knew(line, base_version):
        raise stale_row(line, {})
    line.deleted_at = timezone.now()
    _bump(line, by=by)
    finish(proposal, row, gettext_noop("Menghapus rincian biaya"), by=by, note=_label(line))
    return line


@transaction.atomic
def undelete_line(proposal: Proposal, line_id: int, *, by: Any) -> CostLine:
    """The line, back at its place.

    Errors: Denied; Blocked when the proposal is full meanwhile.
    """
    row = locked(proposal, by=by)
    line = row.lines.select_related("changed_by", "source").get(pk=line_id)
    if line.deleted_at:
        _room_for(row, 1)
        line.deleted_at = None
        _bump(line, by=by)
        finish(proposal, row, gettext_noop("Mengembalikan rincian biaya"), by=by, note=_label(line))
    return line


@transaction.atomic
def move_line(proposal: Proposal, line_id: int, *, before: int | None, by: Any) -> list[int]:
    """The ids of the kept lines in their new order: the line stands before the one named, or last.

    Relative, so that two people who move different lines at once both get what they meant.
    Errors: Denied; Blocked when the line was deleted.
    """
    row = locked(proposal, by=by)
    lines = list(row.lines.kept())
    moved = next((line for line in lines if line.pk == line_id), None)
    if moved is None:
        raise Blocked(_("Baris ini sudah dihapus, sehingga tidak dapat dipindahkan."))
    lines.remove(moved)
    place = next((n for n, line in enumerate(lines) if line.pk == before), len(lines))
    lines.insert(place, moved)
    changed = [line for number, line in enumerate(lines, start=1) if line.position != number]
    for number, line in enumerate(lines, start=1):
        line.position = number
    if changed:
        CostLine.objects.bulk_update(changed, ["position"])
        finish(proposal, row, gettext_noop("Memindahkan rincian biaya"), by=by, note=_label(moved))
    return [line.pk for line in lines]


@transaction.atomic
def paste_lines(
    proposal: Proposal, rows: Sequence[dict[str, Any]], *, by: Any, key: UUID | None = None
) -> list[CostLine]:
    """The new lines at the end of the proposal, all or none; sent twice under one `key` they are there once.

    Errors: Denied; Blocked, UnreadableNumber for the first row that cannot be.
    """
    row = locked(proposal, by=by)
    keys = [uuid5(key, str(number)) for number in range(len(rows))] if key else []
    known = list(row.lines.filter(client_key__in=keys)) if keys else []
    if known or not rows:
        return known
    _room_for(row, len(rows))
    first, sources = next_position(row.lines.kept()), _sources()
    lines = []
    for number, values in enumerate(rows):
        line = CostLine(proposal=row, position=first + number, client_key=keys[number] if keys else None, changed_by=by)
        _fill(line, _read(values, sources))
        lines.append(line)
    lines = CostLine.objects.bulk_create(lines)
    finish(proposal, row, gettext_noop("Menempelkan rincian biaya"), by=by, note=f"{len(rows)} baris")
    return lines


@transaction.atomic
def replace_lines(proposal: Proposal, rows: Sequence[dict[str, Any]], *, by: Any) -> list[CostLine]:
    """The kept lines, which are now exactly these rows in this order; rows as they already were change nothing.

    The first row takes the place of the first line and so on, so that points of a return keep their line.
    Errors: Denied; Blocked, UnreadableNumber for the first row that cannot be.
    """
    row = locked(proposal, by=by)
    if len(rows) > MOST_LINES:
        raise _too_many()
    old, sources = list(row.lines.kept()), _sources()
    new, changed = [], []
    for number, given in enumerate(rows):
        values = dict.fromkeys(FIELDS, "") | {"unit_price_rupiah": 0, "source": None} | given
        values = _read(values, sources)
        if number >= len(old):
            line = CostLine(proposal=row, position=number + 1, changed_by=by)
            _fill(line, values)
            new.append(line)
            continue
        line = old[number]
        if line.position != number + 1 or any(getattr(line, name) != value for name, value in values.items()):
            line.position, line.version, line.changed_by = number + 1, line.version + 1, by
            _fill(line, values)
            changed.append(line)
    gone = old[len(rows) :]
    for line in gone:
        line.deleted_at, line.version, line.changed_by = timezone.now(), line.version + 1, by
    if new or changed or gone:
        CostLine.objects.bulk_update([*changed, *gone], STORED)
        CostLine.objects.bulk_create(new)
        finish(proposal, row, gettext_noop("Mengganti rincian biaya"), by=by, note=f"{len(rows)} baris")
    return list(row.lines.kept())


# -- parts of the verbs -----------------------------------------------------------------------------------------------


def _sources() -> dict[str, FundingSource]:
    return {source.key: source for source in FundingSource.objects.all()}


def _read(values: dict[str, Any], sources: dict[str, FundingSource] | None = None) -> dict[str, Any]:
    """The fields as they are stored: the quantity evenly written with its product, the source as a row."""
    read = {name: values[name] for name in FIELDS if name in values}
    for name, value in read.items():
        if name not in ("unit_price_rupiah", "source"):
            read[name] = one_line(value)
    if "quantity_text" in read:
        quantity = parse_quantity(read["quantity_text"]) if read["quantity_text"] else None
        read["quantity_text"] = quantity.text if quantity else ""
        read["quantity"] = quantity.product if quantity else 0
    if isinstance(read.get("source"), str):
        key = read["source"]
        read["source"] = (sources if sources is not None else _sources()).get(key) if key else None
        if key and read["source"] is None:
            raise Blocked(_("Sumber dana “%(key)s” tidak dikenal.") % {"key": key[:40]})
    return read


def _fill(line: CostLine, values: dict[str, Any]) -> dict[str, list]:
    """Put the values into the line; what changed, for the journal.

    Errors: Blocked when they cannot be.
    """
    before = CostLine(**{name: getattr(line, name) for name in FIELDS}) if line.pk else None
    for name, value in values.items():
        setattr(line, name, value)
    checked(line, [name for name in (*FIELDS, "quantity") if name != "source"])
    if not 0 <= line.unit_price_rupiah <= LARGEST_RUPIAH:
        raise Blocked(_("Harga satuan harus antara Rp0 dan %(most)s.") % {"most": rupiah(LARGEST_RUPIAH)})
    if round(line.quantity * line.unit_price_rupiah) > LARGEST_RUPIAH:
        raise Blocked(_("Jumlah satu baris melebihi %(most)s.") % {"most": rupiah(LARGEST_RUPIAH)})
    return changes_between(before, line, FIELDS) if before else {}


def _bump(line: CostLine, *, by: Any) -> None:
    line.version += 1
    line.changed_by = by
    line.save(update_fields=STORED)


def _room_for(row: Proposal, more: int) -> None:
    if row.lines.kept().count() + more > MOST_LINES:
        raise _too_many()


def _too_many() -> Blocked:
    return Blocked(_("Satu usulan memuat paling banyak %(most)d baris rincian biaya.") % {"most": MOST_LINES})


def _label(line: CostLine) -> str:
    return line.description or "baris tanpa uraian"  # the journal keeps Indonesian
