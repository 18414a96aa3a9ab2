"""The pages and answers of cost lines, shares of funding, indicators and pasted rows."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programs.models import Proposal
from programs.queries.lines import lines_context
from tests.cast import Cast
from tests.factories_programs import make_line, make_proposal

LINE = {
    "description": "Honor narasumber", "quantity_text": "30 orang x 3 hari", "unit": "OJ",
    "unit_price_rupiah": "Rp 150.000,00", "source": "APBD_II", "account_code": "5.1.02.02.01.0003", "note": "",
}  # fmt: skip
FETCH = {"headers": {"X-Requested-With": "fetch"}}
TWELVE = "\n".join(f"Honor {n}\t{n} orang x 3 hari\tOJ\t1.250.000\tAPBD II\tketerangan {n}" for n in range(1, 13))


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    """A draft of Belu with one line."""
    return make_proposal(lines=1)


@pytest.fixture
def browser(cast: Cast, client_of: Callable[..., Client]) -> Client:
    """The browser of Belu's operator."""
    return client_of(cast.operator_belu)


def url(name: str, proposal: Proposal, *more: Any) -> str:
    return reverse(name, args=[proposal.pk, *more])


# -- scripts ----------------------------------------------------------------------------------------------------------


def test_a_row_saves_itself(browser: Client, proposal: Proposal) -> None:
    key = str(uuid.uuid4())
    answer = browser.post(url("line_new", proposal), LINE | {"key": key, "base_version": "0"}, **FETCH)
    assert answer.status_code == 200
    data = answer.json()
    assert (data["amount"], data["version"], data["texts"]["quantity_text"]) == (13_500_000, 1, "30 orang × 3 hari")
    again = browser.post(url("line_new", proposal), LINE | {"key": key, "base_version": "0"}, **FETCH).json()
    assert again["id"] == data["id"]
    assert proposal.lines.count() == 2


def test_a_conflict_shows_both_and_overwrites_nothing(browser: Client, proposal: Proposal) -> None:
    line = proposal.lines.get()
    edit = url("line_edit", proposal, line.pk)
    browser.post(edit, LINE | {"note": "pertama", "base_version": "1"}, **FETCH)
    late = browser.post(edit, LINE | {"note": "kedua", "base_version": "1"}, **FETCH)
    assert late.status_code == 409
    data = late.json()
    assert (data["version"], data["stored"]["note"], data["deleted"]) == (2, "pertama", False)
    assert "kedua" in data["panel"]
    assert "pertama" in data["panel"]
    page = browser.post(edit, LINE | {"note": "kedua", "base_version": "1"})
    assert page.status_code == 409
    text = page.content.decode()
    assert 'name="base_version" value="2"' in text
    assert "kedua" in text


def test_a_wrong_row_says_what_is_wrong(browser: Client, proposal: Proposal) -> None:
    wrong = LINE | {"quantity_text": "banyak", "unit_price_rupiah": "mahal", "source": "Bank Dunia"}
    answer = browser.post(url("line_new", proposal), wrong, **FETCH)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"quantity_text", "unit_price_rupiah", "source"}
    page = browser.post(url("line_new", proposal), wrong)
    assert page.status_code == 422
    assert "banyak" in page.content.decode()


def test_delete_undo_and_move_by_script(browser: Client, proposal: Proposal) -> None:
    first = proposal.lines.get()
    second = make_line(proposal)
    gone = browser.post(url("line_delete", proposal, first.pk), {"base_version": "1"}, **FETCH).json()
    assert gone["deleted"]
    back = browser.post(url("line_undelete", proposal, first.pk), **FETCH).json()
    assert (back["deleted"], back["version"]) == (False, 3)
    moved = browser.post(url("line_place", proposal, first.pk), {"before": "akhir"}, **FETCH).json()
    assert moved["order"] == [second.pk, first.pk]
    late = browser.post(url("line_delete", proposal, first.pk), {"base_version": "1"}, **FETCH)
    assert late.status_code == 409


def test_after_sending_a_late_row_is_refused_with_a_sentence(browser: Client, cast: Cast) -> None:
    proposal = make_proposal(status="menunggu_kadis", lines=1)
    answer = browser.post(url("line_new", proposal), LINE, **FETCH)
    assert answer.status_code == 403
    assert "tidak dapat diubah" in answer.content.decode()
    page = browser.get(url("lines", proposal))
    assert "tidak dapat diubah" in page.content.decode()


# -- plain forms ------------------------------------------------------------------------------------------------------


def test_everything_works_without_scripts(browser: Client, proposal: Proposal) -> None:
    line = proposal.lines.get()
    for name, more in (("lines", ()), ("line_new", ()), ("line_edit", (line.pk,)), ("lines_paste", ())):
        assert browser.get(url(name, proposal, *more)).status_code == 200
    assert browser.post(url("line_new", proposal), LINE).status_code == 302
    assert browser.post(url("line_edit", proposal, line.pk), LINE | {"base_version": "1"}).status_code == 302
    assert browser.post(url("line_place", proposal, line.pk), {"before": "akhir"}).status_code == 302
    assert browser.post(url("line_delete", proposal, line.pk), {"base_version": "2"}).status_code == 302
    assert "sudah dihapus" in browser.get(url("line_edit", proposal, line.pk)).content.decode()
    assert browser.post(url("line_undelete", proposal, line.pk)).status_code == 302
    assert browser.post(url("shares_fill", proposal)).status_code == 302
    assert browser.post(url("indicator_new", proposal), {"kind": "hasil", "name": "Omzet"}).status_code == 302
    indicator = proposal.indicators.get(name="Omzet")
    assert browser.get(url("indicator_edit", proposal, indicator.pk)).status_code == 200
    deleted = browser.post(url("indicator_delete", proposal, indicator.pk), {"base_version": "1"}, follow=True)
    assert url("indicator_undelete", proposal, indicator.pk) in deleted.content.decode(), "the message offers to undo"
    late = browser.post(url("indicator_edit", proposal, indicator.pk), {"kind": "hasil", "name": "Omzet naik"})
    assert late.status_code == 409 and "Omzet naik" in late.content.decode(), "nothing typed is lost"
    assert "sudah dihapus" in browser.get(url("indicator_edit", proposal, indicator.pk)).content.decode()
    assert browser.post(url("indicator_undelete", proposal, indicator.pk)).status_code == 302
    assert proposal.indicators.kept().filter(name="Omzet").exists()
    assert browser.post(url("indicator_official", proposal)).status_code == 302
    for name, more in (("line_delete", (line.pk,)), ("shares", ()), ("indicator_official", ())):
        assert browser.get(url(name, proposal, *more)).status_code == 302


# -- shares -----------------------------------------------------------------------------------------------------------


def test_shares_in_rupiah_or_percent(browser: Client, proposal: Proposal) -> None:
    answer = browser.post(
        url("shares", proposal), {"share-APBD_II": "25%", "share-KUR": "75 %", "share-CSR": ""}, **FETCH
    ).json()
    assert answer["shares"] == {"APBD_II": "2.500.000", "KUR": "7.500.000"}
    filled = browser.post(url("shares_fill", proposal), **FETCH).json()
    assert filled["shares"] == {"APBD_II": "10.000.000"}
    wrong = browser.post(url("shares", proposal), {"share-APBD_II": "101%", "share-KUR": "-5"}, **FETCH)
    assert set(wrong.json()["errors"]) == {"share-APBD_II", "share-KUR"}
    assert browser.post(url("shares", proposal), {"share-APBD_II": "xx"}).status_code == 422


def test_shares_of_two_writers(browser: Client, proposal: Proposal) -> None:
    browser.post(url("shares", proposal), {"share-APBD_II": "5"}, **FETCH)
    late = browser.post(url("shares", proposal), {"share-APBD_II": "7", "seen-APBD_II": "4"}, **FETCH)
    assert late.status_code == 409
    assert late.json()["stored"] == {"APBD_II": "5"}
    page = browser.post(url("shares", proposal), {"share-APBD_II": "7", "seen-APBD_II": "4"})
    assert page.status_code == 409
    assert "Rp7" in page.content.decode()


def test_the_read_table_tells_what_does_not_add_up(proposal: Proposal, cast: Cast) -> None:
    make_line(proposal, source="KUR")
    proposal.shares.filter(source__key="APBD_II").update(share_rupiah=4)
    costs = lines_context(proposal, cast.operator_belu)["costs"]
    assert [(row.key, row.difference) for row in costs["sums"]] == [("APBD_II", 9_999_996), ("KUR", 0)]
    assert (costs["totals"]["budget"], costs["totals"]["other"], costs["totals"]["balanced"]) == (
        10_000_000, 10_000_000, False,
    )  # fmt: skip


def test_the_province_reads_a_returned_proposal_as_it_was_sent(cast: Cast) -> None:
    proposal = make_proposal(status="dikembalikan", lines=2)
    make_line(proposal)
    assert len(lines_context(proposal, cast.operator_belu)["costs"]["lines"]) == 3
    sent = lines_context(proposal, cast.verifikator)["costs"]
    assert len(sent["lines"]) == 2
    assert sent["totals"]["budget"] == 20_000_000


# -- pasting ----------------------------------------------------------------------------------------------------------


def test_twelve_rows_from_excel(browser: Client, proposal: Proposal) -> None:
    key = str(uuid.uuid4())
    preview = browser.post(url("lines_paste", proposal), {"text": TWELVE, "key": key})
    assert preview.status_code == 200
    assert "12 baris siap dimasukkan, jumlahnya Rp292.500.000" in preview.content.decode()
    assert proposal.lines.count() == 1
    for _twice in range(2):
        taken = browser.post(url("lines_paste", proposal), {"text": TWELVE, "key": key, "take": "1"})
        assert taken.status_code == 302
    assert proposal.lines.count() == 13
    proposal.refresh_from_db()
    assert proposal.budget_rupiah == 10_000_000 + 292_500_000


def test_pasted_errors_by_row_and_column_and_nothing_stored(browser: Client, proposal: Proposal) -> None:
    text = "\n".join(
        (
            "Uraian\tVolume\tSatuan\tHarga Satuan\tJumlah\tSumber Dana",
            "A\t2\tpaket\t5.000\t10.000\tAPBN",
            "B\tdua\tpaket\tlima\t1\tBank",
            "C\t2\tpaket\t5.000\t11.000\tAPBN",
        )
    )
    answer = browser.post(url("lines_paste", proposal), {"text": text, "take": "1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "4 sel belum benar" in page
    for cell in ("3, Volume", "3, Harga satuan", "3, Sumber dana", "4, Jumlah (diperiksa)"):
        assert f"<li>Baris {cell}: " in page
    assert proposal.lines.count() == 1


def test_columns_may_be_told(browser: Client, proposal: Proposal) -> None:
    text = "catatan\t3\t1,500,000\tAlat tenun"
    told = {"column-0": "note", "column-1": "quantity_text", "column-2": "unit_price_rupiah", "column-3": "description"}
    taken = browser.post(url("lines_paste", proposal), {"text": text, "take": "1", "source": "DAK_FISIK"} | told)
    assert taken.status_code == 302
    line = proposal.lines.last()
    assert (line.description, line.note, line.amount_rupiah, line.source.key) == (
        "Alat tenun", "catatan", 4_500_000, "DAK_FISIK",
    )  # fmt: skip


def test_the_dialog_gets_rows_or_the_form_again(browser: Client, proposal: Proposal) -> None:
    headers = {"HX-Request": "true"}
    preview = browser.post(url("lines_paste", proposal), {"text": TWELVE}, headers=headers)
    assert b"<html" not in preview.content
    taken = browser.post(url("lines_paste", proposal), {"text": TWELVE, "take": "1"}, headers=headers)
    assert taken.headers["HX-Retarget"] == "#cost-rows"
    assert taken.content.decode().count("data-row ") == 12


@pytest.mark.parametrize("text", ["", "   ", "\t\t\n", "Jumlah\t\t5", "Uraian\tVolume", "a" * 200_000, "\t" * 50 + "x"])
def test_what_is_no_rows_is_said(browser: Client, proposal: Proposal, text: str) -> None:
    answer = browser.post(url("lines_paste", proposal), {"text": text, "take": "1"})
    assert answer.status_code == 422
    assert proposal.lines.count() == 1


def test_too_many_rows_are_refused_at_once(browser: Client, proposal: Proposal) -> None:
    answer = browser.post(url("lines_paste", proposal), {"text": "\n".join([TWELVE] * 25), "take": "1"})
    assert answer.status_code == 422
    assert "paling banyak 300 baris" in answer.content.decode()
    assert proposal.lines.count() == 1


# -- whose ------------------------------------------------------------------------------------------------------------


def test_another_regency_guesses_every_address(client_of: Callable[..., Client], cast: Cast) -> None:
    proposal = make_proposal(lines=1)
    line, indicator, other = proposal.lines.get(), proposal.indicators.first(), make_proposal("53.08", lines=1)
    ende = client_of(cast.operator_ende)
    names = (
        ("lines",), ("line_new",), ("lines_paste",), ("shares",), ("shares_fill",), ("indicator_new",),
        ("indicator_official",), ("indicator_edit", indicator.pk), ("indicator_delete", indicator.pk),
        ("indicator_undelete", indicator.pk),
        ("line_edit", line.pk), ("line_delete", line.pk), ("line_undelete", line.pk), ("line_place", line.pk),
    )  # fmt: skip
    for name, *more in names:
        assert ende.get(url(name, proposal, *more)).status_code == 404, name
        if name != "lines":
            assert ende.post(url(name, proposal, *more), LINE).status_code == 404, name
    for name in ("line_edit", "line_delete", "line_undelete", "line_place"):  # a foreign line under one's own proposal
        assert ende.post(url(name, other, line.pk), LINE).status_code == 404, name
    assert proposal.lines.get().version == 1


# -- hostile forms ----------------------------------------------------------------------------------------------------

NASTY = [
    "", " ", "0", "-1", "9" * 5000, "1e309", "NaN", "Infinity", "\x00", "\ud800", "٣", "１２", "½", "=1+1", "1" * 18,
    "<script>alert(1)</script>", "'; DROP TABLE", "%s%n", "{{7*7}}", "1.2.3", "1,2,3", "a\nb\tc", "\u202e123",
    "🧂" * 200, "true", "[]", "{}", "null", "9223372036854775808", "-9223372036854775809", "0x1F", "1_000", "+5",
    "5 x 5 x 5 x 5 x 5 x 5 x 5 x 5 x 5", "99999999999 x 99999999999", "\u200b", "APBD_II", "KUR", "١٢٣",
]  # fmt: skip


def test_hundreds_of_hostile_forms_get_a_sentence_each(browser: Client, proposal: Proposal) -> None:
    chance = random.Random(3)  # noqa: S311  repeatable, keeps no secret
    line, indicator = proposal.lines.get(), proposal.indicators.first()
    fields = [*LINE, "kind", "name", "baseline", "target", "base_version", "key", "before", "text", "take", "column-0",
              "column-x", "share-APBD_II", "share-KUR", "seen-APBD_II"]  # fmt: skip
    targets = (
        ("line_new",), ("line_edit", line.pk), ("line_delete", line.pk), ("line_undelete", line.pk),
        ("line_place", line.pk), ("lines_paste",), ("shares",), ("shares_fill",), ("indicator_new",),
        ("indicator_edit", indicator.pk), ("indicator_delete", indicator.pk), ("indicator_official",),
    )  # fmt: skip
    for number in range(600):
        name, *more = chance.choice(targets)
        form = {field: chance.choice(NASTY) for field in chance.sample(fields, chance.randint(0, len(fields)))}
        form = {field: value.encode("utf-8", "ignore").decode() for field, value in form.items()}
        answer = browser.post(url(name, proposal, *more), form, **(FETCH if number % 2 else {}))
        assert answer.status_code in (200, 302, 404, 409, 422), (name, form, answer.status_code)
        if answer.status_code == 422 and number % 2 and name != "lines_paste":
            errors = answer.json()["errors"]
            assert all(text.endswith((".", ").")) for texts in errors.values() for text in texts), errors
    proposal.refresh_from_db()
    assert 0 <= proposal.budget_rupiah <= 10**15


def test_numbers_of_rows_that_cannot_be(browser: Client, proposal: Proposal) -> None:
    for number in (0, 2**31, 2**63, 10**30):
        assert browser.get(f"/usulan/{proposal.pk}/rincian/{number}/").status_code == 404
        assert browser.get(f"/usulan/{number}/rincian/").status_code == 404


# -- budgets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lines", [3, 300])
def test_queries_do_not_grow_with_the_lines(
    browser: Client, cast: Cast, assert_queries: Callable[..., Any], lines: int
) -> None:
    from programs.actions.lines import replace_lines

    proposal = make_proposal(lines=0)
    rows = [{"description": f"Baris {n}", "quantity_text": "1", "source": "APBD_II"} for n in range(lines)]
    replace_lines(proposal, rows, by=cast.operator_belu)
    address, first = url("lines", proposal), proposal.lines.first()
    browser.get(address)
    with assert_queries(8):
        assert browser.get(address).status_code == 200
    with assert_queries(3):
        lines_context(proposal, cast.operator_belu)
    with assert_queries(20):
        saved = browser.post(url("line_edit", proposal, first.pk), LINE | {"base_version": "1"}, **FETCH)
    assert saved.status_code == 200
    text = "\n".join(f"Baris {n}\t1\tpaket\t1000" for n in range(lines))
    with assert_queries(5):
        assert browser.post(url("lines_paste", proposal), {"text": text}).status_code == 200
