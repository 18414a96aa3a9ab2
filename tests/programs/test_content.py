"""One content, arranged for the page of a proposal and for the verifier's sheet."""

from __future__ import annotations

from decimal import Decimal

from programs.queries.content import arranged, page_of
from programs.queries.snapshots import content_of
from tests.cast import Cast
from tests.factories_programs import make_proposal


def test_both_pages_say_the_same_of_a_field(cast: Cast) -> None:
    row = make_proposal(
        latitude=Decimal("-9.106000"),
        ikm_count=1250,
        village="",
        starts_month=3,
        ends_month=8,
        special_note="Izin ada.",
    )
    content = content_of(row)
    page, sheet = page_of(content), arranged(content)
    on_page = {field.name: field for _group, rows in page["facts"] for field in rows}
    on_page |= {field.name: field for field in page["texts"]}
    on_sheet = {field.name: field for _group, rows in sheet["sections"] for field in rows}
    assert {name: field for name, field in on_page.items() if field.value} == {
        name: field for name, field in on_sheet.items() if name not in ("title", "starts_month", "ends_month")
    }
    assert on_page["village"].value == "" and "village" not in on_sheet
    assert on_page["latitude"].value.startswith("-9,106")
    assert on_page["ikm_count"].value == "1.250"
    assert on_page["sub_activity"].value.endswith("(Kabupaten/kota)")
    assert on_page["special_note"].long and not on_page["product"].long
    assert [on_sheet[name].value for name in ("starts_month", "ends_month")] == ["Maret", "Agustus"]
    assert page["schedule"]["words"] == "Maret–Agustus"


def test_nothing_is_arranged_as_nothing(cast: Cast) -> None:
    assert arranged({})["sections"] == [] and page_of({})["texts"] == []
    assert {field.value for _group, rows in page_of({})["facts"] for field in rows} == {""}
