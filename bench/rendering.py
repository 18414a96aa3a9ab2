"""Our press against a naive `HTML(string=…).write_pdf(**same flags)` of the same paper in a warm process.

Naive means without what decision "one press per process" brings: the style sheet stands in the page, tables find their
own widths, fonts come whole from their package, each call has its own font configuration, and Python collects garbage
as it is set by default. The HTML and the rest of the style sheet are the same. For information the last lines compare
with the very same style sheet and the same cut fonts.
"""

from __future__ import annotations

import copy
import gc
import json
import re
from functools import partial
from typing import Any

from bench.figures import Figure, ratio
from portal.documents import fonts, rendering
from portal.documents.facts import Envelope

VERIFY = "https://rakor.contoh.go.id"
DEFAULT_GC = gc.get_threshold()
IMPORT = re.compile(r"@import url\(paper:([^)]+)\);")


def measure() -> list[Figure]:
    """The ratios of agenda, notula and the berita acara of 132 proposals; KAK and desk for information."""
    import weasyprint

    press = rendering.press()
    figures, strict = [], []
    for envelope, pages, limit, rounds in (
        (agenda(), 2, 0.70, 15),
        (notula(10), 10, 0.80, 7),
        (notula(50), 50, 0.80, 3),
        (Envelope("ba_kesepakatan", 1, "A4", sample("ba_kesepakatan")), 21, 1.15, 3),
        (Envelope("ba_desk", 2, "A4", sample("ba_desk")), 3, None, 5),
        (Envelope("kak", 1, "A4", sample("kak")), 3, None, 5),
    ):
        ours = partial(_ours, press, envelope)
        naive = partial(_naive, weasyprint, press, envelope, style_sheet(press, envelope, whole=True))
        same = partial(_naive, weasyprint, press, envelope, style_sheet(press, envelope, whole=False))
        made = press.render(envelope, VERIFY).pages
        if abs(made - pages) > max(pages // 10, 0 if limit else 1):
            raise RuntimeError(f"the {envelope.kind} has {made} pages instead of {pages}")
        naive(), same()
        part, mine, other = ratio(ours, naive, rounds=rounds)
        name = f"rendering {envelope.kind} {made} p"
        note = f"{mine:.3f} s ÷ {other:.3f} s" + ("" if limit else ", for information")
        (figures if limit else strict).append(Figure(f"{name} ÷ naive", part, limit, note=note))
        part, mine, other = ratio(ours, same, rounds=rounds)
        strict.append(Figure(f"{name} ÷ same sheet", part, note=f"{mine:.3f} s ÷ {other:.3f} s, for information"))
    _default_gc()
    return figures + strict


def sample(kind: str) -> dict[str, Any]:
    """The published example of that kind's facts."""
    return json.loads((rendering.TEMPLATES / kind / "v1" / "sample.json").read_text())


def agenda() -> Envelope:
    """An agenda that fills two pages."""
    facts = sample("agenda")
    facts["days"][0]["rows"] = facts["days"][0]["rows"][:7]
    facts["days"][1]["rows"] = facts["days"][1]["rows"][:1]
    return Envelope("agenda", 1, "A4", facts)


def notula(pages: int) -> Envelope:
    """A notula of one session that fills about so many pages: the sample's turns again and again."""
    facts = sample("notula")
    turns = [turn for part in facts["parts"] for turn in part["discussion"]]
    facts["parts"] = facts["parts"][1:]
    wanted = round(pages * 6.15) - 2
    facts["parts"][0]["discussion"] = [copy.copy(turns[number % len(turns)]) for number in range(wanted)]
    return Envelope("notula", 1, "A4", facts)


def style_sheet(press: rendering.Press, envelope: Envelope, *, whole: bool) -> str:
    """The paper's style sheet as one text; `whole` as somebody would write it who does not think of speed."""
    folder = press.templates / envelope.kind / f"v{envelope.version}"
    own = (folder / "print.css").read_text()
    text = "".join((press.templates / name).read_text() for name in IMPORT.findall(own))
    text += IMPORT.sub("", own) + (folder / f"{envelope.paper}.css").read_text()
    for style, package in fonts.STYLES.items():
        name = fonts.font_name("Arimo", style)
        file = fonts.SOURCE / "arimo" / package / f"Arimo_{package}.ttf" if whole else press.fonts / name
        text = text.replace(f"font:{name}", file.resolve().as_uri())
    return text.replace("table-layout: fixed;", "") if whole else text


def _ours(press: rendering.Press, envelope: Envelope) -> None:
    gc.freeze()
    gc.set_threshold(*rendering.GC_THRESHOLD)
    press.render(envelope, VERIFY)
    _default_gc()


def _naive(weasyprint: Any, press: rendering.Press, envelope: Envelope, sheet: str) -> None:
    html = press.html(envelope, VERIFY).replace("</head>", f"<style>{sheet}</style></head>")
    facts = weasyprint.Attachment(string=envelope.canonical.decode(), name="facts.json", relationship="Data")
    weasyprint.HTML(string=html).write_pdf(attachments=[facts], **rendering.OPTIONS)


def _default_gc() -> None:
    gc.unfreeze()
    gc.set_threshold(*DEFAULT_GC)
