"""What the newest looks of three papers mend: where lines break, what stays together, what stands at one height."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest

from portal.documents import rendering
from tests.golden.test_papers import flat
from tests.portal.documents.papers import VERIFY, crowned, envelope, sample

PAPERS = pytest.mark.parametrize("paper", ["A4", "F4"])


def pages_of(kind: str, paper: str = "A4", **changes: Any) -> list[Any]:
    done = rendering.press().render(envelope(kind, paper, **changes), VERIFY)
    return list(pypdf.PdfReader(io.BytesIO(done.content)).pages)


def heights(page: Any, *words: str) -> list[float]:
    """How far above the foot of the page each of these texts stands."""
    found: dict[str, float] = {}

    def visit(text: str, matrix: Any, text_matrix: Any, font: Any, size: Any) -> None:
        for word in words:
            if word in text:
                found.setdefault(word, (text_matrix[5] * matrix[3]) + matrix[5])

    page.extract_text(visitor_text=visit)
    return [round(found[word], 1) for word in words]


@PAPERS
def test_no_word_stands_alone_where_a_party_is_introduced(paper: str) -> None:
    """The word "bertindak" stood alone on its line where the role did not fit on it, as on A4 with Jawa Timur."""
    for name in ("Provinsi Jawa Timur", "Kabupaten Tulungagung", "Kabupaten Bojonegoro", "Kota Malang", "Kota Kupang"):
        parties = sample("nota_kesepahaman")["parties"]
        for party in parties:
            party["acts_for"] = f"bertindak untuk dan atas nama Pemerintah {name}"
        text = pages_of("nota_kesepahaman", paper, parties=parties)[0].extract_text()
        assert "bertindak" not in [line.strip() for line in text.splitlines()]
        assert f"bertindak untuk dan atas nama Pemerintah {name}, selanjutnya disebut PIHAK KESATU;" in flat(text)


@pytest.mark.parametrize("holders", [(0, 1), (0,), (1,)])
def test_both_parties_begin_at_one_height_below_their_emblems(holders: tuple[int, ...]) -> None:
    heads = crowned(sample("nota_kesepahaman"))["letterheads"]
    for place in {0, 1} - set(holders):
        del heads[place]["emblem"]
    bare, page = pages_of("nota_kesepahaman")[0], pages_of("nota_kesepahaman", letterheads=heads)[0]
    first, second = heights(page, "PEMERINTAH PROVINSI", "PEMERINTAH KABUPATEN")
    assert first == second < heights(bare, "PEMERINTAH PROVINSI")[0] - 50
    assert page.get_contents().get_data().count(b" Do") == len(holders)


@PAPERS
def test_the_list_of_photos_begins_with_its_heading(paper: str) -> None:
    """Also where it comes to the foot of a page: with so many lines above it the first version parted them."""
    facts = sample("laporan_tpl")
    for lines in {"A4": (18, 20, 22, 24), "F4": (0, 1, 29)}[paper]:
        plan = facts["plan"] + ["Kunjungan lanjutan."] * lines
        for photos in (facts["photos"][:1], facts["photos"][:2]):
            texts = [page.extract_text() for page in pages_of("laporan_tpl", paper, plan=plan, photos=photos)]
            text = next(text for text in texts if "E. Daftar foto" in text)
            assert text.count("sha256 ") == len(photos), (lines, len(photos))


@PAPERS
def test_no_header_of_the_report_is_hyphenated(paper: str) -> None:
    texts = [page.extract_text() for page in pages_of("laporan_panitia", paper)]
    assert not [line for text in texts for line in text.splitlines() if "\u2010" in line or "\u00ad" in line]
    assert "Tidak hadir" in texts[-2] and "Jumlah 96 94" in flat(texts[-2])


def test_the_report_says_above_its_sums_what_is_not_decided() -> None:
    told = "Pembahasan belum selesai: 7 (tujuh) usulan program tahun 2020 belum diputuskan."
    text = flat(pages_of("laporan_panitia", undecided=told)[-1].extract_text())
    assert text.index("HASIL PEMBAHASAN USULAN PROGRAM") < text.index(told) < text.index("Rekapitulasi menurut putusan")
