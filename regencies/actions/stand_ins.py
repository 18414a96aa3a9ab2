"""Drawn stand-ins for emblems, so that papers of the demo show where an emblem stands. They resemble no real one."""

from __future__ import annotations

import io
from typing import Any

from django.db import transaction
from PIL import Image, ImageDraw, ImageFont

from portal.journal.models import object_type
from portal.journal.queries import Filters, search
from regencies.actions.emblems import keep_emblem
from regencies.models import Emblem, Regency
from regencies.queries import home_province

WORD = "CONTOH"
WIDE, HIGH, EDGE, LETTERS = 1040, 1200, 28, 190
"""Twice as large as it is kept: being made smaller smooths the edges."""

STATE, PROVINCE, REGENCY = "#7a5a10", "#1d3b8b", "#8a3b1a"
BELU = "53.04"
"""The host of the demo edition."""


@transaction.atomic
def hang_stand_ins(*, by: Any) -> int:
    """Give the state, the portal's province and Belu, where it lies there, a stand-in; how many.

    None once anybody put an emblem in or took one out: what people changed stays.
    """
    if search(Filters(kind=object_type(Emblem))).exists():
        return 0
    holders = [(Emblem(of_state=True), STATE), (Emblem(province=home_province()), PROVINCE)]
    holders += [(Emblem(regency=host), REGENCY) for host in Regency.objects.visible_to(by).filter(code=BELU)]
    for emblem, colour in holders:
        keep_emblem(emblem, stand_in(colour, disc=emblem.of_state), by=by)
    return len(holders)


def stand_in(colour: str, *, disc: bool = False) -> bytes:
    """A PNG: a plain shield, or a disc, bearing the word CONTOH."""
    picture = Image.new("RGBA", (WIDE, HIGH), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    for inset, fill in ((0, colour), (EDGE, "white"), (2 * EDGE, colour)):
        if disc:
            top = (HIGH - WIDE) // 2
            pen.ellipse([inset, top + inset, WIDE - 1 - inset, top + WIDE - 1 - inset], fill=fill)
        else:
            pen.polygon(_shield(inset), fill=fill)
    font = ImageFont.load_default(LETTERS)
    pen.text((WIDE / 2, HIGH / 2), WORD, fill="white", font=font, anchor="mm")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _shield(inset: int) -> list[tuple[float, float]]:
    """The corners of a shield: straight above, pointed below."""
    left, right, top = inset, WIDE - 1 - inset, inset
    point = HIGH - 1 - inset * 1.3
    steps = [step / 20 for step in range(21)]
    bend = [(right - (WIDE / 2 - inset) * step**2, HIGH * 0.5 + (point - HIGH * 0.5) * step) for step in steps]
    return [(left, top), (right, top), *bend, *((WIDE - 1 - x, y) for x, y in reversed(bend))]
