"""What the pages of letters and recipients share: the edition, the letter, tabs, steps, and the moves on offer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.workflow import OfferedMove
from rakor import rules
from rakor.models import Letter, Meeting
from rakor.queries.letters import may_move
from rakor.views.guest_tabs import guest_tabs
from rakor.workflow import LETTER


def edition_or_404(request: HttpRequest, slug: str) -> Meeting:
    """The edition if this user works for the provincial office.

    Errors: Http404.
    """
    rows = Meeting.objects.visible_to(request.user) if rules.sees_drafts(request.user) else Meeting.objects.none()
    return get_object_or_404(rows.select_related("province"), slug=slug)


def letter_or_404(request: HttpRequest, slug: str, pk: int) -> Letter:
    """The letter of that edition if this user may read it, with its signer.

    Errors: Http404.
    """
    rows = Letter.objects.visible_to(request.user).select_related(
        "meeting__province", "signer__person", "signer__agency", "register__agency", "author", "initialled_by",
        "approved_by",
    )  # fmt: skip
    return get_object_or_404(rows, meeting__slug=slug, pk=pk)


def frame(user: Any, meeting: Meeting, active: str) -> dict[str, Any]:
    """The context of every page: the edition and the parts around its invitations."""
    return {"meeting": meeting, "tabs": guest_tabs(user, meeting, active)}


def status_steps(letter: Letter) -> list[dict[str, str]]:
    """The way of a letter for the steps component; a cancelled one ends with its cancellation."""
    if letter.status == "dibatalkan":
        return [{"label": _(LETTER.status("dibatalkan").label), "state": "stopped"}]
    path = [status for status in LETTER.statuses if status.key != "dibatalkan"]
    here, last = [status.key for status in path].index(letter.status), len(path) - 1
    return [
        {
            "label": _(status.label),
            "state": "done" if place < here or place == here == last else "current" if place == here else "todo",
        }
        for place, status in enumerate(path)
    ]


def offered_moves(user: Any, letter: Letter) -> list[OfferedMove]:
    """The moves the table allows now, each leading to the page that asks once more; the first one forward leads."""
    offered, slug = [], letter.meeting.slug
    for move in LETTER.moves_from(letter.status):
        forward = not move.note_required
        offered.append(
            OfferedMove(
                key=move.key, label=_(move.label), url=reverse("letter_move", args=[slug, letter.pk, move.key]),
                decision=may_move(user, letter, move.key), posts=False, confirm="",
                style="primary" if forward else "outline-danger" if move.key == "cancel" else "secondary",
            )
        )  # fmt: skip
    return offered
