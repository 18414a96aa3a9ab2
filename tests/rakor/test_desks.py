"""Desks: their plan, the room where both sides decide, confirmation, closing, and who sees what of it."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from portal.documents.models import Document
from portal.kernel.errors import Blocked, Denied, StaleVersion
from programs.models import Proposal, Verdict, VerdictRevision
from rakor.actions.closing import close_desk
from rakor.actions.desk_plan import DeskSlots, place_desk, plan_desks
from rakor.actions.desks import (
    Delegate,
    agree_rest,
    call_desk,
    confirm_desk,
    decide,
    decide_line,
    desk_for,
    open_desk,
    uncall_desk,
    undecide,
)
from rakor.actions.meetings import move_meeting
from rakor.actions.sessions import delete_session, undo_change
from rakor.models import Desk, Meeting, Session
from rakor.queries.desks import board, grid, places
from tests.factories import OPENING, make_meeting, make_session, regency
from tests.factories_programs import make_desk, make_proposal

pytestmark = pytest.mark.django_db
MILLION = 1_000_000
SECOND_DAY = OPENING + dt.timedelta(days=1)
STARTS = tuple(dt.time(hour, minute) for hour, minute in ((8, 0), (8, 45), (9, 30), (10, 30), (11, 15), (13, 0)))
SLOTS = DeskSlots(SECOND_DAY, STARTS)
DELEGATE = Delegate("Yohanes Contoh", "Kepala Bidang Perindustrian", "197001012000031001")


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


def proposals() -> list[Proposal]:
    return list(Proposal.objects.order_by("rank"))


def confirmed(desk: Desk, cast: Any) -> Desk:
    agree_rest(desk, by=cast.verifikator)
    desk.refresh_from_db()
    return confirm_desk(desk, by=cast.kadis_belu, change=desk.change)


# --- the plan ---


def test_one_button_gives_every_regency_a_table_and_a_slot(meeting, cast):
    change = plan_desks(meeting, by=cast.panitia, slots=SLOTS)
    plan = grid(places(meeting))
    assert len(change.after) == 22
    assert plan.tables == ["Meja 1", "Meja 2", "Meja 3", "Meja 4"]
    assert [row.time for row in plan.rows][:2] == ["08.00–08.45", "08.45–09.30"]
    assert [cell.session.regency.code for cell in plan.rows[0].cells] == ["53.01", "53.02", "53.03", "53.04"]
    assert [cell is None for cell in plan.rows[-1].cells] == [False, False, True, True]


def test_doing_it_again_makes_no_second_desk(meeting, cast):
    plan_desks(meeting, by=cast.panitia, slots=SLOTS)
    with pytest.raises(Blocked, match="sudah mempunyai desk"):
        plan_desks(meeting, by=cast.panitia, slots=SLOTS)


def test_only_who_has_no_desk_gets_one_and_taken_places_are_passed_over(meeting, cast):
    plan_desks(meeting, by=cast.panitia, slots=SLOTS)
    lost = Session.objects.get(regency=regency("53.04"))
    delete_session(lost, by=cast.panitia)
    change = plan_desks(meeting, by=cast.panitia, slots=SLOTS)
    assert len(change.after) == 1
    again = Session.objects.get(regency=regency("53.04"))
    assert (again.starts_at, again.room) == (lost.starts_at, lost.room)


def test_the_plan_can_be_taken_back(meeting, cast):
    change = plan_desks(meeting, by=cast.panitia, slots=SLOTS)
    undo_change(change, by=cast.panitia)
    assert not Session.objects.filter(kind="desk").exists()


@pytest.mark.parametrize(
    ("slots", "sentence"),
    [
        (DeskSlots(SECOND_DAY, STARTS[:2]), "Hanya ada 8 tempat"),
        (DeskSlots(SECOND_DAY + dt.timedelta(days=30), STARTS), "hari rakor"),
        (DeskSlots(SECOND_DAY, STARTS, tables=0), "meja"),
        (DeskSlots(SECOND_DAY, STARTS, minutes=60), "belum selesai"),
        (DeskSlots(SECOND_DAY, (dt.time(23, 30), *STARTS)), "tengah malam"),
        (DeskSlots(SECOND_DAY, ()), "waktu mulai"),
    ],
)
def test_an_impossible_plan_is_refused_with_a_sentence(meeting, cast, slots, sentence):
    with pytest.raises(Blocked, match=sentence):
        plan_desks(meeting, by=cast.panitia, slots=slots)
    assert not Session.objects.filter(kind="desk").exists()


def test_a_table_that_another_session_uses_is_refused_with_a_sentence(meeting, cast):
    from rakor.models import Room
    from tests.factories import at

    table = Room.objects.create(meeting=meeting, name="Meja 2")
    make_session(meeting, "Klinik", room=table, starts_at=at(8, day=SECOND_DAY), ends_at=at(9, day=SECOND_DAY))
    with pytest.raises(Blocked, match="Ruang “Meja 2” sudah dipakai sesi “Klinik”"):
        plan_desks(meeting, by=cast.panitia, slots=SLOTS)


def test_two_desks_change_places_and_back(meeting, cast):
    plan_desks(meeting, by=cast.panitia, slots=SLOTS)
    first, last = Session.objects.get(regency=regency("53.01")), Session.objects.get(regency=regency("53.71"))
    change = place_desk(
        first, starts_at=last.starts_at, room_id=last.room_id, version=first.version, by=cast.panitia
    )  # fmt: skip
    moved = {session.regency.code: session for session in Session.objects.select_related("regency")}
    assert (moved["53.01"].starts_at, moved["53.01"].room_id) == (last.starts_at, last.room_id)
    assert (moved["53.71"].starts_at, moved["53.71"].room_id) == (first.starts_at, first.room_id)
    undo_change(change, by=cast.panitia)
    assert Session.objects.get(pk=first.pk).room_id == first.room_id
    with pytest.raises(StaleVersion):
        place_desk(first, starts_at=last.starts_at, room_id=last.room_id, version=first.version, by=cast.panitia)


def test_the_crew_of_a_table_stays_at_its_table(meeting, cast):
    from rakor.models import Participant

    plan_desks(meeting, by=cast.panitia, slots=SLOTS)
    for number in (1, 2):
        leader = Participant.objects.create(meeting=meeting, name=f"Verifikator {number}")
        for session in Session.objects.filter(room__name=f"Meja {number}"):
            session.people.create(
                participant=leader, part="moderator", starts_at=session.starts_at, ends_at=session.ends_at
            )  # fmt: skip

    def move(code: str, to: Session) -> None:
        session = Session.objects.get(regency=regency(code))
        place_desk(
            session, starts_at=to.starts_at, room_id=to.room_id, version=session.version, by=cast.panitia
        )  # fmt: skip

    move("53.01", Session.objects.get(regency=regency("53.06")))  # changes places with the next slot of table 2
    table = Session.objects.filter(room__name="Meja 3").order_by("starts_at").last()
    spare = Session(starts_at=Session.objects.get(regency=regency("53.71")).starts_at, room_id=table.room_id)
    move("53.05", spare)  # to an empty place of table 3, which has no crew; the old one stays
    for session in Session.objects.filter(room__name__in=["Meja 1", "Meja 2"]).select_related("room"):
        [person] = session.people.select_related("participant")
        assert person.participant.name[-1] == session.room.name[-1]


def test_a_person_is_not_moved_into_two_places(meeting, cast):
    from rakor.models import Participant

    plan_desks(meeting, by=cast.panitia, slots=SLOTS)
    person = Participant.objects.create(meeting=meeting, name="Dinas Kab. Kupang")
    early, late = Session.objects.get(regency=regency("53.01")), Session.objects.get(regency=regency("53.05"))
    for session in (early, late):
        session.people.create(
            participant=person, part="pemapar", starts_at=session.starts_at, ends_at=session.ends_at
        )  # fmt: skip
    table = Session.objects.get(regency=regency("53.06"))
    with pytest.raises(Blocked, match="Kupang sudah bertugas"):
        place_desk(
            early, starts_at=table.starts_at, room_id=table.room_id, version=early.version, by=cast.panitia
        )  # fmt: skip


def test_a_begun_desk_stays_in_the_programme(desk, cast):
    with pytest.raises(Blocked, match="Di meja"):
        delete_session(desk.session, by=cast.panitia)
    with pytest.raises(Blocked, match="sudah dibuka"):
        place_desk(
            desk.session, starts_at=desk.session.starts_at + dt.timedelta(hours=2), room_id=desk.session.room_id,
            version=desk.session.version, by=cast.panitia,
        )  # fmt: skip


def test_a_waiting_desk_leaves_with_its_session(meeting, cast):
    waiting = make_desk(meeting)
    change = delete_session(waiting.session, by=cast.panitia)
    assert not Desk.objects.exists()
    undo_change(change, by=cast.panitia)
    assert Session.objects.filter(kind="desk").exists()


# --- calling and opening ---


def test_called_called_off_and_opened(meeting, cast):
    desk = make_desk(meeting)
    call_desk(desk, by=cast.verifikator)
    with pytest.raises(Blocked):
        call_desk(desk, by=cast.kabid)
    uncall_desk(desk, by=cast.verifikator)
    desk = open_desk(desk, by=cast.verifikator)
    assert (desk.status, desk.leader) == ("berlangsung", cast.verifikator)
    with pytest.raises(Blocked):
        open_desk(desk, by=cast.kabid)


def test_a_regency_sits_at_one_desk_at_a_time(desk, cast):
    second = make_desk(desk.session.meeting, "53.07")
    Session.objects.filter(pk=second.session_id).update(regency=desk.session.regency)
    with pytest.raises(Blocked, match="Desk lain dari kabupaten/kota ini sedang berlangsung"):
        open_desk(Desk.objects.get(pk=second.pk), by=cast.kabid)
    assert open_desk(make_desk(desk.session.meeting, "53.08"), by=cast.kabid).status == "berlangsung"


def test_a_desk_of_a_cancelled_edition_holds_nobody(desk, cast):
    move_meeting(desk.session.meeting, "cancel", by=cast.kadis_prov, note="Diulang di Soe.")
    again = make_meeting(slug="rakor-kedua", status="berlangsung")
    assert again.planning_year == desk.session.meeting.planning_year
    assert open_desk(make_desk(again), by=cast.kabid).status == "berlangsung"


def test_only_leaders_and_only_while_the_edition_runs(cast):
    desk = make_desk(make_meeting(status="terjadwal"))
    for verb in (call_desk, uncall_desk, open_desk):
        with pytest.raises(Denied, match="selama rakor berlangsung"):
            verb(desk, by=cast.verifikator)
        for name in ("panitia", "kadis_prov", "admin", "kadis_belu", "operator_belu", "observer", "stranger"):
            with pytest.raises(Denied):
                verb(desk, by=cast[name])


def test_a_session_that_is_no_desk_has_none(meeting):
    with pytest.raises(Blocked):
        desk_for(make_session(meeting))


# --- deciding ---


def test_every_verdict_raises_the_change(desk, cast):
    first, second = proposals()
    decide(desk, first, "disepakati", by=cast.verifikator, base_version=0)
    decide_line(desk, second.lines.first(), "ditunda", by=cast.verifikator, reason="Nanti.", base_version=0)
    undecide(desk, first, by=cast.kabid, base_version=1)
    desk.refresh_from_db()
    assert desk.change == 3


def test_nothing_is_decided_before_the_desk_is_open(meeting, cast):
    proposal, desk = make_proposal(status="siap_desk"), make_desk(meeting)
    with pytest.raises(Blocked, match="selama desk berlangsung"):
        decide(desk, proposal, "disepakati", by=cast.verifikator, base_version=0)
    with pytest.raises(Blocked, match="belum dipanggil"):
        decide(Desk(session=desk.session), proposal, "disepakati", by=cast.verifikator, base_version=0)


def test_proposals_of_others_and_other_years_are_not_decided_here(desk, cast):
    for other in (make_proposal("53.08", status="siap_desk"), make_proposal(year=2021, status="siap_desk")):
        with pytest.raises(Blocked, match="tidak dibahas di desk ini"):
            decide(desk, other, "disepakati", by=cast.verifikator, base_version=0)
        with pytest.raises(Blocked, match="tidak dibahas di desk ini"):
            decide_line(desk, other.lines.first(), "ditunda", by=cast.verifikator, reason="x", base_version=0)


# --- confirmation ---


def test_the_head_confirms_for_the_regency(desk, cast):
    row = confirmed(desk, cast)
    assert row.confirmed
    assert (row.confirmed_by, row.delegate_name) == (cast.kadis_belu, "Kadis Belu Contoh")
    assert row.delegate_title == "Kepala Dinas"


def test_the_leader_writes_the_delegate_down(desk, cast):
    agree_rest(desk, by=cast.verifikator)
    desk.refresh_from_db()
    row = confirm_desk(desk, by=cast.verifikator, change=desk.change, delegate=DELEGATE)
    assert (row.confirmed_by, row.delegate_name, row.delegate_number) == (None, DELEGATE.name, DELEGATE.number)


@pytest.mark.parametrize(
    "delegate",
    [Delegate("", "Kabid"), Delegate("Yohanes", " "), Delegate("Y" * 151, "Kabid"), Delegate("Y", "K", "12")],
)
def test_a_delegate_has_name_title_and_a_real_number(desk, cast, delegate):
    agree_rest(desk, by=cast.verifikator)
    desk.refresh_from_db()
    with pytest.raises(Blocked):
        confirm_desk(desk, by=cast.verifikator, change=desk.change, delegate=delegate)


def test_nobody_else_confirms(desk, cast):
    agree_rest(desk, by=cast.verifikator)
    desk.refresh_from_db()
    for name in ("kadis_ende", "operator_ende", "observer", "panitia", "verifikator"):
        with pytest.raises(Denied):
            confirm_desk(desk, by=cast[name], change=desk.change)
    with pytest.raises(Denied):
        confirm_desk(desk, by=cast.kadis_belu, change=desk.change, delegate=DELEGATE)


def test_undecided_proposals_are_named_before_the_confirmation(desk, cast):
    with pytest.raises(Blocked, match="2 usulan belum diputuskan, yang pertama “Pengembangan"):
        confirm_desk(desk, by=cast.kadis_belu, change=0)


def test_what_was_not_read_is_not_confirmed(desk, cast):
    agree_rest(desk, by=cast.verifikator)
    with pytest.raises(StaleVersion, match="Periksa lagi"):
        confirm_desk(desk, by=cast.kadis_belu, change=0)


def test_a_later_verdict_makes_the_confirmation_void(desk, cast):
    confirmed(desk, cast)
    decide(desk, proposals()[0], "ditunda", by=cast.verifikator, reason="Lahan.", base_version=1)
    desk.refresh_from_db()
    assert desk.confirmed_at is not None
    assert not desk.confirmed
    with pytest.raises(Blocked, match="belum mengonfirmasi"):
        close_desk(desk, by=cast.verifikator)
    close_desk(confirm_desk(desk, by=cast.operator_belu, change=desk.change), by=cast.verifikator)


# --- closing ---


def test_closing_applies_locks_and_orders_the_paper(desk, cast):
    closed = close_desk(confirmed(desk, cast), by=cast.verifikator, number="500.9/12/2019")
    assert (closed.status, closed.closed_by, closed.number) == ("ditutup", cast.verifikator, "500.9/12/2019")
    assert closed.document.kind == "ba_desk"
    assert {p.status for p in proposals()} == {"disepakati"}
    assert all(p.agreed_rupiah == 30 * MILLION and p.locked for p in proposals())
    with pytest.raises(Blocked, match="selama desk berlangsung"):
        decide(desk, proposals()[0], "ditunda", by=cast.verifikator, reason="x", base_version=1)


def test_nothing_is_half_closed(desk, cast, monkeypatch):
    confirmed(desk, cast)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise Blocked("Kertas habis.")

    monkeypatch.setattr("rakor.actions.closing.order_documents", broken)
    with pytest.raises(Blocked, match="Kertas habis"):
        close_desk(desk, by=cast.verifikator)
    desk.refresh_from_db()
    assert desk.status == "berlangsung"
    assert {p.status for p in proposals()} == {"siap_desk"}
    assert not Verdict.objects.filter(applied_at__isnull=False).exists()


def test_without_confirmation_or_verdicts_it_stays_open(desk, cast):
    with pytest.raises(Blocked, match="belum diputuskan"):
        close_desk(desk, by=cast.verifikator)
    agree_rest(desk, by=cast.verifikator)
    with pytest.raises(Blocked, match="belum mengonfirmasi"):
        close_desk(desk, by=cast.verifikator)


def test_a_proposal_taken_out_meanwhile_is_named(desk, cast):
    confirmed(desk, cast)
    Proposal.objects.filter(pk=proposals()[0].pk).update(status="lolos")
    with pytest.raises(Blocked, match="dikeluarkan dari desk"):
        close_desk(desk, by=cast.verifikator)


def test_a_proposal_that_came_meanwhile_is_named(desk, cast):
    confirmed(desk, cast)
    make_proposal(status="siap_desk", title="Rumah kemasan")
    with pytest.raises(Blocked, match="1 usulan belum diputuskan: “Rumah kemasan”"):
        close_desk(desk, by=cast.verifikator)


def test_only_the_leader_or_the_division_head_closes(desk, cast):
    confirmed(desk, cast)
    other = desk.leader
    Desk.objects.update(leader=cast.kabid)
    with pytest.raises(Denied, match="dipimpin oleh orang lain"):
        close_desk(desk, by=other)
    assert close_desk(desk, by=cast.kabid).status == "ditutup"


def test_an_empty_desk_is_not_closed(meeting, cast):
    desk = open_desk(make_desk(meeting), by=cast.verifikator)
    with pytest.raises(Blocked, match="Tidak ada usulan"):
        close_desk(desk, by=cast.verifikator)


@pytest.mark.django_db(transaction=True)
def test_two_closing_the_same_desk_make_one_paper(cast):
    meeting = make_meeting(status="berlangsung")
    make_proposal(status="siap_desk")
    desk = confirmed(open_desk(make_desk(meeting), by=cast.verifikator), cast)
    told, start = [], threading.Barrier(2)

    def close(by: Any) -> None:
        start.wait()
        try:
            told.append(close_desk(Desk.objects.get(pk=desk.pk), by=by).status)
        except Blocked as error:
            told.append(str(error))
        finally:
            connection.close()

    people = [threading.Thread(target=close, args=[by]) for by in (cast.verifikator, cast.kabid)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert "ditutup" in told
    assert [sentence for sentence in told if "sudah ditutup oleh" in sentence]
    assert Document.objects.filter(kind="ba_desk").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_deciding_the_same_proposal_at_their_desk(cast):
    meeting = make_meeting(status="berlangsung")
    proposal = make_proposal(status="siap_desk")
    desk = open_desk(make_desk(meeting), by=cast.verifikator)
    told, start = [], threading.Barrier(2)

    def answer(by: Any, decision: str) -> None:
        start.wait()
        try:
            told.append(decide(desk, proposal, decision, by=by, reason="Alasan.", base_version=0).decision)
        except StaleVersion:
            told.append("terlambat")
        finally:
            connection.close()

    both = ((cast.verifikator, "ditunda"), (cast.kabid, "perbaikan"))
    people = [threading.Thread(target=answer, args=each) for each in both]
    for each in people:
        each.start()
    for each in people:
        each.join()
    desk.refresh_from_db()
    assert told.count("terlambat") == 1
    assert (desk.change, VerdictRevision.objects.count()) == (1, 1)


# --- what the tables refuse ---


@pytest.mark.parametrize("values", [{"status": "ditutup"}, {"status": "berlangsung"}, {"status": "dipanggil"}])
def test_the_table_refuses_a_desk_without_its_evidence(meeting, cast, values):
    desk = make_desk(meeting)
    with pytest.raises(IntegrityError), transaction.atomic():
        Desk.objects.filter(pk=desk.pk).update(**values)


def test_the_table_refuses_a_confirmation_by_nobody(desk):
    from django.utils import timezone

    with pytest.raises(IntegrityError), transaction.atomic():
        Desk.objects.update(confirmed_at=timezone.now(), confirmed_change=0)


# --- the board ---


def test_the_board_tells_who_is_where(meeting, cast):
    plan_desks(meeting, by=cast.panitia, slots=SLOTS)
    first, fifth = Session.objects.get(regency=regency("53.01")), Session.objects.get(regency=regency("53.05"))
    open_desk(desk_for(first), by=cast.verifikator)
    call_desk(desk_for(fifth), by=cast.verifikator)
    shown = board(places(meeting))
    table = shown.tables[0]
    assert [place.session.pk for place in table.running] == [first.pk]
    assert [place.session.pk for place in table.called] == [fifth.pk]
    assert [place.session.regency.code for place in table.soon] == ["53.09", "53.13"]
    assert (shown.done, shown.total) == (0, 22)
