"""Every paper is PDF/A-3u and PDF/UA-1, printed and signed: veraPDF, the reference checker, finds nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from portal.documents import rendering
from tests.golden.test_papers import KINDS
from tests.portal.documents.papers import VERIFY, crowned, envelope, sample
from tests.signing import identity_of, prepared_paper, sign
from tests.verapdf import FLAVOURS, faults_in

CLEAN: dict[str, list[str]] = {flavour: [] for flavour in FLAVOURS}
NESTED = "<p>Usul panitia:</p><ol><li><p>sentra tenun,</p><ul><li>Belu</li><li>Malu</li></ul></li><li>garam</li></ol>"


def rendered(kind: str, **changes: Any) -> bytes:
    return rendering.press().render(envelope(kind, **changes), VERIFY).content


def untagged(content: bytes) -> bytes:
    """The same pages without their tags: what a broken press would make."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        del pdf.Root.StructTreeRoot
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    """What veraPDF finds in the sample of each kind, in a notula full of lists, and in a paper without tags."""
    folder = tmp_path_factory.mktemp("papers")
    for kind in KINDS:
        (folder / f"{kind}.pdf").write_bytes(rendered(kind, **crowned(sample(kind))))
    facts = sample("notula")
    facts["parts"][0]["conclusions"] = [NESTED] * 2
    (folder / "notula-lists.pdf").write_bytes(rendered("notula", **facts))
    (folder / "broken.pdf").write_bytes(untagged((folder / "agenda.pdf").read_bytes()))
    return faults_in(folder)


@pytest.mark.parametrize("name", [*KINDS, "notula-lists"])
def test_nothing_is_found_in_a_paper(found: dict[str, dict[str, list[str]]], name: str) -> None:
    assert found[f"{name}.pdf"] == CLEAN


def test_what_is_broken_is_found(found: dict[str, dict[str, list[str]]]) -> None:
    assert found["broken.pdf"]["ua1"]


@pytest.mark.django_db
def test_nothing_is_found_after_each_signature(cast: Any, tmp_path: Path) -> None:
    people = (cast.kadis_belu, cast.tpl_belu, cast.bupati_belu)
    content = prepared_paper()
    (tmp_path / "0.pdf").write_bytes(content)
    for number, person in enumerate(people, 1):
        identity_of(person)
        content = sign(content, person, number).content
        (tmp_path / f"{number}.pdf").write_bytes(content)
    assert faults_in(tmp_path) == {f"{number}.pdf": CLEAN for number in range(4)}


def test_a_cell_below_two_rows_of_headers_knows_its_own() -> None:
    """The adendum's matrix: No., kode, program, Semula (putusan, pagu), Menjadi (putusan, pagu), alasan."""
    with pikepdf.open(io.BytesIO(rendered("ba_adendum"))) as pdf:
        tables = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Table"]
        matrix = next(table for table in tables if table.K[0].S == "/THead" and len(table.K[0].K) == 2)
        head, body = matrix.K
        order = [str(cell.ID) for row in head.K for cell in row.K]
        cells = [[order.index(str(key)) for key in cell.A.Headers] for cell in body.K[0].K]
        scopes = {str(cell.A.Scope) for row in head.K for cell in row.K}
    assert cells == [[0], [1], [2], [3, 6], [3, 7], [4, 8], [4, 9], [5]]
    assert scopes == {"/Column"}
