"""The programme's verbs: overlaps, order, undo, and many hands at once."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection

from portal.kernel.errors import Blocked, Denied, StaleVersion
from rakor.actions.sessions import (
    PersonPlan,
    SessionPlan,
    change_session,
    delete_session,
    move_session,
    plan_session,
    undo_change,
)
from rakor.models import Participant, ProgrammeChange, Room, Session
from tests.factories import at, make_meeting, make_minutes


def plan(title: str = "Paparan", start: int = 13, end: int = 14, room: str = "Aula", **values) -> SessionPlan:
    """A presentation in the hall after lunch."""
    return SessionPlan(kind="paparan", title=title, starts_at=at(start), ends_at=at(end), room=room, **values)


def times(meeting, room: str = "Aula") -> list[tuple[str, str]]:
    """(title, "09.00–10.00") in order, local."""
    rows = Session.objects.filter(meeting=meeting, room__name=room).order_by("starts_at")
    return [(row.title, f"{row.starts_at.astimezone(at(0).tzinfo):%H.%M}") for row in rows]


class TestOverlap:
    def test_room_is_named_with_the_other_session(self, cast, draft_meeting):
        with pytest.raises(Blocked) as error:
            plan_session(draft_meeting, plan(start=8, end=9), by=cast.panitia)
        assert str(error.value) == (
            "Ruang “Aula” sudah dipakai sesi “Pembukaan” pada Rabu, 24 April 2019 pukul 08.00–09.00 WITA."
        )
        assert draft_meeting.sessions.count() == 3

    def test_person_is_named(self, cast, draft_meeting):
        people = [PersonPlan("pemapar", "Ibu Ani", "Bappeda")]
        plan_session(draft_meeting, plan(people=people), by=cast.panitia)
        with pytest.raises(
            Blocked, match=r"Ibu Ani sudah bertugas di sesi “Paparan” pada Rabu, 24 April 2019 pukul 13\.00"
        ):
            plan_session(draft_meeting, plan("Desk", room="Meja 1", people=people), by=cast.panitia)

    def test_owner_of_a_speech_may_be_elsewhere(self, cast, draft_meeting):
        governor = [PersonPlan("pemilik_sambutan", "Gubernur")]
        plan_session(draft_meeting, plan(people=governor), by=cast.panitia)
        plan_session(draft_meeting, plan("Lain", room="Meja 1", people=governor), by=cast.panitia)
        assert draft_meeting.sessions.count() == 5

    def test_two_parts_in_one_session_are_one_person(self, cast, draft_meeting):
        people = [PersonPlan("moderator", "Pak Budi", "Dinas"), PersonPlan("pimpinan", "pak budi")]
        session, _change = plan_session(draft_meeting, plan(people=people), by=cast.panitia)
        assert Participant.objects.get().parts.count() == 2
        assert session.people.filter(occupies=True).count() == 1

    def test_ends_may_touch(self, cast, draft_meeting):
        plan_session(draft_meeting, plan(start=11, end=12), by=cast.panitia)

    def test_end_before_start_is_no_crash(self, cast, client_of, draft_meeting):
        answer = client_of(cast.panitia).post(
            f"/rakor/{draft_meeting.slug}/agenda/sesi-baru/", form(starts="14:00", ends="13:00")
        )
        assert answer.status_code == 422 and "sesudah waktu mulai" in answer.content.decode()


@pytest.mark.django_db
def test_a_forged_number_of_rows_costs_no_seconds(cast, client_of, draft_meeting):
    new_session = f"/rakor/{draft_meeting.slug}/agenda/sesi-baru/"
    for address, prefix, most in ((new_session, "people", 60), ("/rakor/baru/", "organisers", 30)):
        rows = {f"{prefix}-TOTAL_FORMS": "5000", f"{prefix}-INITIAL_FORMS": "0"}
        answer = client_of(cast.panitia).post(address, rows)
        assert answer.status_code == 422
        assert len(answer.context[prefix].forms) == most


def form(**changes: object) -> dict[str, object]:
    """What a browser sends for a session without people."""
    return {
        "kind": "paparan", "title": "Paparan", "day": "2019-04-24", "starts": "13:00", "ends": "14:00", "room": "Aula",
        "client_key": str(uuid.uuid4()), "people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0",
        "people-0-part": "", "people-0-name": "", "people-0-institution": "", **changes,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def together(self, *calls) -> list[object]:
        results: list[object] = []

        def run(call) -> None:
            try:
                results.append(call())
            except Exception as error:  # noqa: BLE001  the test looks at whatever came
                results.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[call]) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def test_one_of_two_gets_the_room(self, cast, client_of, draft_meeting):
        address = f"/rakor/{draft_meeting.slug}/agenda/sesi-baru/"
        answers = self.together(
            lambda: client_of(cast.panitia).post(address, form(title="A")),
            lambda: client_of(cast.kabid).post(address, form(title="B")),
        )
        assert sorted(answer.status_code for answer in answers) == [302, 409]
        refused = next(answer for answer in answers if answer.status_code == 409).content.decode()
        stored = draft_meeting.sessions.get(starts_at=at(13)).title
        assert f"Ruang “Aula” sudah dipakai sesi “{stored}”" in refused

    def test_one_of_two_gets_the_person(self, cast, draft_meeting):
        people = [PersonPlan("moderator", "Pak Budi")]
        results = self.together(
            lambda: plan_session(draft_meeting, plan("A", room="Meja 1", people=people), by=cast.panitia),
            lambda: plan_session(draft_meeting, plan("B", room="Meja 2", people=people), by=cast.kabid),
        )
        assert [type(result) for result in results].count(Blocked) == 1
        assert "Pak Budi sudah bertugas" in next(str(result) for result in results if isinstance(result, Blocked))

    def test_same_form_at_once_is_one_session(self, cast, client_of, draft_meeting):
        address, data = f"/rakor/{draft_meeting.slug}/agenda/sesi-baru/", form()
        answers = self.together(*(lambda: client_of(cast.panitia).post(address, data) for _ in range(3)))
        assert [answer.status_code for answer in answers] == [302, 302, 302]
        assert draft_meeting.sessions.filter(title="Paparan").count() == 1

    def test_moves_at_once_keep_the_order_whole(self, cast, draft_meeting):
        first, *_rest, last = draft_meeting.sessions.order_by("starts_at")
        self.together(
            lambda: move_session(first, step=1, by=cast.panitia), lambda: move_session(last, step=-1, by=cast.kabid)
        )
        assert [time for _title, time in times(draft_meeting)] == ["08.00", "09.00", "10.00"]


class TestOrder:
    @pytest.fixture
    def morning(self, cast):
        """Aula: A 08.00–09.00, pause 30, B 09.30–09.45, C 09.45–11.00; Lobi: rest 09.00–09.30."""
        meeting = make_meeting()
        aula, lobby = (Room.objects.create(meeting=meeting, name=name) for name in ("Aula", "Lobi"))
        for title, room, start, end in (
            ("A", aula, at(8), at(9)), ("B", aula, at(9, 30), at(9, 45)), ("C", aula, at(9, 45), at(11)),
            ("Rehat", lobby, at(9), at(9, 30)),
        ):  # fmt: skip
            meeting.sessions.create(kind="pleno", title=title, room=room, starts_at=start, ends_at=end)
        return meeting

    def test_durations_go_along_and_pauses_stay(self, cast, morning):
        move_session(morning.sessions.get(title="C"), step=-1, by=cast.panitia)
        assert times(morning) == [("A", "08.00"), ("C", "09.30"), ("B", "10.45")]
        move_session(morning.sessions.get(title="A"), to=2, by=cast.panitia)
        assert times(morning) == [("C", "08.00"), ("B", "09.45"), ("A", "10.00")]
        assert max(row.ends_at for row in morning.sessions.all()) == at(11)
        assert times(morning, "Lobi") == [("Rehat", "09.00")]

    def test_at_the_end_nothing_happens(self, cast, morning):
        assert move_session(morning.sessions.get(title="A"), step=-1, by=cast.panitia) is None
        assert move_session(morning.sessions.get(title="C"), to=99, by=cast.panitia) is None
        assert not ProgrammeChange.objects.exists()

    def test_other_days_and_rooms_stay(self, cast, morning):
        tomorrow = morning.sessions.create(
            kind="pleno", title="D", room=Room.objects.get(name="Aula"),
            starts_at=at(8, day=dt.date(2019, 4, 25)), ends_at=at(9, day=dt.date(2019, 4, 25)),
        )  # fmt: skip
        assert move_session(tomorrow, step=-1, by=cast.panitia) is None

    def test_person_in_the_way_refuses_and_changes_nothing(self, cast, morning):
        people = [PersonPlan("pemapar", "Ibu Ani")]
        b = morning.sessions.get(title="B")
        change_session(
            b, SessionPlan("pleno", "B", at(9, 30), at(9, 45), "Aula", people=people), version=1, by=cast.panitia
        )
        plan_session(morning, SessionPlan("desk", "Desk", at(10), at(11), "Meja 1", people=people), by=cast.panitia)
        before = times(morning)
        with pytest.raises(Blocked, match="Ibu Ani sudah bertugas di sesi “Desk”"):
            move_session(b, step=1, by=cast.panitia)
        assert times(morning) == before

    def test_people_follow_their_session(self, cast, morning):
        c = morning.sessions.get(title="C")
        plan_c = SessionPlan("pleno", "C", at(9, 45), at(11), "Aula", people=[PersonPlan("moderator", "Pak Budi")])
        change_session(c, plan_c, version=1, by=cast.panitia)
        move_session(c, to=0, by=cast.panitia)
        person = c.people.get()
        assert (person.starts_at, person.ends_at) == (at(8), at(9, 15))


class TestSigned:
    def test_what_a_final_notula_says_stays_true(self, cast, published_meeting):
        opening, speech, plenary = published_meeting.sessions.all()
        chair, recorder = cast.kadis_prov.positions.get(), cast.notulis.positions.get()
        make_minutes(speech, status="final", chair=chair, recorder=recorder)
        before = times(published_meeting)
        with pytest.raises(Blocked, match="Notula sesi “Sambutan Gubernur” sudah final"):
            change_session(
                speech, SessionPlan("sambutan", "Judul lain", at(9), at(10), "Aula"), version=1, by=cast.panitia
            )
        with pytest.raises(Blocked, match="sudah final"):
            move_session(opening, to=2, by=cast.panitia)
        assert times(published_meeting) == before
        change_session(plenary, SessionPlan("pleno", "Pleno 1", at(10), at(11), "Aula"), version=1, by=cast.panitia)

    def test_what_it_does_not_say_may_change(self, cast, published_meeting):
        speech = published_meeting.sessions.get(title="Sambutan Gubernur")
        chair, recorder = cast.kadis_prov.positions.get(), cast.notulis.positions.get()
        make_minutes(speech, status="final", chair=chair, recorder=recorder)
        same = SessionPlan("sambutan", "Sambutan Gubernur", at(9), at(10), "Aula", note="Pakaian: tenun")
        change_session(speech, same, version=1, by=cast.panitia)


class TestUndo:
    def test_deleted_session_comes_back_whole(self, cast, draft_meeting):
        people = [PersonPlan("pemapar", "Ibu Ani", "Bappeda"), PersonPlan("moderator", "Pak Budi")]
        session, _change = plan_session(draft_meeting, plan(people=people), by=cast.panitia)
        pk, version = session.pk, session.version
        change = delete_session(session, by=cast.panitia)
        assert not Session.objects.filter(pk=pk).exists()
        undo_change(change, by=cast.kabid)
        back = Session.objects.get(pk=pk)
        assert (back.title, back.starts_at, back.room.name) == ("Paparan", at(13), "Aula")
        assert [row.participant.name for row in back.people.order_by("position")] == ["Ibu Ani", "Pak Budi"]
        assert back.version > version

    def test_added_changed_and_moved(self, cast, draft_meeting):
        before = times(draft_meeting)
        session, added = plan_session(draft_meeting, plan(), by=cast.panitia)
        changed = change_session(session, plan("Lain", 15, 16), version=1, by=cast.panitia)
        undo_change(changed, by=cast.panitia)
        assert ("Paparan", "13.00") in times(draft_meeting)
        moved = move_session(draft_meeting.sessions.get(title="Pleno"), step=-1, by=cast.panitia)
        undo_change(moved, by=cast.panitia)
        assert times(draft_meeting)[:3] == before
        with pytest.raises(Blocked, match="sudah diubah lagi"):
            undo_change(added, by=cast.panitia)

    def test_twice_or_too_late_is_a_sentence(self, cast, draft_meeting):
        session, _added = plan_session(draft_meeting, plan(), by=cast.panitia)
        change = delete_session(session, by=cast.panitia)
        plan_session(draft_meeting, plan("Pengganti"), by=cast.panitia)
        with pytest.raises(Blocked, match="sudah dipakai sesi “Pengganti”"):
            undo_change(change, by=cast.panitia)
        delete_session(draft_meeting.sessions.get(title="Pengganti"), by=cast.panitia)
        undo_change(change, by=cast.panitia)
        with pytest.raises(Blocked, match="sudah diurungkan"):
            undo_change(change, by=cast.panitia)

    def test_minutes_keep_their_session(self, cast, draft_meeting):
        session = draft_meeting.sessions.first()
        make_minutes(session)
        with pytest.raises(Blocked, match="sudah mempunyai notula"):
            delete_session(session, by=cast.panitia)


class TestForms:
    def test_stale_form_shows_both(self, cast, client_of, draft_meeting):
        session = draft_meeting.sessions.first()
        address = f"/rakor/{draft_meeting.slug}/sesi/{session.pk}/ubah/"
        client = client_of(cast.panitia)
        assert client.post(address, form(version=1, title="Judul mereka")).status_code == 302
        late = client.post(address, form(version=1, title="Judul saya"))
        assert late.status_code == 409
        text = late.content.decode()
        assert "Judul mereka" in text and "Judul saya" in text and 'name="version" value="2"' in text
        assert Session.objects.get(pk=session.pk).title == "Judul mereka"

    def test_stale_version_is_an_error_of_the_verb(self, cast, draft_meeting):
        with pytest.raises(StaleVersion):
            change_session(draft_meeting.sessions.first(), plan(), version=9, by=cast.panitia)

    def test_people_by_name_and_duration(self, cast, client_of, draft_meeting):
        data = form(ends="", duration="45")
        data |= {"people-0-part": "pembaca", "people-0-name": "Bupati Belu", "people-0-institution": "Pemkab Belu"}
        assert client_of(cast.panitia).post(f"/rakor/{draft_meeting.slug}/agenda/sesi-baru/", data).status_code == 302
        session = draft_meeting.sessions.get(title="Paparan")
        assert session.ends_at == at(13, 45)
        assert str(session.people.get().participant) == "Bupati Belu (Pemkab Belu)"

    def test_name_without_part_is_refused_beside_the_field(self, cast, client_of, draft_meeting):
        data = form() | {"people-0-name": "Bupati Belu"}
        answer = client_of(cast.panitia).post(f"/rakor/{draft_meeting.slug}/agenda/sesi-baru/", data)
        assert answer.status_code == 422 and "Pilih peran orang ini." in answer.content.decode()

    def test_htmx_answers_with_the_programme_and_an_undo(self, cast, client_of, draft_meeting):
        client = client_of(cast.panitia, headers={"HX-Request": "true", "HX-Target": "programme"})
        session = draft_meeting.sessions.get(title="Pleno")
        answer = client.post(f"/rakor/{draft_meeting.slug}/sesi/{session.pk}/pindah/?rencana=1", {"step": "-1"})
        assert answer.status_code == 200 and answer["HX-Retarget"] == "#programme"
        assert "agenda/urungkan/" in answer["HX-Trigger"]
        change = ProgrammeChange.objects.get()
        assert client.post(f"/rakor/{draft_meeting.slug}/agenda/urungkan/{change.pk}/").status_code == 200
        assert client.post(f"/rakor/{draft_meeting.slug}/agenda/urungkan/{change.pk}/").status_code == 409

    @pytest.mark.parametrize("name", ["operator_belu", "kadis_belu", "observer", "notulis", "kadis_prov", "stranger"])
    def test_others_do_not_plan(self, cast, client_of, name, published_meeting):
        client, slug = client_of(cast[name]), published_meeting.slug
        session = published_meeting.sessions.first()
        change = delete_session(session, by=cast.panitia)
        other = published_meeting.sessions.first()
        for address in (
            f"/rakor/{slug}/agenda/sesi-baru/", f"/rakor/{slug}/sesi/{other.pk}/ubah/",
            f"/rakor/{slug}/sesi/{other.pk}/hapus/", f"/rakor/{slug}/sesi/{other.pk}/pindah/",
            f"/rakor/{slug}/agenda/urungkan/{change.pk}/",
        ):  # fmt: skip
            assert client.post(address, form(version=1, step="1")).status_code == 403, address
            assert client.get(address).status_code == 403, address
        with pytest.raises(Denied):
            delete_session(other, by=cast[name])
        assert published_meeting.sessions.count() == 2

    def test_sessions_of_another_edition_are_not_reached(self, cast, client_of, draft_meeting):
        other = make_meeting(slug="lain")
        session = draft_meeting.sessions.first()
        assert client_of(cast.panitia).post(f"/rakor/{other.slug}/sesi/{session.pk}/hapus/").status_code == 404
        assert client_of(cast.panitia).get(f"/rakor/{other.slug}/sesi/{session.pk}/").status_code == 404
