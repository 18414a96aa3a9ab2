"""Writing the journal and moving statuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.journal.models import STATUS, Entry, object_type
from portal.kernel.errors import Blocked
from portal.kernel.workflow import Workflow


def record(verb: str, obj: models.Model, *, by: Any, note: str = "", changes: dict[str, list] | None = None) -> Entry:
    """The stored journal entry of one act. `by` is a user, or None for the portal itself.

    Everything is stored in Indonesian and translated when it is shown: `verb` comes from gettext_noop.
    Shape: changes = {"label of field": [old, new]} as JSON-safe values.
    """
    with override(settings.LANGUAGE_CODE):
        return Entry.objects.create(
            actor=by if getattr(by, "pk", None) else None,
            actor_name=by.display_name if getattr(by, "pk", None) else _("Portal"),
            verb=verb,
            object_type=object_type(obj),
            object_id=str(obj.pk),
            object_label=str(obj)[:250],
            note=note,
            changes=changes or {},
        )


def changes_between(before: models.Model | None, after: models.Model, fields: list[str]) -> dict[str, list]:
    """What differs in the named fields, under their labels, for `record`."""
    found = {}
    with override(settings.LANGUAGE_CODE):
        for name in fields:
            field = after._meta.get_field(name)
            old = _plain(getattr(before, name, None)) if before else None
            new = _plain(getattr(after, name))
            if old != new:
                found[str(field.verbose_name)] = [old, new]
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

    Errors: Blocked when the row is no longer in a source status, or a mandatory reason or evidence is missing.
    """
    move = flow.move(move_key)
    note = note.strip()
    if move.note_required and not note:
        raise Blocked(_("Alasan wajib diisi untuk “%(move)s”.") % {"move": _(move.label)})
    missing = [name for name in move.evidence if evidence.get(name) in (None, "")]
    if missing:
        raise TypeError(f"{flow.name}.{move_key} needs evidence {missing}")
    with transaction.atomic():
        row = type(obj)._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        before = getattr(row, flow.field)
        if before not in move.source:
            raise Blocked(
                _("“%(move)s” tidak dapat dilakukan: %(object)s sudah berstatus “%(status)s”.")
                % {"move": _(move.label), "object": row, "status": _(flow.status(before).label)}
            )
        changed = {flow.field: move.target, **evidence}
        for name, value in changed.items():
            setattr(row, name, value)
            setattr(obj, name, value)
        row.save(update_fields=list(changed))
        record(
            move.label, row, by=by, note=note,
            changes={STATUS: [flow.status(before).label, flow.status(move.target).label]},
        )  # fmt: skip
    return obj
