"""The programme as people see it: page, fragments, budgets, print, calendar, Excel, paper."""

from __future__ import annotations

import datetime as dt
import io
import re

import icalendar
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.documents.models import Document
from portal.documents.shapes import check_shape
from rakor.actions.meetings import move_meeting
from rakor.actions.sessions import PersonPlan, SessionPlan, plan_session
from rakor.models import Room, Session, SessionPerson
from rakor.queries.meeting_table import PROGRAMME_COLUMNS
from rakor.queries.papers import agenda_paper
from rakor.queries.programme import programme_of
from tests.factories import at, lead_agency, make_meeting, make_position, make_user, regency


def fill(meeting, count: int) -> None:
    """So many sessions in ten rooms over three days, each with two people."""
    rooms = [Room.objects.create(meeting=meeting, name=f"Ruang {number}") for number in range(10)]
    people = [meeting.participants.create(name=f"Orang {number}", institution="Dinas") for number in range(20)]
    belu = regency("53.04")
    sessions = []
    for number in range(count):
        slot, place = divmod(number, 10)
        start = at(8, day=meeting.starts_on + dt.timedelta(days=slot % 3)) + dt.timedelta(minutes=40 * (slot // 3))
        sessions.append(
            Session(
                meeting=meeting, kind="desk" if place < 4 else "paparan", title=f"Sesi {number}", room=rooms[place],
                starts_at=start, ends_at=start + dt.timedelta(minutes=40), regency=belu if place == 1 else None,
            )
        )  # fmt: skip
    Session.objects.bulk_create(sessions)
    SessionPerson.objects.bulk_create(
        SessionPerson(
            session=session, participant=people[shift + number % 10], part=part, starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
        for number, session in enumerate(sessions)
        for part, shift in (("moderator", 0), ("notulis", 10))
    )  # fmt: skip


class TestReaders:
    def test_draft_is_unknown_outside_the_province(self, cast, client_of, draft_meeting):
        session = draft_meeting.sessions.first()
        tails = ("", "cetak/", "kalender.ics", "excel/")
        addresses = [f"/rakor/{draft_meeting.slug}/agenda/{tail}" for tail in tails]
        addresses += [f"/rakor/{draft_meeting.slug}/sesi/{session.pk}/{tail}" for tail in ("", "kalender.ics")]
        for name in ("operator_belu", "kadis_ende", "observer"):
            for address in addresses:
                assert client_of(cast[name]).get(address).status_code == 404, address
        for address in addresses:
            assert client_of(cast.notulis).get(address).status_code == 200, address

    def test_regency_reads_without_planning(self, cast, client_of, published_meeting):
        page = client_of(cast.operator_belu).get(f"/rakor/{published_meeting.slug}/agenda/?rencana=1")
        text = page.content.decode()
        assert page.status_code == 200 and "Sambutan Gubernur" in text
        assert "pindah/" not in text and "Susun acara" not in text and "Buat PDF" not in text

    def test_own_desk_is_marked(self, cast, client_of, published_meeting):
        published_meeting.sessions.create(
            kind="desk", title="Desk Belu", regency=regency("53.04"), starts_at=at(13), ends_at=at(14)
        )
        address = f"/rakor/{published_meeting.slug}/agenda/"
        assert "is-mine" in client_of(cast.operator_belu).get(address).content.decode()
        assert "is-mine" not in client_of(cast.operator_ende).get(address).content.decode()

    def test_speech_names_owner_and_reader(self, cast, client_of, published_meeting):
        people = [PersonPlan("pemilik_sambutan", "Gubernur NTT"), PersonPlan("pembaca", "Bupati Belu", "Pemkab")]
        speech = SessionPlan("sambutan", "Sambutan", at(13), at(14), "Aula", people=people)
        plan_session(published_meeting, speech, by=cast.panitia)
        page = client_of(cast.observer).get(f"/rakor/{published_meeting.slug}/agenda/").content.decode()
        assert "Sambutan Gubernur NTT, dibacakan oleh Bupati Belu" in page

    def test_running_session_is_marked(self, cast, client_of, published_meeting, monkeypatch):
        monkeypatch.setattr("rakor.views.agenda.timezone.now", lambda: at(9, 30))
        page = client_of(cast.observer).get(f"/rakor/{published_meeting.slug}/agenda/").content.decode()
        assert page.count("Sedang berlangsung") == 1 and 'hx-trigger="every 120s"' in page

    def test_desks_are_a_matrix(self, cast, client_of):
        meeting = make_meeting(status="terjadwal")
        fill(meeting, 90)
        days = programme_of(meeting).days(kind="desk")
        matrix = days[0].blocks[0].matrix
        assert matrix.rooms == ["Ruang 0", "Ruang 1", "Ruang 2", "Ruang 3"]
        assert len(matrix.rows) == 3 and all(all(row.cells) for row in matrix.rows)
        page = client_of(cast.observer).get(f"/rakor/{meeting.slug}/agenda/?jenis=desk").content.decode()
        assert page.count('<table class="matrix">') == 3

    def test_filters_and_days(self, cast, client_of):
        meeting = make_meeting(status="terjadwal")
        fill(meeting, 30)
        client = client_of(cast.observer)
        shown = lambda query: set(re.findall(r"Sesi (\d+)", programme(client, meeting, query)))  # noqa: E731
        assert len(shown("")) == 30
        assert shown("?ruang=Ruang+5") == {"5", "15", "25"}
        assert shown("?ruang=Ruang+5&hari=2") == {"15"}
        assert shown("?hari=99&ruang=%00&jenis=x") == set()


def programme(client, meeting, query: str = "") -> str:
    """The programme part of the page, by what the server sends to htmx."""
    fragment = client.get(
        f"/rakor/{meeting.slug}/agenda/{query}", headers={"HX-Request": "true", "HX-Target": "programme"}
    )
    return fragment.content.decode()


class TestAttackers:
    @pytest.mark.parametrize(
        "query",
        ["?q=%00", "?year=%C2%B2", "?hari=%C2%B2&ruang=%00", "?hari=999999999999", "?page=%00&sort=%00&status=%00"],
    )
    def test_odd_addresses_are_no_crash(self, cast, client_of, published_meeting, query):
        client = client_of(cast.operator_belu)
        for address in ("/rakor/", f"/rakor/{published_meeting.slug}/agenda/"):
            assert client.get(address + query).status_code == 200

    def test_odd_numbers_are_not_found(self, cast, client_of, published_meeting):
        client = client_of(cast.panitia)
        for tail in ("", "ubah/", "kalender.ics"):
            address = f"/rakor/{published_meeting.slug}/sesi/99999999999999999999999/{tail}"
            assert client.get(address).status_code == 404
        assert (
            client.post(f"/rakor/{published_meeting.slug}/agenda/urungkan/99999999999999999999999/").status_code == 404
        )

    def test_script_in_a_title_stays_text(self, cast, client_of, published_meeting):
        evil = "<script>alert(1)</script>"
        people = [PersonPlan("pemapar", evil, evil)]
        session, _change = plan_session(
            published_meeting,
            SessionPlan("pleno", evil, at(13), at(14), evil, details=evil, note=evil, people=people),
            by=cast.panitia,
        )
        slug = published_meeting.slug
        for address in (
            f"/rakor/{slug}/agenda/", f"/rakor/{slug}/agenda/?rencana=1", f"/rakor/{slug}/agenda/cetak/",
            f"/rakor/{slug}/sesi/{session.pk}/", f"/rakor/{slug}/sesi/{session.pk}/ubah/", "/",
        ):  # fmt: skip
            assert evil not in client_of(cast.panitia).get(address).content.decode(), address


class TestFragments:
    @pytest.mark.parametrize("query", ["", "?hari=1", "?ruang=Aula&jenis=sambutan", "?rencana=1", "?rencana=1&hari=1"])
    def test_fragment_equals_its_page(self, cast, client_of, draft_meeting, query):
        client = client_of(cast.panitia)
        page = client.get(f"/rakor/{draft_meeting.slug}/agenda/{query}").content.decode()
        fragment = programme(client, draft_meeting, query)
        hide = lambda text: re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text).strip()  # noqa: E731
        assert hide(fragment) in hide(page)

    def test_answer_to_a_move_equals_the_page_after_it(self, cast, client_of, draft_meeting):
        client = client_of(cast.panitia, headers={"HX-Request": "true"})
        session = draft_meeting.sessions.get(title="Pleno")
        answer = client.post(f"/rakor/{draft_meeting.slug}/sesi/{session.pk}/pindah/?rencana=1", {"step": "-1"})
        hide = lambda text: re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text).strip()  # noqa: E731
        assert hide(answer.content.decode()) == hide(programme(client, draft_meeting, "?rencana=1"))


class TestBudget:
    @pytest.mark.parametrize("count", [30, 300])
    def test_agenda(self, cast, client_of, assert_queries, count):
        meeting = make_meeting(status="terjadwal")
        fill(meeting, count)
        client = client_of(cast.operator_belu)
        with assert_queries(7):
            assert client.get(f"/rakor/{meeting.slug}/agenda/").status_code == 200
        with assert_queries(6):
            programme(client, meeting)

    @pytest.mark.parametrize("count", [30, 300])
    def test_planning(self, cast, client_of, assert_queries, count):
        meeting = make_meeting()
        fill(meeting, count)
        client = client_of(cast.panitia)
        with assert_queries(7):
            assert client.get(f"/rakor/{meeting.slug}/agenda/?rencana=1").status_code == 200

    @pytest.mark.parametrize("count", [30, 300])
    def test_meeting_page_print_and_home(self, cast, client_of, assert_queries, count):
        meeting = make_meeting(status="terjadwal")
        fill(meeting, count)
        client = client_of(cast.operator_belu)
        for address, budget in ((f"/rakor/{meeting.slug}/", 9), (f"/rakor/{meeting.slug}/agenda/cetak/", 6)):
            with assert_queries(budget):
                assert client.get(address).status_code == 200


class TestTakeAway:
    def test_calendar_is_one_that_calendars_read(self, cast, client_of, published_meeting):
        text = client_of(cast.operator_belu).get(f"/rakor/{published_meeting.slug}/agenda/kalender.ics").content
        calendar = icalendar.Calendar.from_ical(text)
        assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Makassar"]
        events = calendar.walk("VEVENT")
        assert len(events) == 3
        first = min(events, key=lambda event: event["DTSTART"].dt)
        assert b"DTSTART;TZID=Asia/Makassar:20190424T080000" in text
        assert first["SUMMARY"] == "Pembukaan" and first["SEQUENCE"] == 1
        assert first["LOCATION"] == "Aula, Hotel Matahari, Atambua"

    def test_uid_stays_and_sequence_rises(self, cast, client_of, published_meeting):
        session = published_meeting.sessions.first()
        address = f"/rakor/{published_meeting.slug}/sesi/{session.pk}/kalender.ics"
        client = client_of(cast.observer)
        before = icalendar.Calendar.from_ical(client.get(address).content).walk("VEVENT")[0]
        Session.objects.filter(pk=session.pk).update(version=5, title="Judul lain")
        after = icalendar.Calendar.from_ical(client.get(address).content).walk("VEVENT")[0]
        assert before["UID"] == after["UID"] and (before["SEQUENCE"], after["SEQUENCE"]) == (1, 5)

    def test_excel_has_the_columns_of_the_loader_and_no_formulas(self, cast, client_of, published_meeting):
        plan_session(published_meeting, SessionPlan("pleno", "=1+1", at(13), at(14), "Aula"), by=cast.panitia)
        answer = client_of(cast.observer).get(f"/rakor/{published_meeting.slug}/agenda/excel/")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        assert list(rows[0]) == PROGRAMME_COLUMNS and len(rows) == 5
        title = sheet.cell(5, PROGRAMME_COLUMNS.index("acara") + 1)
        assert title.value == "=1+1" and title.data_type == "s"

    def test_print_has_the_official_columns(self, cast, client_of, published_meeting):
        text = client_of(cast.observer).get(f"/rakor/{published_meeting.slug}/agenda/cetak/").content.decode()
        columns = "Waktu (WITA)", "Acara", "Narasumber/Penanggung jawab", "Moderator", "Notulis", "Ruang", "Keterangan"
        for column in columns:
            assert f'<th scope="col">{column}</th>' in text


class TestPaper:
    def test_facts_fit_the_template_and_name_no_moment(self, cast, published_meeting):
        facts = agenda_paper(published_meeting)
        check_shape("agenda", 1, facts)
        assert facts == agenda_paper(published_meeting)
        assert [row["time"] for row in facts["days"][0]["rows"]] == ["08.00–09.00", "09.00–10.00", "10.00–11.00"]
        assert (facts["dates"], facts["place"]) == ("24–26 April 2019", "Hotel Matahari, Atambua")
        assert facts["zone"] == "WITA"

    def test_acting_head_signs_before_the_head(self, cast, published_meeting):
        assert agenda_paper(published_meeting)["signatures"][0]["name"] == cast.kadis_prov.full_name
        acting = make_user("plt", full_name="Pelaksana Tugas Contoh")
        office = lead_agency()
        make_position(
            acting, "kadis_prov", office, title="Kepala Dinas", standing="plt",
            starts_on=dt.date(2019, 1, 1), ends_on=dt.date(2019, 12, 31),
        )  # fmt: skip
        signature = agenda_paper(published_meeting)["signatures"][0]
        assert signature["name"] == "Pelaksana Tugas Contoh" and signature["office"].startswith("Plt. Kepala Dinas")
        assert signature["place_date"] == ""
        published_meeting.agenda_dated_on = dt.date(2020, 1, 10)
        signature = agenda_paper(published_meeting)["signatures"][0]
        assert (signature["name"], signature["place_date"]) == (cast.kadis_prov.full_name, "Kupang, 10 Januari 2020")

    def test_order_once_and_read_by_whom_it_concerns(self, cast, client_of, draft_meeting):
        client, address = client_of(cast.panitia), f"/rakor/{draft_meeting.slug}/agenda/pdf/"
        places = [client.post(address)["Location"] for _ in range(2)]
        assert places[0] == places[1] and Document.objects.count() == 1
        assert client.get(places[0]).status_code == 200
        draft = Document.objects.get()
        assert draft.facts["status"] == "Rancangan"
        assert client_of(cast.operator_belu).get(places[0]).status_code in (403, 404)
        move_meeting(draft_meeting, "schedule", by=cast.panitia)
        assert client_of(cast.operator_belu).get(places[0]).status_code in (403, 404)  # the draft stays inside
        final = client.post(address)["Location"]
        assert final != places[0] and client_of(cast.operator_belu).get(final).status_code == 200

    def test_regencies_do_not_order(self, cast, client_of, published_meeting):
        answer = client_of(cast.operator_belu).post(f"/rakor/{published_meeting.slug}/agenda/pdf/")
        assert answer.status_code == 403 and not Document.objects.exists()

    def test_empty_programme_is_refused_with_the_reason(self, cast, client_of):
        meeting = make_meeting()
        page = client_of(cast.panitia).get(f"/rakor/{meeting.slug}/agenda/").content.decode()
        assert "Susunan acara masih kosong." in page
        assert client_of(cast.panitia).post(f"/rakor/{meeting.slug}/agenda/pdf/").status_code == 403

    def test_paper_is_indonesian_whoever_orders(self, cast, published_meeting):
        from django.utils import translation

        with translation.override("en"):
            facts = agenda_paper(published_meeting)
        assert facts["days"][0]["name"] == "Hari pertama"


def test_get_writes_nothing(cast, client_of, published_meeting):
    with CaptureQueriesContext(connection) as queries:
        client_of(cast.panitia).get(f"/rakor/{published_meeting.slug}/agenda/pdf/")
    assert not Document.objects.exists()
    assert not any("rakor" in query["sql"] and query["sql"].startswith("INSERT") for query in queries)
