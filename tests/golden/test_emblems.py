"""Emblems in the kop (domain §2.1): the picture is there, is read aloud by its name, and moves no line of the text."""

from __future__ import annotations

import io
import re

import pikepdf
import pypdf
import pytest

from portal.documents import rendering
from portal.documents.rendering import RenderedPdf
from tests.golden.test_papers import KINDS
from tests.portal.documents.papers import EMBLEM, VERIFY, crowned, envelope, sample

WITH_KOP = sorted(kind for kind in KINDS if sample(kind).keys() & {"letterhead", "letterheads"})
ABOVE = "nota_kesepahaman"
"""Its two emblems stand above the lines of the parties, so its text begins lower."""
CODE = re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}")


def printed(kind: str, paper: str, **facts: object) -> RenderedPdf:
    return rendering.press().render(envelope(kind, paper, **facts), VERIFY)


def pages_of(paper: RenderedPdf) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(paper.content)).pages
    return [CODE.sub("", " ".join(page.extract_text().split())) for page in pages]


def names_of_figures(paper: RenderedPdf) -> list[str]:
    """The alternative texts of all tagged pictures."""
    with pikepdf.open(io.BytesIO(paper.content)) as pdf:
        figures = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"]
        return [str(each.get("/Alt")) for each in figures]


@pytest.mark.parametrize("kind", WITH_KOP)
def test_the_emblem_is_there_and_moves_no_page(kind: str) -> None:
    plain, with_it = printed(kind, "A4"), printed(kind, "A4", **crowned(sample(kind)))
    assert EMBLEM not in names_of_figures(plain)
    assert EMBLEM in names_of_figures(with_it)
    assert with_it.pages == plain.pages
    if kind != ABOVE:
        assert pages_of(with_it) == pages_of(plain)


def test_the_head_of_a_region_writes_under_the_emblem_of_the_state() -> None:
    facts = crowned(sample("undangan"))
    facts |= {"head_of_region": True, "letterhead": {**facts["letterhead"], "lines": [], "address": []}}
    assert names_of_figures(printed("undangan", "A4", **facts)).count(EMBLEM) == 1


def test_a_lost_picture_is_a_sentence() -> None:
    facts = sample("agenda")
    facts["letterhead"]["emblem"] = {"sha256": "0" * 64, "name": EMBLEM}
    with pytest.raises(rendering.RenderingError, match="tidak ditemukan"):
        printed("agenda", "A4", **facts)


@pytest.mark.parametrize("name", ["../../etc/passwd", "../embedded", ""])
def test_only_pictures_of_ours_are_loaded(name: str) -> None:
    facts = sample("agenda")
    facts["letterhead"]["emblem"] = {"sha256": name, "name": EMBLEM}
    with pikepdf.open(io.BytesIO(printed("agenda", "A4", **facts).content)) as pdf:
        assert not [
            each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        ]
