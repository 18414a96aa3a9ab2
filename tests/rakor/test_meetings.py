"""Editions: list, forms, copying, moves, and those who must not."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from rakor.actions.meetings import change_meeting, copy_meeting, create_meeting, delete_meeting, move_meeting
from rakor.actions.sessions import SessionPlan, plan_session
from rakor.forms.meetings import MeetingForm
from rakor.models import Meeting, Session
from rakor.queries.days import date_warnings
from tests import factories
from tests.factories import lead_agency, make_meeting, make_programme, regency
from tests.factories_agreements import make_agreement

VALUES = {
    "title": "Rapat Koordinasi 2027", "execution_year": 2027, "starts_on": dt.date(2027, 4, 20),
    "ends_on": dt.date(2027, 4, 22), "venue": "Aula", "town": "Kupang", "host_regency": None, "aims": "",
    "funding_document": "", "funding_sub_activity": "", "invitation_number": "", "agenda_dated_on": None,
}  # fmt: skip


def form_data(**changes: object) -> dict[str, object]:
    """What a browser sends for a new edition with one organiser."""
    plain = {name: "" if value is None else value for name, value in VALUES.items()}
    return {
        **plain, "client_key": str(uuid.uuid4()), "organisers-TOTAL_FORMS": "2", "organisers-INITIAL_FORMS": "0",
        "organisers-MIN_NUM_FORMS": "0", "organisers-MAX_NUM_FORMS": "12",
        "organisers-0-role": "penyelenggara", "organisers-0-agency": lead_agency().pk,
        "organisers-1-role": "", "organisers-1-agency": "", **changes,
    }  # fmt: skip


class TestDates:
    def test_weekday_needs_no_word(self):
        assert date_warnings(dt.date(2019, 4, 24), dt.date(2019, 4, 26)) == []

    def test_weekend_and_holiday_are_named(self):
        found = date_warnings(dt.date(2026, 4, 24), dt.date(2026, 4, 26))
        assert found == [
            "Sabtu, 25 April 2026 jatuh pada akhir pekan.",
            "Minggu, 26 April 2026 jatuh pada akhir pekan.",
        ]
        assert date_warnings(dt.date(2019, 5, 1), dt.date(2019, 5, 1)) == [
            "Rabu, 1 Mei 2019 adalah hari libur: Hari Buruh Internasional."
        ]

    def test_form_wants_confirmation_not_other_dates(self, db):
        factories.ensure_initial_data()
        data = form_data(starts_on="2026-04-24", ends_on="2026-04-26")
        form = MeetingForm(data)
        assert not form.is_valid() and list(form.errors) == ["days_confirmed"]
        assert MeetingForm(data | {"days_confirmed": "on"}).is_valid()

    def test_days_are_checked_while_typing(self, cast, client_of):
        answer = client_of(cast.panitia).get("/rakor/periksa-tanggal/?starts_on=2026-04-25&ends_on=2026-04-25")
        assert "Sabtu, 25 April 2026" in answer.content.decode()
        assert client_of(cast.panitia).get("/rakor/periksa-tanggal/?starts_on=x&ends_on=").status_code == 200


class TestCreate:
    def test_create_from_the_form(self, cast, client_of):
        answer = client_of(cast.panitia).post("/rakor/baru/", form_data())
        assert answer.status_code == 302 and answer["Location"] == "/rakor/kupang-2027/agenda/"
        meeting = Meeting.objects.get(slug="kupang-2027")
        assert (meeting.planning_year, meeting.status, meeting.published) == (2028, "persiapan", False)
        assert [row.agency for row in meeting.organisers.all()] == [lead_agency()]
        assert Entry.objects.about(meeting).count() == 1

    def test_double_click_makes_one(self, cast, client_of):
        data, client = form_data(), client_of(cast.panitia)
        first, second = client.post("/rakor/baru/", data), client.post("/rakor/baru/", data)
        assert first["Location"] == second["Location"]
        assert Meeting.objects.count() == 1

    def test_wrong_form_keeps_what_was_typed(self, cast, client_of):
        answer = client_of(cast.panitia).post("/rakor/baru/", form_data(ends_on="2027-04-01", venue="Gedung Serbaguna"))
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "Tanggal selesai mendahului" in text and "Gedung Serbaguna" in text
        assert not Meeting.objects.exists()

    @pytest.mark.parametrize("name", ["operator_belu", "kadis_belu", "observer", "notulis", "stranger", "kadis_prov"])
    def test_others_do_not(self, cast, client_of, name):
        assert client_of(cast[name]).post("/rakor/baru/", form_data()).status_code == 403
        with pytest.raises(Denied):
            create_meeting(VALUES, [], by=cast[name])
        assert not Meeting.objects.exists()

    def test_the_admin_makes_a_draft_and_says_yes_to_nothing(self, cast, client_of):
        """Domain §8.2 step 1 and §7: he creates the edition and corrects the draft; the committee does the rest."""
        client = client_of(cast.admin)
        assert "Edisi baru" in client.get("/rakor/").content.decode()
        answer = client.post("/rakor/baru/", form_data())
        meeting = Meeting.objects.get()
        assert answer["Location"] == "/rakor/kupang-2027/" and meeting.status == "persiapan"
        page = client.get(answer["Location"]).content.decode()
        assert "Susunan acaranya dibuat oleh panitia." in page and "/rakor/kupang-2027/ubah/" in page
        assert "?rencana=1" not in page
        change_meeting(meeting, {**VALUES, "venue": "Gedung Serbaguna"}, [], version=1, by=cast.admin)
        day = [factories.at(hour, day=VALUES["starts_on"]) for hour in (9, 10)]
        for refused in (
            lambda: move_meeting(meeting, "schedule", by=cast.admin),
            lambda: move_meeting(meeting, "cancel", by=cast.admin, note="x"),
            lambda: delete_meeting(meeting, by=cast.admin),
            lambda: plan_session(meeting, SessionPlan("pembukaan", "Pembukaan", *day), by=cast.admin),
        ):
            with pytest.raises(Denied):
                refused()

    @pytest.mark.parametrize("status", ["terjadwal", "persiapan"])
    def test_what_others_have_seen_is_not_the_admins(self, cast, client_of, status):
        """Also when it was taken back into preparation after it had been published."""
        meeting = create_meeting(VALUES, [], by=cast.admin)
        Meeting.objects.filter(pk=meeting.pk).update(status=status, published=True)
        with pytest.raises(Denied, match="diubah oleh panitia atau Kepala Bidang"):
            change_meeting(meeting, {**VALUES, "venue": "Lain"}, [], version=1, by=cast.admin)
        page = client_of(cast.admin).get(meeting.get_absolute_url()).content.decode()
        assert "/kupang-2027/ubah/" not in page and "/kupang-2027/salin/" in page


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one(cast):
    key, made = uuid.uuid4(), []

    def click() -> None:
        try:
            made.append(create_meeting(VALUES, [], by=cast.panitia, client_key=key).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4 and len(set(made)) == 1 == Meeting.objects.count()


class TestTheEditionBefore:
    def test_a_new_edition_looks_back_on_the_last_one_and_on_what_it_agreed(self, cast, client_of):
        before = make_agreement(cast, "disepakati").meeting
        cancelled = {"status": "dibatalkan", "cancelled_reason": "Anggaran"}
        make_meeting(slug="batal", starts_on=dt.date(2021, 4, 1), ends_on=dt.date(2021, 4, 2), **cancelled)
        client = client_of(cast.panitia)
        client.post("/rakor/baru/", form_data())
        made = Meeting.objects.get(execution_year=2027)
        assert made.previous == before
        assert f'href="/rakor/{before.slug}/kesepakatan/"' in client.get(made.get_absolute_url()).content.decode()
        client.post("/rakor/baru/", form_data(execution_year=2028, starts_on="2028-04-20", ends_on="2028-04-21"))
        assert Meeting.objects.get(execution_year=2028).previous == made
        earlier = {"execution_year": 2026, "starts_on": "2026-04-21", "ends_on": "2026-04-22", "town": "Ende"}
        client.post("/rakor/baru/", form_data(**earlier))
        assert Meeting.objects.get(execution_year=2026).previous is None  # another one follows that edition already

    def test_a_recap_is_no_agreed_list(self, cast, client_of):
        before = make_agreement(cast).meeting
        made = make_meeting(slug="baru", previous=before)
        assert (
            f"{before.slug}/kesepakatan/" not in client_of(cast.panitia).get(made.get_absolute_url()).content.decode()
        )


class TestOneEditionAYear:
    SENTENCE = "Tahun perencanaan 2028 sudah dibahas dalam"

    def test_no_second_one(self, cast, client_of):
        first = create_meeting(VALUES, [], by=cast.panitia)
        with pytest.raises(Blocked, match=self.SENTENCE):
            create_meeting({**VALUES, "town": "Ende"}, [], by=cast.panitia)
        answer = client_of(cast.panitia).post("/rakor/baru/", form_data(town="Ende", venue="Gedung Serbaguna"))
        text = answer.content.decode()
        assert answer.status_code == 422 and self.SENTENCE in text and "Gedung Serbaguna" in text
        assert list(Meeting.objects.all()) == [first]

    def test_a_cancelled_one_makes_room(self, cast):
        first = create_meeting(VALUES, [], by=cast.panitia)
        move_meeting(first, "cancel", by=cast.panitia, note="Diganti.")
        slugs = [first.slug, create_meeting(VALUES, [], by=cast.panitia).slug]
        assert slugs == ["kupang-2027", "kupang-2027-2"]

    def test_nor_by_changing_or_copying(self, cast, client_of, draft_meeting):
        create_meeting(VALUES, [], by=cast.panitia)
        client = client_of(cast.panitia)
        changed = form_data(version=1, starts_on="2019-04-24", ends_on="2019-04-26")
        for path, data in (
            ("ubah", changed),
            ("salin", {"starts_on": "2027-05-18", "ends_on": "2027-05-20", "venue": "Aula", "town": "Soe"}),
        ):
            answer = client.post(f"/rakor/{draft_meeting.slug}/{path}/", data)
            assert (answer.status_code, self.SENTENCE in answer.content.decode()) == (422, True), path
        with pytest.raises(Blocked, match=self.SENTENCE):
            change_meeting(draft_meeting, VALUES, [], version=1, by=cast.panitia, shift_programme=True)
        same = form_data(version=1, starts_on="2019-04-24", ends_on="2019-04-26", execution_year=2019)
        assert client.post(f"/rakor/{draft_meeting.slug}/ubah/", same).status_code == 302

    def test_the_database_says_so_too(self, cast, draft_meeting):
        with pytest.raises(IntegrityError, match="meeting_one_per_year"), transaction.atomic():
            make_meeting(slug="lain", planning_year=draft_meeting.planning_year, execution_year=2019)
        make_meeting(slug="batal", planning_year=2020, execution_year=2019, status="dibatalkan", cancelled_reason="x")

    def test_the_migration_names_what_stands_in_its_way(self, cast, draft_meeting, monkeypatch):
        migration = import_module("rakor.migrations.0009_one_edition_a_year")
        migration.look_for_doubles(apps, None)
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX meeting_one_per_year")
        make_meeting(slug="lain", planning_year=2020, execution_year=2019)
        with pytest.raises(RuntimeError, match="2020: lain, rakor-konsep"):
            migration.look_for_doubles(apps, None)


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_make_one_edition_of_a_year(cast):
    made: list[object] = []

    def plan(town: str) -> None:
        try:
            made.append(create_meeting({**VALUES, "town": town}, [], by=cast.panitia))
        except Blocked as error:
            made.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=plan, args=(town,)) for town in ("Kupang", "Ende", "Soe")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Meeting.objects.count() == 1 and sum(isinstance(each, Blocked) for each in made) == 2


class TestChange:
    def test_stale_form_shows_both_and_loses_nothing(self, cast, client_of, draft_meeting):
        address = f"/rakor/{draft_meeting.slug}/ubah/"
        base = form_data(version=1, starts_on="2019-04-24", ends_on="2019-04-26", town="Atambua", execution_year=2019)
        client = client_of(cast.panitia)
        assert client.post(address, base | {"venue": "Gedung A"}).status_code == 302
        late = client.post(address, base | {"venue": "Gedung B", "version": "1"})
        assert late.status_code == 409
        text = late.content.decode()
        assert "Gedung A" in text and "Gedung B" in text and "sudah menyimpan perubahan" in text
        assert Meeting.objects.get().venue == "Gedung A"
        again = client.post(address, base | {"venue": "Gedung B", "version": "2"})
        assert again.status_code == 302 and Meeting.objects.get().venue == "Gedung B"

    def test_organisers_are_changed_and_survive_a_late_form(self, cast, client_of, draft_meeting):
        draft_meeting.organisers.create(role="kerja_sama", agency=lead_agency(), position=1)
        draft_meeting.organisers.create(role="tuan_rumah", agency=lead_agency("53.04"), position=2)
        client, address = client_of(cast.panitia), f"/rakor/{draft_meeting.slug}/ubah/"
        assert 'name="organisers-1-DELETE"' in client.get(address).content.decode()
        rows = {
            "organisers-TOTAL_FORMS": "4", "organisers-INITIAL_FORMS": "2",
            "organisers-0-role": "kerja_sama", "organisers-0-agency": lead_agency().pk,
            "organisers-1-role": "tuan_rumah", "organisers-1-agency": lead_agency("53.04").pk,
            "organisers-2-role": "penyelenggara", "organisers-2-agency": lead_agency("53.08").pk,
            "organisers-3-role": "", "organisers-3-agency": "",
        }  # fmt: skip
        data = form_data(version=1, starts_on="2019-04-24", ends_on="2019-04-26", **rows)
        assert client.post(address, data | {"organisers-1-DELETE": "on"}).status_code == 302
        stored = [(row.role, row.agency) for row in draft_meeting.organisers.all()]
        assert stored == [("kerja_sama", lead_agency()), ("penyelenggara", lead_agency("53.08"))]
        assert client.post(address, data).status_code == 409  # late: a conflict, not a form nobody can mend
        assert client.post(address, data | {"version": 2}).status_code == 302
        assert draft_meeting.organisers.count() == 3
        twice = data | {"version": 3, "organisers-2-agency": lead_agency().pk}
        assert "sudah tercantum di atas" in client.post(address, twice).content.decode()

    def test_stale_version_changes_nothing(self, cast, draft_meeting):
        with pytest.raises(StaleVersion):
            change_meeting(draft_meeting, VALUES, [], version=7, by=cast.panitia)

    def test_new_dates_shift_the_programme_or_are_refused(self, cast, draft_meeting):
        before = list(Session.objects.values_list("starts_at", flat=True))
        with pytest.raises(Blocked, match="3 sesi berada di luar tanggal baru"):
            change_meeting(draft_meeting, VALUES, [], version=1, by=cast.panitia)
        change_meeting(draft_meeting, VALUES, [], version=1, by=cast.panitia, shift_programme=True)
        shift = VALUES["starts_on"] - dt.date(2019, 4, 24)
        assert list(Session.objects.values_list("starts_at", flat=True)) == [moment + shift for moment in before]

    def test_finished_edition_stays(self, cast, client_of):
        meeting = make_programme(make_meeting(status="selesai"))
        answer = client_of(cast.panitia).post(f"/rakor/{meeting.slug}/ubah/", form_data(version=1))
        assert answer.status_code == 403 and "tidak dapat diubah" in answer.content.decode()


class TestCopy:
    def copy(self, cast, source, **changes):
        values = {"starts_on": dt.date(2027, 4, 20), "ends_on": dt.date(2027, 4, 22), "venue": "Aula", "town": "Ende"}
        return copy_meeting(source, **values, host_regency=regency("53.08"), by=cast.panitia, **changes)

    def test_programme_moves_to_the_new_days(self, cast, published_meeting):
        published_meeting.organisers.create(role="tuan_rumah", agency=lead_agency("53.04"), position=1)
        copy = self.copy(cast, published_meeting)
        assert copy.title == "Rapat Koordinasi Pelaksanaan Kegiatan 2027 dan Penyusunan Program IKM 2028"
        assert (copy.previous, copy.status, copy.published) == (published_meeting, "persiapan", False)
        assert [row.agency for row in copy.organisers.all()] == [lead_agency("53.08")]
        old, new = (list(meeting.sessions.order_by("starts_at")) for meeting in (published_meeting, copy))
        shift = copy.starts_on - published_meeting.starts_on
        assert [(row.title, row.starts_at) for row in new] == [(row.title, row.starts_at + shift) for row in old]
        assert {row.room.meeting for row in new} == {copy}

    def test_cohort_years_stay(self, cast, published_meeting):
        session = published_meeting.sessions.first()
        Session.objects.filter(pk=session.pk).update(title="Kontrak TPL Angkatan 2014, evaluasi 2019, program 2020")
        titles = self.copy(cast, published_meeting).sessions.values_list("title", flat=True)
        assert "Kontrak TPL Angkatan 2014, evaluasi 2027, program 2028" in titles

    def test_same_form_twice_is_one_copy(self, cast, published_meeting):
        key = uuid.uuid4()
        assert self.copy(cast, published_meeting, client_key=key) == self.copy(cast, published_meeting, client_key=key)
        assert Meeting.objects.count() == 2 and Session.objects.count() == 6

    def test_through_the_page(self, cast, client_of, published_meeting):
        client = client_of(cast.kabid)
        assert client.get(f"/rakor/{published_meeting.slug}/salin/").status_code == 200
        data = {"starts_on": "2027-04-20", "ends_on": "2027-04-22", "venue": "Aula", "town": "Soe"}
        assert client.post(f"/rakor/{published_meeting.slug}/salin/", data)["Location"] == "/rakor/soe-2027/"


class TestMoves:
    def test_first_move_publishes(self, cast, draft_meeting):
        move_meeting(draft_meeting, "schedule", by=cast.panitia)
        assert draft_meeting.published and draft_meeting.status == "terjadwal"
        move_meeting(draft_meeting, "unschedule", by=cast.panitia, note="Tanggal berubah")
        draft_meeting.refresh_from_db()
        assert draft_meeting.published and draft_meeting.status == "persiapan"

    def test_empty_programme_is_not_published(self, cast):
        with pytest.raises(Blocked, match="Susunan acara masih kosong"):
            move_meeting(make_meeting(), "schedule", by=cast.panitia)

    def test_cancel_needs_reason_and_the_head(self, cast, client_of, published_meeting):
        address = f"/rakor/{published_meeting.slug}/status/cancel/"
        assert client_of(cast.panitia).post(address, {"note": "Bencana"}).status_code == 403
        assert client_of(cast.kadis_prov).post(address, {"note": ""}).status_code == 422
        assert client_of(cast.kadis_prov).post(address, {"note": "Bencana"}).status_code == 302
        published_meeting.refresh_from_db()
        assert (published_meeting.status, published_meeting.cancelled_reason) == ("dibatalkan", "Bencana")
        page = client_of(cast.operator_belu).get(f"/rakor/{published_meeting.slug}/").content.decode()
        assert "Bencana" in page

    def test_refused_button_says_why(self, cast, client_of, published_meeting):
        page = client_of(cast.panitia).get(f"/rakor/{published_meeting.slug}/").content.decode()
        assert "Hanya untuk Kepala Dinas Provinsi." in page

    def test_double_click_moves_once(self, cast, client_of, published_meeting):
        client = client_of(cast.panitia)
        address = f"/rakor/{published_meeting.slug}/status/open/"
        assert client.post(address).status_code == 302
        assert client.post(address).status_code == 409
        assert Entry.objects.about(published_meeting).count() == 1

    def test_delete_only_what_nobody_saw(self, cast, client_of, draft_meeting):
        published = make_meeting(slug="dilihat", published=True)
        with pytest.raises(Denied):
            delete_meeting(published, by=cast.panitia)
        assert client_of(cast.panitia).post(f"/rakor/{draft_meeting.slug}/hapus/").status_code == 302
        assert list(Meeting.objects.all()) == [published]


class TestReading:
    def test_drafts_are_unknown_to_regencies(self, cast, client_of, draft_meeting):
        for name in ("operator_belu", "kadis_belu", "observer"):
            client: Client = client_of(cast[name])
            assert client.get(f"/rakor/{draft_meeting.slug}/").status_code == 404
            assert draft_meeting.title not in client.get("/rakor/").content.decode()

    def test_list_searches_filters_and_pages(self, cast, client_of):
        for number in range(12):
            make_meeting(slug=f"rakor-{number}", title=f"Rakor nomor {number}", town="Soe" if number else "Ende")
        client = client_of(cast.panitia)
        assert "12 edisi" in client.get("/rakor/").content.decode()
        assert "1 edisi" in client.get("/rakor/?q=Ende").content.decode()
        assert "0 edisi" in client.get("/rakor/?status=arsip").content.decode()
        assert client.get("/rakor/?page=2&sort=title&year=2019").status_code == 200
        assert client.get("/rakor/?sort=evil;drop&year=x&page=999").status_code == 200

    def test_list_budget(self, cast, client_of, assert_queries):
        client = client_of(cast.panitia)
        for count in (1, 9):
            for number in range(count):
                make_meeting(slug=f"r-{count}-{number}")
            with assert_queries(7):
                client.get("/rakor/")

    def test_excel(self, cast, client_of, published_meeting):
        answer = client_of(cast.operator_ende).get("/rakor/?format=xlsx")
        assert answer["Content-Type"].endswith("spreadsheetml.sheet")


class TestConfirmation:
    def test_page_shows_the_box_and_takes_it(self, cast, client_of):
        client, weekend = client_of(cast.panitia), form_data(starts_on="2026-04-24", ends_on="2026-04-26")
        refused = client.post("/rakor/baru/", weekend)
        assert refused.status_code == 422
        text = refused.content.decode()
        assert 'name="days_confirmed"' in text and "Sabtu, 25 April 2026" in text
        assert "pastikan dengan mencentang" in text
        assert client.post("/rakor/baru/", weekend | {"days_confirmed": "on"}).status_code == 302
        meeting = Meeting.objects.get()
        assert "Sabtu, 25 April 2026" in Entry.objects.about(meeting).get().note

    def test_stored_dates_are_not_asked_again(self, cast, client_of):
        meeting = make_meeting(starts_on=dt.date(2026, 4, 24), ends_on=dt.date(2026, 4, 26))
        data = form_data(version=1, starts_on="2026-04-24", ends_on="2026-04-26", venue="Gedung")
        assert client_of(cast.panitia).post(f"/rakor/{meeting.slug}/ubah/", data).status_code == 302
        other = data | {"version": 2, "ends_on": "2026-04-25"}
        assert client_of(cast.panitia).post(f"/rakor/{meeting.slug}/ubah/", other).status_code == 422
