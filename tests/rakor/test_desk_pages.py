"""Pages of desks: the same for both sides, nothing for others, small when nothing changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from programs.models import Proposal, Verdict
from rakor.actions.closing import close_desk
from rakor.actions.desk_plan import DeskSlots, plan_desks
from rakor.actions.desks import agree_rest, confirm_desk, decide, open_desk
from rakor.models import Desk, Meeting, Session
from tests.factories import OPENING, make_meeting
from tests.factories_programs import make_desk, make_proposal

pytestmark = pytest.mark.django_db
STARTS = tuple(dt.time(hour, minute) for hour, minute in ((8, 0), (8, 45), (9, 30), (10, 30), (11, 15), (13, 0)))
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}
POLL = {"HTTP_X_REQUESTED_WITH": "poll"}


@pytest.fixture
def meeting(cast: Any) -> Meeting:
    """The running edition."""
    return make_meeting(status="berlangsung")


@pytest.fixture
def desk(meeting: Meeting, cast: Any) -> Desk:
    """Belu's desk, opened by the verifier, with two proposals."""
    for _number in range(2):
        make_proposal(status="siap_desk")
    return open_desk(make_desk(meeting), by=cast.verifikator)


def url(desk: Desk, name: str = "desk", *args: Any) -> str:
    return reverse(name, args=[desk.session.meeting.slug, desk.session_id, *args])


def first() -> Proposal:
    return Proposal.objects.order_by("rank").first()


# --- who sees what ---


def test_the_leader_decides_and_the_regency_reads_the_same_numbers(desk, cast, client_of):
    decide(desk, first(), "disepakati", by=cast.verifikator, base_version=0)
    leader = client_of(cast.verifikator).get(url(desk)).content.decode()
    head = client_of(cast.kadis_belu).get(url(desk)).content.decode()
    for page in (leader, head):
        assert "Rp60.000.000" in page
        assert "Rp30.000.000" in page
        assert "1 belum diputuskan" in page
    assert "data-answers" in leader
    assert "data-answers" not in head


def test_a_regency_of_elsewhere_finds_nothing_at_any_address(desk, cast, client_of):
    proposal = first()
    addresses = [url(desk), url(desk, "desk_pulse"), url(desk, "desk_confirm")]
    closed_to_regencies = [
        url(desk, "desk_verdict", proposal.pk), url(desk, "desk_line", proposal.lines.first().pk),
        url(desk, "desk_close"), url(desk, "desk_agree_rest"), url(desk, "desk_place"),
        url(desk, "desk_move", "call"), url(desk, "desk_move", "open"),
    ]  # fmt: skip
    for person in (cast.kadis_ende, cast.operator_ende):
        client = client_of(person)
        for address in addresses:
            assert client.get(address).status_code == 404, address
        assert client.post(url(desk, "desk_confirm"), {"change": 0}).status_code == 404
        for address in closed_to_regencies:
            assert client.get(address).status_code == 403, address
            assert client.post(address, {"decision": "disepakati", "base_version": 0}).status_code == 403, address
    assert not Verdict.objects.exists()


def test_pending_verdicts_do_not_show_in_the_plan(desk, cast, client_of):
    decide(desk, first(), "tidak_disepakati", by=cast.verifikator, reason="Ganda dengan DAK.", base_version=0)
    for name in ("desks", "desk_board", "desk_print"):
        page = client_of(cast.operator_ende).get(reverse(name, args=[desk.session.meeting.slug])).content.decode()
        assert "Ganda dengan DAK" not in page
        assert url(desk) not in page


def test_an_observer_reads_and_does_nothing(desk, cast, client_of):
    client = client_of(cast.observer)
    page = client.get(url(desk))
    assert page.status_code == 200
    assert b"data-answers" not in page.content
    assert client.post(url(desk, "desk_verdict", first().pk), {"decision": "disepakati"}).status_code == 403
    assert client.post(url(desk, "desk_confirm"), {"change": 0}).status_code == 403


def test_an_edition_in_preparation_is_nobodys_business(cast, client_of):
    desk = make_desk(make_meeting())
    for name in ("kadis_belu", "observer"):
        assert client_of(cast[name]).get(url(desk)).status_code == 404


# --- deciding by script and by form ---


def test_one_press_is_stored_at_once_and_brings_the_parts(desk, cast, client_of):
    answer = client_of(cast.verifikator).post(
        url(desk, "desk_verdict", first().pk), {"decision": "disepakati", "base_version": 0}, **FETCH
    )  # fmt: skip
    told = answer.json()
    assert answer.status_code == 200
    assert (told["status"], told["change"], told["items"][0]["version"]) == ("berlangsung", 1, 1)
    assert "Rp30.000.000" in told["totals"]
    assert "1 usulan belum diputuskan" in told["foot"]


def test_a_late_press_sees_both_answers(desk, cast, client_of):
    decide(desk, first(), "ditunda", by=cast.kabid, reason="Lahan.", base_version=0)
    address = url(desk, "desk_verdict", first().pk)
    answer = client_of(cast.verifikator).post(address, {"decision": "disepakati", "base_version": 0}, **FETCH)
    told = answer.json()
    assert answer.status_code == 409
    assert (told["theirs"]["label"], told["theirs"]["reason"], told["theirs"]["version"]) == ("Ditunda", "Lahan.", 1)
    assert told["yours"] == "Disepakati"
    page = client_of(cast.verifikator).post(address, {"decision": "disepakati", "base_version": 0})
    assert page.status_code == 409
    assert "Orang lain sudah memutuskan" in page.content.decode()
    assert 'name="base_version" value="1"' in page.content.decode()
    assert Verdict.objects.get().decision == "ditunda"


def test_a_form_works_without_scripts(desk, cast, client_of):
    client, address = client_of(cast.verifikator), url(desk, "desk_verdict", first().pk)
    page = client.get(f"{address}?putusan=dialihkan")
    assert page.status_code == 200
    sent = {"decision": "dialihkan", "base_version": 0, "reason": "Kewenangan desa."}
    assert client.post(address, sent).status_code == 422
    answer = client.post(address, {**sent, "redirect_to": "DANA_DESA"})
    assert answer.status_code == 302
    assert answer.url.endswith(f"#usulan-{first().pk}")
    back = client.post(address, {"decision": "batal", "base_version": 1})
    assert back.status_code == 302
    assert not Verdict.objects.exists()


def test_a_line_by_form(desk, cast, client_of):
    line = first().lines.first()
    client, address = client_of(cast.verifikator), url(desk, "desk_line", line.pk)
    assert client.get(address).status_code == 200
    sent = {"decision": "perbaikan", "base_version": 0, "reason": "Harga pasar.", "agreed": "Rp 7.500.000"}
    assert client.post(address, {**sent, "agreed": "tujuh"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    assert Verdict.objects.get().agreed_rupiah == 27_500_000


def test_hostile_inputs_get_a_sentence(desk, cast, client_of):
    client, proposal = client_of(cast.verifikator), first()
    line = proposal.lines.first()
    evil = ["", "0", "-1", "9" * 400, "1e999", "NaN", "'; DROP TABLE x;--", "<script>", "\x00", "𝟙", "Rp", "٣", "1.5.2"]
    for value in evil:
        for field in ("decision", "agreed", "reason", "redirect_to", "base_version"):
            sent = {"decision": "perbaikan", "agreed": "1", "reason": "x", "redirect_to": "", "base_version": "0"}
            for address in (url(desk, "desk_verdict", proposal.pk), url(desk, "desk_line", line.pk)):
                answer = client.post(address, {**sent, field: value}, **FETCH)
                assert answer.status_code in (200, 409, 422), (address, field, value)
        for name in ("change", "name", "title", "number"):
            sent = {"change": 0, "name": "Y", "title": "K", "number": ""}
            answer = client.post(url(desk, "desk_confirm"), {**sent, name: value})
            assert answer.status_code in (302, 422), (name, value)
        for query in (f"mark={value}", f"known={value}", f"known={value}:{value},,:", "known=" + "1:1," * 500):
            assert client.get(url(desk, "desk_pulse") + "?" + query.replace("\x00", "%00"), **POLL).status_code == 200
    assert client.post(url(desk, "desk_verdict", 2**70), {"decision": "disepakati"}).status_code == 404
    assert client.post(url(desk, "desk_move", "close")).status_code == 404


# --- the pulse and the board ---


def test_the_pulse_is_empty_until_something_changes(desk, cast, client_of, assert_queries):
    client = client_of(cast.kadis_belu)
    page = client.get(url(desk)).content.decode()
    mark = page.split('data-mark="')[1].split('"')[0]
    address = url(desk, "desk_pulse")
    with assert_queries(4):
        answer = client.get(address, {"mark": mark}, **POLL)
    assert (answer.status_code, answer.content) == (204, b"")
    known = ",".join(f"{p.pk}:{p.change}" for p in Proposal.objects.all())
    decide(desk, first(), "disepakati", by=cast.verifikator, base_version=0)
    told = client.get(address, {"mark": mark, "known": known}, **POLL).json()
    assert [item["id"] for item in told["items"]] == [first().pk]
    assert "data-answers" not in told["items"][0]["html"]
    assert told["mark"] != mark


def test_the_board_is_not_sent_again(desk, cast, client_of, assert_queries):
    client, address = client_of(cast.observer), reverse("desk_board", args=[desk.session.meeting.slug])
    page = client.get(address)
    assert page.status_code == 200
    assert b"bottombar" not in page.content
    tag = client.get(address, **POLL)["ETag"]
    with assert_queries(5):
        same = client.get(address, HTTP_IF_NONE_MATCH=tag, **POLL)
    assert (same.status_code, same.content) == (304, b"")
    assert client.get(address, HTTP_IF_NONE_MATCH=f"W/{tag}", **POLL).status_code == 304
    Desk.objects.update(status="menunggu")
    assert client.get(address, HTTP_IF_NONE_MATCH=tag, **POLL).status_code == 200


def test_leaders_call_from_the_board(meeting, cast, client_of):
    desk = make_desk(meeting)
    client, address = client_of(cast.verifikator), reverse("desk_board", args=[meeting.slug])
    assert url(desk, "desk_move", "call") in client.get(address).content.decode()
    answer = client.post(url(desk, "desk_move", "call"), {"dari": "papan"})
    assert answer.url == address
    assert "Dipanggil" in client.get(address, **POLL).content.decode()
    assert url(desk, "desk_move", "uncall") not in client_of(cast.kadis_belu).get(address).content.decode()


# --- confirmation, closing, after ---


def test_from_the_last_verdict_to_the_paper(desk, cast, client_of):
    leader, head = client_of(cast.verifikator), client_of(cast.kadis_belu)
    assert leader.post(url(desk, "desk_agree_rest")).status_code == 302
    desk.refresh_from_db()
    assert "Konfirmasi putusan" in head.get(url(desk)).content.decode()
    assert head.post(url(desk, "desk_confirm"), {"change": 0}).status_code == 422
    assert head.post(url(desk, "desk_confirm"), {"change": desk.change}).status_code == 302
    assert "Tutup desk" in leader.get(url(desk)).content.decode()
    assert leader.get(url(desk, "desk_close")).status_code == 200
    assert leader.post(url(desk, "desk_close"), {"number": "500.9/1"}).status_code == 302
    again = leader.post(url(desk, "desk_close"), {"number": "500.9/1"})
    assert again.status_code == 422
    assert "sudah ditutup oleh" in again.content.decode()
    for client in (leader, head):
        page = client.get(url(desk)).content.decode()
        assert "500.9/1" in page
        assert "Hasil desk Kabupaten Belu" in page
        assert "/dokumen/" in page


def test_the_leader_writes_the_delegate_down(desk, cast, client_of):
    agree_rest(desk, by=cast.verifikator)
    desk.refresh_from_db()
    client = client_of(cast.verifikator)
    sent = {"change": desk.change, "name": "Yohanes Contoh", "title": "Kepala Bidang", "number": "12"}
    assert "18 angka" in client.post(url(desk, "desk_confirm"), sent).content.decode()
    assert client.post(url(desk, "desk_confirm"), {**sent, "number": "197001012000031001"}).status_code == 302
    desk.refresh_from_db()
    assert desk.confirmed


def test_the_verdict_on_what_was_taken_out_can_be_cleared(desk, cast, client_of):
    agree_rest(desk, by=cast.verifikator)
    out = first()
    Proposal.objects.filter(pk=out.pk).update(status="lolos")
    client = client_of(cast.verifikator)
    assert "dikeluarkan dari desk" in client.get(url(desk)).content.decode()
    address = url(desk, "desk_verdict", out.pk)
    assert client.post(address, {"decision": "disepakati", "base_version": 1}).status_code == 404
    assert client.post(address, {"decision": "batal", "base_version": 1}).status_code == 302
    assert "dikeluarkan dari desk" not in client.get(url(desk)).content.decode()
    assert Verdict.objects.count() == 1


def test_last_year_stands_beside_its_successor(desk, cast, client_of):
    old = make_proposal(year=2019, status="disepakati", title="Sentra tenun Fatukbot")
    old.realisations.create(quarter=4, spent_rupiah=25_000_000, physical_percent=90, reported_by=cast.operator_belu)
    Proposal.objects.filter(pk=first().pk).update(copied_from=old)
    page = client_of(cast.kadis_belu).get(url(desk)).content.decode()
    assert "Lanjutan 2019: disepakati Rp30.000.000" in page
    assert "realisasi TW 4 Rp25.000.000" in page
    assert "Kesepakatan 2019 dan realisasinya" in page


def test_the_workbook_adds_up_like_the_screen(desk, cast, client_of):
    from io import BytesIO

    from openpyxl import load_workbook

    one = first()
    Proposal.objects.filter(pk=one.pk).update(title="=1+1")
    decide(desk, one, "disepakati", by=cast.verifikator, base_version=0)
    answer = client_of(cast.operator_belu).get(url(desk, "desk_workbook"))
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Usulan", "Rincian biaya", "Jumlah"]
    rows = list(book["Usulan"].values)
    assert (rows[1][2], book["Usulan"]["C2"].data_type) == ("=1+1", "s")
    assert rows[-1][5:8] == (60_000_000, None, 30_000_000)
    assert sum(row[7] or 0 for row in list(book["Rincian biaya"].values)[1:]) == 30_000_000
    assert list(book["Jumlah"].values)[-1] == ("Anggaran", 2, 60_000_000, 30_000_000)
    assert client_of(cast.kadis_ende).get(url(desk, "desk_workbook")).status_code == 404


def test_the_session_leads_to_its_desk(desk, cast, client_of):
    session = reverse("session", args=[desk.session.meeting.slug, desk.session_id])
    assert url(desk) in client_of(cast.operator_belu).get(session).content.decode()
    assert url(desk) not in client_of(cast.operator_ende).get(session).content.decode()


# --- the plan's pages ---


def test_the_committee_spreads_moves_and_takes_back(meeting, cast, client_of):
    client = client_of(cast.panitia)
    spread = reverse("desk_spread", args=[meeting.slug])
    assert client.get(spread).status_code == 200
    sent = {"day": "2019-04-25", "tables": 4, "minutes": 45, "starts": "08.00, 08.45, 09.30, 10.30, 11.15, 13.00"}
    assert client.post(spread, {**sent, "starts": "jam delapan"}).status_code == 422
    assert client.post(spread, {**sent, "tables": 2}).status_code == 422
    page = client.post(spread, sent, follow=True).content.decode()
    assert "22 desk dibagikan" in page
    session = Session.objects.filter(kind="desk").order_by("starts_at", "room__name").first()
    place = reverse("desk_place", args=[meeting.slug, session.pk])
    choices = client.get(place).content.decode()
    assert "bertukar dengan" in choices
    assert "kosong" in choices
    value = choices.split('name="place" value="')[1].split('"')[0] if 'name="place" value="' in choices else ""
    value = value or choices.split('value="2019-')[1].split('"')[0].join(["2019-", ""])
    answer = client.post(place, {"place": value, "version": session.version}, follow=True)
    assert "dipindahkan" in answer.content.decode()
    change = meeting.programme_changes.first()
    back = client.post(reverse("desk_undo", args=[meeting.slug, change.pk]), follow=True)
    assert "diurungkan" in back.content.decode()
    assert client.get(reverse("desk_excel", args=[meeting.slug])).status_code == 200
    assert "Kab. Belu" in client.get(reverse("desk_print", args=[meeting.slug])).content.decode()


# --- budgets ---


@pytest.mark.parametrize("count", [6, 60])
def test_the_desk_page_costs_the_same_for_few_and_many(meeting, cast, client_of, assert_queries, count):
    for _number in range(count):
        make_proposal(status="siap_desk")
    desk = open_desk(make_desk(meeting), by=cast.verifikator)
    agree_rest(desk, by=cast.verifikator)
    client = client_of(cast.verifikator)
    client.get(url(desk))
    with assert_queries(14):
        client.get(url(desk))


@pytest.mark.parametrize("slots", [6, 1])
def test_plan_and_board_cost_the_same_for_few_and_many(meeting, cast, client_of, assert_queries, slots):
    plan_desks(meeting, by=cast.panitia, slots=DeskSlots(OPENING, STARTS, 4))
    if slots == 1:
        Session.objects.filter(kind="desk", starts_at__hour__gte=1).delete()
    client = client_of(cast.panitia)
    for name, budget in (("desks", 6), ("desk_board", 5), ("desk_excel", 5), ("desk_print", 5)):
        address = reverse(name, args=[meeting.slug])
        client.get(address)
        with assert_queries(budget):
            client.get(address)


def test_closed_desks_lead_to_the_next_one(meeting, cast, client_of):
    make_proposal(status="siap_desk")
    desk = open_desk(make_desk(meeting), by=cast.verifikator)
    make_desk(meeting, "53.08")
    agree_rest(desk, by=cast.verifikator)
    desk.refresh_from_db()
    close_desk(confirm_desk(desk, by=cast.kadis_belu, change=desk.change), by=cast.verifikator)
    assert "Desk berikutnya" in client_of(cast.verifikator).get(url(desk)).content.decode()
    assert "Desk berikutnya" not in client_of(cast.kadis_belu).get(url(desk)).content.decode()
