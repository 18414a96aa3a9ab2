"""What the pages of an agreement share: the row, tabs, allowed steps, and the map coloured by what was agreed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.money import rupiah
from programs.queries.agreed import Recap, RegencyLine
from programs.rules import province_readers
from rakor import rules
from rakor.models import Agreement
from rakor.queries import agreements as queries
from rakor.workflow import AGREEMENT

TONES = ((75, "success"), (50, "progress"), (25, "warning"), (1, "accent"), (0, "danger"))
"""Tones of the map with the percentage of the proposed money from which they begin."""


def agreement_or_404(request: HttpRequest, slug: str, *, every_regency: bool = False) -> Agreement:
    """The agreement if this user may see it; with `every_regency` only for who reads all of it.

    Errors: Http404.
    """
    if every_regency and not province_readers(request.user):
        raise Http404
    return get_object_or_404(queries.agreements_of(request.user, slug))


def frame(request: HttpRequest, agreement: Agreement, active: str, *, count: int | None = None) -> dict[str, Any]:
    """The context of every page: edition, tabs, steps, and which moves are allowed (with the reason where not)."""
    user, slug = request.user, agreement.meeting.slug
    inside = rules.sees_drafts(user)
    tabs = [
        ("recap", _("Rekap"), "agreement", None),
        ("decisions", _("Putusan"), "agreement_decisions", count),
        ("history", _("Riwayat perubahan"), "agreement_history", None),
    ]
    if rules.leaders(user):
        tabs[2:2] = [
            ("head", _("Kepala berita acara"), "agreement_head", None),
            ("people", _("Tanda tangan"), "agreement_people", None),
        ]
    if agreement.status == "ditandatangani":
        tabs.append(("addenda", _("Adendum"), "addenda", None))
    return {
        "agreement": agreement, "meeting": agreement.meeting, "inside": inside,
        "reads_all": province_readers(user),
        "tabs": [
            {"url": reverse(name, args=[slug]), "label": label, "active": key == active, "count": shown}
            for key, label, name, shown in tabs
        ],
        "steps": _steps(agreement),
        "may_change": rules.may_change_agreement(user, agreement),
        "may_agree": rules.may_move_agreement(user, agreement, "agree"),
        "may_reopen": rules.may_move_agreement(user, agreement, "reopen"),
        "may_sign": rules.may_move_agreement(user, agreement, "sign"),
        "may_add": rules.may_add_addendum(user, agreement),
    }  # fmt: skip


def _steps(agreement: Agreement) -> list[dict[str, str]]:
    here = [status.key for status in AGREEMENT.statuses].index(agreement.status)
    last = len(AGREEMENT.statuses) - 1
    return [
        {
            "label": _(status.label),
            "state": "done" if place < here or place == here == last else "current" if place == here else "todo",
        }
        for place, status in enumerate(AGREEMENT.statuses)
    ]


def recap_tiles(sums: Recap, slug: str, agreement: Agreement | None) -> list[dict[str, Any]]:
    """The regencies for the tile map, coloured by the part of the proposed money that was agreed."""
    return [
        {
            "row": line.regency.tile_row, "col": line.regency.tile_col,
            "code": line.regency.short or line.regency.code, "name": line.regency.name, "tone": _tone(line),
            "note": _note(line),
            "url": reverse("agreement_regency", args=[slug, line.regency.code]) if agreement else "",
        }
        for line in sums.regencies
    ]  # fmt: skip


def _tone(line: RegencyLine) -> str:
    if not line.count:
        return "neutral"
    return next(tone for least, tone in TONES if line.percent >= least)


def _note(line: RegencyLine) -> str:
    if not line.count and not line.undecided:
        return _("tanpa usulan")
    if not line.count:
        return ngettext("%(n)s usulan belum diputuskan", "%(n)s usulan belum diputuskan", line.undecided) % {
            "n": line.undecided
        }
    return _("%(agreed)s dari %(all)s usulan disepakati, %(money)s (%(percent)s%%)") % {
        "agreed": line.agreed_count, "all": line.count, "money": rupiah(line.agreed_rupiah), "percent": line.percent,
    }  # fmt: skip


def tile_legend() -> list[dict[str, str]]:
    """What the tones of the map mean."""
    labels = {
        75: _("75 persen pagu atau lebih"), 50: _("50–74%"), 25: _("25–49%"), 1: _("di bawah 25%"), 0: _("tidak ada"),
    }  # fmt: skip
    entries = [{"tone": tone, "label": labels[least]} for least, tone in TONES]
    return [*entries, {"tone": "neutral", "label": _("belum diputuskan")}]
