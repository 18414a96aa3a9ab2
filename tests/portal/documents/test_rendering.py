"""From facts to PDF: the same bytes everywhere, archival, accessible, and deaf to hostile texts."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import time
from typing import Any

import pikepdf
import pytest
from django.conf import settings

from portal.documents import rendering
from portal.documents.shapes import FactsError
from portal.kernel.markup import to_html
from tests.portal.documents.papers import VERIFY, envelope, sample

KINDS = (
    "agenda", "notula", "kak", "rab", "usulan_bundel", "ba_desk", "ba_kesepakatan", "ba_adendum", "kontrak_tpl",
    "nota_kesepahaman", "undangan", "daftar_hadir", "kartu_peserta", "sertifikat",
)  # fmt: skip
ALL = pytest.mark.parametrize("kind", KINDS)
HOSTILE = """<img src="file:///etc/passwd"><link rel="attachment" href="file:///etc/passwd"><script>alert(1)</script>
<style>@import url(http://169.254.169.254/);</style><a href="http://169.254.169.254/">x</a><object data="file:///etc/hosts">
<svg><image href="file:///etc/passwd"/></svg>{{ facts }}{% include "/etc/passwd" %}&lt;img src=x&gt;"""


def pdf_of(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def attachments(pdf: pikepdf.Pdf) -> dict[str, bytes]:
    return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


@ALL
@pytest.mark.parametrize(("paper", "short", "long"), [("A4", 210, 297), ("F4", 215, 330)])
def test_the_page_has_the_ordered_size(kind: str, paper: str, short: int, long: int) -> None:
    pdf = pdf_of(rendering.press().render(envelope(kind, paper), VERIFY).content)
    box = pdf.pages[0].mediabox
    sides = sorted(round(float(side) / 72 * 25.4) for side in (box[2] - box[0], box[3] - box[1]))
    assert sides == [short, long]


@ALL
def test_marks_of_archive_and_access(kind: str) -> None:
    done = rendering.press().render(envelope(kind), VERIFY)
    pdf = pdf_of(done.content)
    xmp = pdf.Root.Metadata.read_bytes().decode()
    assert 'pdfaid:part="3" pdfaid:conformance="U"' in xmp
    assert 'pdfuaid:part="1"' in xmp and "pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/" in xmp
    assert pdf.Root.MarkInfo.Marked is not None and bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == "id"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.docinfo.Title) == sample(kind)["title"]
    assert "/CreationDate" not in pdf.docinfo
    assert len(pdf.pages) == done.pages
    assert done.sha256 == hashlib.sha256(done.content).hexdigest()
    assert done.engine.startswith("WeasyPrint 70")
    fonts = {str(font.BaseFont) for page in pdf.pages for font in page.resources.Font.values()}
    assert fonts and all("Paper" in name for name in fonts), fonts


@ALL
def test_the_attached_facts_are_the_hashed_ones(kind: str) -> None:
    paper = envelope(kind)
    pdf = pdf_of(rendering.press().render(paper, VERIFY).content)
    files = attachments(pdf)
    assert list(files) == ["facts.json"]
    assert hashlib.sha256(files["facts.json"]).hexdigest() == paper.digest
    assert json.loads(files["facts.json"])["facts"] == paper.facts
    spec = pdf.Root.AF[0]
    assert str(spec.AFRelationship) == "/Data"


@ALL
def test_every_figure_has_words(kind: str) -> None:
    pdf = pdf_of(rendering.press().render(envelope(kind), VERIFY).content)
    figures = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
    words = "kartu peserta" if kind == "kartu_peserta" else "keaslian dokumen"
    assert figures and all(words in str(figure.Alt) for figure in figures)


FRESH = """
import django, sys
django.setup()
from portal.documents import rendering
from tests.portal.documents.papers import VERIFY, envelope
for kind in sys.argv[1:]:
    print(kind, rendering.press().render(envelope(kind), VERIFY).sha256)
"""


def test_two_processes_make_the_same_bytes_in_any_order() -> None:
    here = {kind: rendering.press().render(envelope(kind), VERIFY).sha256 for kind in ("agenda", "notula")}
    rendering.press().render(envelope("agenda", place="Ende"), VERIFY)
    run = subprocess.run(
        [sys.executable, "-c", FRESH, "notula", "agenda", "notula"],
        capture_output=True, text=True, check=True, cwd=settings.BASE_DIR,
    )  # fmt: skip
    there = [line.split() for line in run.stdout.splitlines()]
    assert there == [["notula", here["notula"]], ["agenda", here["agenda"]], ["notula", here["notula"]]]


@ALL
def test_the_fast_reader_gives_the_bytes_of_the_plain_one(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    press = rendering.press()
    fast = press.render(envelope(kind), VERIFY)

    class Plain(press._weasyprint.HTML):
        def __init__(self, text: str, fetcher: Any) -> None:
            super().__init__(string=text, base_url="paper:", url_fetcher=fetcher)

        def _ua_stylesheets(self, forms: bool = False) -> list:
            return []

    monkeypatch.setattr(press, "_paper", Plain)
    assert press.render(envelope(kind), VERIFY).sha256 == fast.sha256


def hostile_notula(text: str) -> Any:
    facts = sample("notula")
    part = facts["parts"][0]
    part["opening"] = text
    part["discussion"][0].update(text=text, response=text, speaker=text, institution=text)
    part["conclusions"] = [text]
    facts.update(title=text, short_title=text, meeting=text)
    return facts


def test_hostile_texts_are_print_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    press = rendering.press()
    fetch = type(press._fetcher).fetch
    monkeypatch.setattr(
        type(press._fetcher), "fetch", lambda self, url, headers=None: (asked.append(url), fetch(self, url, headers))[1]
    )
    for text in (HOSTILE, to_html(HOSTILE)):
        pdf = pdf_of(press.render(envelope("notula", **hostile_notula(text)), VERIFY).content)
        assert list(attachments(pdf)) == ["facts.json"]
        assert b"root:" not in attachments(pdf)["facts.json"]
        assert not any("/Annots" in page for page in pdf.pages)
    assert asked == []


def test_letters_without_a_glyph_become_a_box_and_stray_controls_vanish() -> None:
    html = rendering.press().html(envelope("agenda", place="漢字 \U0001f600 a\u200bb\x00c e\u0301 – ok"), VERIFY)
    assert "□□ □ abc é – ok" in html


def test_a_deep_nest_is_a_sentence() -> None:
    facts = hostile_notula("<blockquote>" * 400 + "x" + "</blockquote>" * 400)
    with pytest.raises(rendering.RenderingError, match="bersusun terlalu dalam"):
        rendering.press().render(envelope("notula", **facts), VERIFY)


def test_a_missing_font_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    press = rendering.press()
    lonely = rendering.Press(press.templates, press.fonts)
    lonely._fetcher = rendering.open_fetcher(paper=press.templates, font=tmp_path)
    with pytest.raises(rendering.RenderingError, match="tidak ditemukan"):
        lonely.render(envelope("agenda"), VERIFY)


def test_facts_of_the_wrong_shape_are_never_printed() -> None:
    with pytest.raises(FactsError):
        rendering.press().render(envelope("agenda", days=None), VERIFY)


def test_a_template_that_asks_for_more_than_the_facts_fails(tmp_path: Any) -> None:
    with pytest.raises(LookupError, match=r"facts\.absent"):
        rendering.press()._engine.from_string("{{ facts.absent }}").render(rendering.Context({"facts": {}}))


def test_an_endless_word_takes_no_endless_time() -> None:
    begin = time.monotonic()
    done = rendering.press().render(envelope("notula", **hostile_notula("a" * 6_000)), VERIFY)
    assert done.pages >= 5 and time.monotonic() - begin < 60  # without places to break it was over four minutes


def test_words_of_a_language_are_left_alone() -> None:
    html = rendering.press().html(envelope("agenda", place="Dipertanggungjawabkannya " + "x" * 45), VERIFY)
    assert "Dipertanggungjawabkannya xxxxxxxxxx\u200bxxxxxxxxxx" in html
    assert html.count("\u200b") == 2 * html.count("Dipertanggungjawabkannya") * 2
