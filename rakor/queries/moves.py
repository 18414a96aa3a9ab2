"""Reading which moves of an edition a user is offered, with the reason where one is refused."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.workflow import OfferedMove
from rakor import rules
from rakor.models import Meeting
from rakor.workflow import MEETING


def offered_moves(user: Any, meeting: Meeting) -> list[OfferedMove]:
    """The moves the table allows now; the first one forward leads."""
    offered = []
    for move in MEETING.moves_from(meeting.status):
        forward = not move.note_required
        offered.append(
            OfferedMove(
                key=move.key,
                label=_(move.label),
                url=reverse("meeting_move", args=[meeting.slug, move.key]),
                decision=rules.may_move_meeting(user, meeting, move.key),
                posts=forward,
                confirm=_(move.confirm) if move.confirm else "",
                style="primary" if forward else "outline-danger" if move.key == "cancel" else "secondary",
            )
        )
    return offered


def status_steps(meeting: Meeting) -> list[dict[str, str]]:
    """The life of an edition for the steps component; a cancelled one ends with its cancellation."""
    if meeting.status == "dibatalkan":
        return [{"label": _(MEETING.status("dibatalkan").label), "state": "stopped"}]
    path = [status for status in MEETING.statuses if status.key != "dibatalkan"]
    here = [status.key for status in path].index(meeting.status)
    states = ["done" if place < here else "current" if place == here else "todo" for place in range(len(path))]
    return [{"label": _(status.label), "state": state} for status, state in zip(path, states, strict=True)]
