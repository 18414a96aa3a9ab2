"""Writing the journal and moving statuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.journal.models import STATUS, Entry, object_type
from portal.kernel.errors import Blocked
from portal.kernel.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Step:
    """One object's part of `make_moves`: which move, with which reason and evidence."""

    obj: models.Model
    move_key: str
    note: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)


def joined() -> AbstractContextManager:
    """The caller's transaction, or one of its own.

    For acts that refuse before they write: a savepoint would cost two statements and have nothing to take back.
    """
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def record(verb: str, obj: models.Model, *, by: Any, note: str = "", changes: dict[str, list] | None = None) -> Entry:
    """The stored journal entry of one act. `by` is a user, or None for the portal itself.

    Everything is stored in Indonesian and translated when it is shown: `verb` comes from gettext_noop.
    Shape: changes = {"label of field": [old, new]} as JSON-safe values.
    """
    entry = _entry(verb, obj, by=by, note=note, changes=changes)
    entry.save(force_insert=True)
    return entry


def record_each(verb: str, objects: Sequence[models.Model], *, by: Any, note: str = "") -> None:
    """`record` for several objects, in one statement."""
    Entry.objects.bulk_create([_entry(verb, obj, by=by, note=note) for obj in objects])


def _entry(verb: str, obj: models.Model, *, by: Any, note: str = "", changes: dict[str, list] | None = None) -> Entry:
    """The entry, not stored yet."""
    with override(settings.LANGUAGE_CODE):
        return Entry(
            actor=by if getattr(by, "pk", None) else None,
            actor_name=by.display_name if getattr(by, "pk", None) else _("Portal"),
            verb=verb,
            object_type=object_type(obj),
            object_id=str(obj.pk),
            object_label=str(obj)[:250],
            note=note,
            changes=changes or {},
        )


def changes_between(
    before: models.Model | None, after: models.Model, fields: list[str], *, personal: Collection[str] = ()
) -> dict[str, list]:
    """What differs in the named fields, under their labels, for `record`; of `personal` ones only that it changed.

    A history is read by more people than a NIP or a telephone number is.
    """
    found = {}
    with override(settings.LANGUAGE_CODE):
        for name in fields:
            field = after._meta.get_field(name)
            old = _plain(getattr(before, name, None)) if before else None
            new = _plain(getattr(after, name))
            if old != new:
                found[str(field.verbose_name)] = ["…", "…"] if name in personal else [old, new]
    return found


def _plain(value: Any) -> Any:
    """A value as JSON can hold it and people can read it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)


def make_move(
    flow: Workflow, move_key: str, obj: models.Model, *, by: Any, note: str = "", **evidence: Any
) -> models.Model:
    """The object after the move: locked, checked against the table, stored with its evidence, written in the journal.

    A model whose name needs others says so in `NAMED_BY`: they come with the row.
    Errors: Blocked when the row is no longer in a source status, or a mandatory reason or evidence is missing.
    """
    step = Step(obj, move_key, note, evidence)
    _complete(flow, step)
    with joined():
        rows = type(obj)._base_manager.select_for_update(of=("self",))
        if named_by := getattr(obj, "NAMED_BY", ()):
            rows = rows.select_related(*named_by)
        row = rows.get(pk=obj.pk)
        _at_source(flow, step, row, getattr(row, flow.field))
        entry = _moved(flow, step, row, by=by)
        row.save(update_fields=[flow.field, *evidence])
        entry.save(force_insert=True)
    return obj


def make_moves(flow: Workflow, steps: Sequence[Step], *, by: Any) -> None:
    """`make_move` for objects of one model, all or none: the same checks and an entry for each, in three statements.

    Rows are locked by number, entries stand in the order of the steps; an object is moved once, and is named as it was
    when the caller read it. All steps bring the same evidence.
    Errors: as make_move, for the first step that cannot be made.
    """
    if not steps:
        return
    for step in steps:
        _complete(flow, step)
    manager = type(steps[0].obj)._base_manager
    with joined():
        wanted = [step.obj.pk for step in steps]
        locked = manager.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
        statuses = dict(locked.values_list("pk", flow.field))
        for step in steps:
            _at_source(flow, step, step.obj, statuses[step.obj.pk])
        for step in steps:
            setattr(step.obj, flow.field, statuses[step.obj.pk])
        entries = [_moved(flow, step, step.obj, by=by) for step in steps]
        _store([step.obj for step in steps], sorted({flow.field}.union(*(step.evidence for step in steps))))
        Entry.objects.bulk_create(entries)


def _store(rows: Collection[models.Model], names: list[str]) -> None:
    """Write these fields of the rows in one statement: `bulk_update` builds a CASE per row and field for that."""
    meta = next(iter(rows))._meta
    fields = [meta.pk, *map(meta.get_field, names)]
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in fields]
    arrays = ", ".join(f"%s::{field.cast_db_type(connection)}[]" for field in fields)
    given = ", ".join(f"{column} = given.{column}" for column in columns[1:])
    table, pk = quote(meta.db_table), columns[0]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {given} FROM UNNEST({arrays}) AS given({', '.join(columns)})"  # noqa: S608  our own names
            f" WHERE {table}.{pk} = given.{pk}",
            values,
        )


def _complete(flow: Workflow, step: Step) -> None:
    """Return if the reason and the evidence are there that the table asks for.

    Errors: Blocked; TypeError for evidence that the caller forgot.
    """
    move = flow.move(step.move_key)
    if move.note_required and not step.note.strip():
        raise Blocked(_("Alasan wajib diisi untuk “%(move)s”.") % {"move": _(move.label)})
    missing = [name for name in move.evidence if step.evidence.get(name) in (None, "")]
    if missing:
        raise TypeError(f"{flow.name}.{step.move_key} needs evidence {missing}")


def _at_source(flow: Workflow, step: Step, row: models.Model, before: str) -> None:
    """Return if `before`, the status of the locked row, is one from which the table allows the move.

    Errors: Blocked.
    """
    move = flow.move(step.move_key)
    if before not in move.source:
        raise Blocked(
            _("“%(move)s” tidak dapat dilakukan: %(object)s sudah berstatus “%(status)s”.")
            % {"move": _(move.label), "object": row, "status": _(flow.status(before).label)}
        )


def _moved(flow: Workflow, step: Step, row: models.Model, *, by: Any) -> Entry:
    """What the journal says of the move, after row and object have the new status and the evidence; nothing stored."""
    move, before = flow.move(step.move_key), flow.status(getattr(row, flow.field))
    for name, value in {flow.field: move.target, **step.evidence}.items():
        setattr(row, name, value)
        setattr(step.obj, name, value)
    changes = {STATUS: [before.label, flow.status(move.target).label]}
    return _entry(move.label, row, by=by, note=step.note.strip(), changes=changes)
