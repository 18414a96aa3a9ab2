"""Attendance lists and their pages: closing, opening again, correcting by hand, who sees what."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from rakor.actions.attendance import SCANNED, change_limit, close_list, correct, ensure_lists, reopen_list
from rakor.actions.meetings import change_meeting, move_meeting
from rakor.models import Attendance, AttendanceList, CheckIn, Registration
from rakor.queries.attendance import counts_in, counts_of, people_of
from rakor.queries.attendance_papers import list_paper
from rakor.queries.attendance_table import days_of, entries_of
from tests.factories import OPENING, at, make_meeting, make_programme, make_session
from tests.factories_attendance import make_list, make_registration, make_registrations

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(published_meeting: Any) -> AttendanceList:
    return make_list(published_meeting)


def check_in(row: Any, place: Any, came_at: dt.datetime, outcome: str = "disimpan") -> CheckIn:
    return CheckIn.objects.create(
        attendance_list=row, registration=place, client_key=uuid.uuid4(), method="qr", device="hp-2", came_at=came_at,
        outcome=outcome,
    )  # fmt: skip


def states(row: Any) -> dict[str, str]:
    rows = row.rows.select_related("registration__participant")
    return {each.registration.participant.name: each.state for each in rows}


# -- lists -------------------------------------------------------------------------------------------------------------


def test_lists_come_with_the_schedule(cast: Any) -> None:
    meeting = make_programme(make_meeting())
    move_meeting(meeting, "schedule", by=cast.panitia)
    assert meeting.attendance_lists.count() == 6
    assert meeting.attendance_lists.first().late_after == at(8, 15)


def test_lists_follow_a_change_of_the_days(cast: Any) -> None:
    meeting = make_programme(make_meeting())
    move_meeting(meeting, "schedule", by=cast.panitia)
    values = {"starts_on": meeting.starts_on, "ends_on": OPENING + dt.timedelta(days=3), "execution_year": 2019}
    change_meeting(meeting, values, [], version=meeting.version, by=cast.panitia)
    assert meeting.attendance_lists.count() == 8


def test_breaks_and_registration_make_nobody_late(published_meeting: Any) -> None:
    make_session(published_meeting, "Registrasi", kind="registrasi", starts_at=at(7), ends_at=at(8))
    make_session(published_meeting, "Makan siang", kind="istirahat", starts_at=at(12), ends_at=at(13))
    make_session(published_meeting, "Desk", starts_at=at(13, 30), ends_at=at(14))
    assert [each.late_after for each in ensure_lists(published_meeting)[:2]] == [at(8, 15), at(13, 45)]


def test_closing_says_who_did_not_come(morning: Any, cast: Any) -> None:
    maria, yoseph = make_registration(morning.meeting), make_registration(morning.meeting, "Yosef Contoh")
    make_registration(morning.meeting, "Sudah Batal", status="batal", status_reason="sakit")
    correct(morning, maria, "hadir", by=cast.panitia, base_version=0)
    row = close_list(morning, by=cast.panitia)
    assert states(row) == {"Maria Contoh": "hadir", "Yosef Contoh": "tidak_hadir"}
    assert (row.closed_by, Entry.objects.first().note) == (cast.panitia, "1 orang hadir")
    assert close_list(row, by=cast.kabid).closed_by == cast.panitia
    assert yoseph.attendances.get().corrected_by is None


def test_opening_again_counts_the_scans_that_came_meanwhile(morning: Any, cast: Any) -> None:
    maria, yoseph, anton = (make_registration(morning.meeting, name) for name in ("Maria", "Yosef", "Anton"))
    correct(morning, anton, "izin", note="Sakit", by=cast.panitia, base_version=0)
    close_list(morning, by=cast.panitia)
    for moment in (at(8, 40), at(8, 5)):
        check_in(morning, maria, moment)
    check_in(morning, anton, at(8, 10))
    row, came = reopen_list(morning, by=cast.panitia)
    assert came == 1
    assert maria.attendances.get().came_at == at(8, 5)
    assert states(row) == {"Maria": "hadir", "Yosef": "tidak_hadir", "Anton": "izin"}
    assert {each.change for each in row.rows.exclude(registration=anton)} == {row.change}
    assert reopen_list(morning, by=cast.panitia)[1] == 0
    close_list(morning, by=cast.panitia)
    assert yoseph.attendances.get().change > row.change


def test_another_limit_judges_scans_anew_but_not_people(morning: Any, cast: Any) -> None:
    maria, yoseph = make_registration(morning.meeting, "Maria"), make_registration(morning.meeting, "Yosef")
    Attendance.objects.create(attendance_list=morning, registration=maria, state="hadir", came_at=at(9, 10))
    correct(morning, yoseph, "hadir", came_at=at(9, 12), by=cast.panitia, base_version=0)
    row = change_limit(morning, at(9), by=cast.panitia)
    assert states(row) == {"Maria": "terlambat", "Yosef": "hadir"}
    assert states(change_limit(morning, None, by=cast.panitia)) == {"Maria": "hadir", "Yosef": "hadir"}


# -- corrections -------------------------------------------------------------------------------------------------------


def test_a_correction_stands_until_it_is_taken_back(morning: Any, cast: Any) -> None:
    maria = make_registration(morning.meeting)
    check_in(morning, maria, at(8, 5), "dihitung")
    excused = correct(morning, maria, "izin", note="  Sakit ", by=cast.panitia, base_version=0)
    assert (excused.came_at, excused.note, excused.corrected_by) == (None, "Sakit", cast.panitia)
    back = correct(morning, maria, SCANNED, by=cast.kabid, base_version=1)
    assert (back.state, back.came_at, back.corrected_by, back.version) == ("hadir", at(8, 5), None, 2)
    entry = Entry.objects.first()
    assert entry.changes == {"Maria Contoh": ["Izin", "Hadir"]}


def test_taking_back_a_correction_without_scans_leaves_nothing_said(morning: Any, cast: Any, client_of: Any) -> None:
    maria = make_registration(morning.meeting)
    correct(morning, maria, "hadir", by=cast.panitia, base_version=0)
    correct(morning, maria, SCANNED, by=cast.panitia, base_version=1)
    answer = client_of(cast.panitia).get(reverse("door_list", args=[morning.meeting.slug, morning.pk])).json()
    assert answer["rows"][str(maria.pk)] == {"state": None, "came_at": None, "hand": False}
    assert answer["counts"]["present"] == 0


@pytest.mark.parametrize(
    ("state", "came_at", "expected"),
    [("hadir", None, at(9)), ("terlambat", at(9, 50), at(9, 50)), ("tidak_hadir", at(9), None)],
)
def test_the_moment_of_a_correction(morning: Any, cast: Any, state: str, came_at: Any, expected: Any) -> None:
    made = correct(morning, make_registration(morning.meeting), state, came_at=came_at, by=cast.panitia, base_version=0)
    assert made.came_at == expected


def test_corrections_that_are_refused(morning: Any, cast: Any) -> None:
    maria = make_registration(morning.meeting)
    with pytest.raises(Blocked):
        correct(morning, maria, "izin", note=" ", by=cast.panitia, base_version=0)
    with pytest.raises(Denied):
        correct(morning, maria, "hadir", by=cast.notulis, base_version=0)
    correct(morning, maria, "hadir", by=cast.panitia, base_version=0)
    with pytest.raises(StaleVersion):
        correct(morning, maria, "tidak_hadir", by=cast.kabid, base_version=0)
    assert Attendance.objects.get().state == "hadir"


# -- pages -------------------------------------------------------------------------------------------------------------


def url(name: str, row: Any, *args: Any) -> str:
    return reverse(name, args=[row.meeting.slug, row.pk, *args])


def test_the_overview(morning: Any, cast: Any, client_of: Any) -> None:
    ensure_lists(morning.meeting)
    maria = make_registration(morning.meeting)
    correct(morning, maria, "hadir", by=cast.panitia, base_version=0)
    page = client_of(cast.panitia).get(reverse("attendance", args=[morning.meeting.slug])).content.decode()
    assert "Rabu, 24 April 2019" in page
    assert "<strong>1</strong> dari 1 hadir" in page
    assert "Terlambat sesudah pukul 09.15" in page
    assert url("attendance_list", morning) in page


def test_lists_are_made_by_a_button_where_there_are_none(published_meeting: Any, cast: Any, client_of: Any) -> None:
    client, address = client_of(cast.notulis), reverse("attendance", args=[published_meeting.slug])
    assert "Daftar hadir belum disiapkan" in client.get(address).content.decode()
    client.post(reverse("attendance_prepare", args=[published_meeting.slug]))
    assert "Daftar hadir belum disiapkan" not in client.get(address).content.decode()
    assert published_meeting.attendance_lists.count() == 6


def test_the_table_shows_everybody(morning: Any, cast: Any, client_of: Any) -> None:
    old = make_registration(morning.meeting, "Yang Lama", status="diganti", status_reason="pindah")
    make_registration(morning.meeting, "Yang Baru", stands_in_for=old)
    make_registration(morning.meeting, "Yang Batal", status="batal", status_reason="sakit")
    excused = make_registration(morning.meeting, "Yang Izin", institution="Bank NTT", category="mitra")
    correct(morning, excused, "izin", note="Sakit", by=cast.panitia, base_version=0)
    client, address = client_of(cast.panitia), url("attendance_list", morning)
    page = client.get(address).content.decode()
    for text in ("Digantikan oleh Yang Baru", "Belum datang", "Sakit", "Panitia Contoh", "3 orang"):
        assert text in page
    assert "Yang Batal" not in page
    for query, count in (("q=bank", 1), ("state=belum", 1), ("category=mitra", 1), ("state=izin&q=baru", 0)):
        assert f"{count} orang" in client.get(f"{address}?{query}").content.decode()
    assert "Ubah kata pencarian" in client.get(f"{address}?q=zzz&sort=came&page=9").content.decode()


def test_scans_after_closing_are_pointed_out(morning: Any, cast: Any, client_of: Any) -> None:
    maria = make_registration(morning.meeting)
    close_list(morning, by=cast.panitia)
    check_in(morning, maria, at(8, 5))
    client = client_of(cast.panitia)
    page = client.get(url("attendance_list", morning)).content.decode()
    assert "1 orang dipindai, tetapi tidak dihitung" in page
    assert "dipindai 08.05, tidak dihitung" in page
    answer = client.post(url("attendance_reopen", morning), follow=True).content.decode()
    assert "1 orang yang dipindai sesudah penutupan sekarang tercatat hadir." in answer


def test_somebody_is_corrected_on_the_page(morning: Any, cast: Any, client_of: Any) -> None:
    maria = make_registration(morning.meeting)
    client, address = client_of(cast.panitia), url("attendance_correct", morning, maria.pk)
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"state": "izin", "note": "", "version": 0})
    assert (wrong.status_code, "Tuliskan keterangan izinnya." in wrong.content.decode()) == (422, True)
    right = client.post(f"{address}?state=belum", {"state": "terlambat", "time": "09:45", "version": 0})
    assert right.headers["Location"] == f"{url('attendance_list', morning)}?state=belum#p{maria.pk}"
    row = Attendance.objects.get()
    assert (row.state, row.came_at) == ("terlambat", at(9, 45))
    late = client.post(address, {"state": "tidak_hadir", "version": 0, "note": "kata kabid"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "Orang lain sudah menyimpan perubahan" in text
    assert 'name="version" value="1"' in text
    assert client.post(address, {"state": "tidak_hadir", "version": 1}).status_code == 302


@pytest.mark.parametrize(
    "fields",
    [{}, {"state": "x"}, {"state": "hadir", "version": "x"}, {"state": "hadir", "version": 0, "time": "99:99"},
     {"state": "hadir", "version": 2**40}, {"state": "hadir", "version": 0, "note": "x" * 201}],
)  # fmt: skip
def test_odd_corrections_are_asked_again(morning: Any, cast: Any, client_of: Any, fields: dict) -> None:
    maria = make_registration(morning.meeting)
    response = client_of(cast.panitia).post(url("attendance_correct", morning, maria.pk), fields)
    assert response.status_code == 422
    assert not Attendance.objects.exists()


def test_closing_and_the_limit_on_the_page(morning: Any, cast: Any, client_of: Any) -> None:
    client = client_of(cast.panitia)
    make_registration(morning.meeting)
    assert "09:15" in client.get(url("attendance_limit", morning)).content.decode()
    assert client.post(url("attendance_limit", morning), {"late_after": "x"}).status_code == 422
    client.post(url("attendance_limit", morning), {"late_after": "08:30"})
    client.post(url("attendance_close", morning))
    morning.refresh_from_db()
    assert (morning.late_after, states(morning)) == (at(8, 30), {"Maria Contoh": "tidak_hadir"})
    assert "Ditutup" in client.get(url("attendance_list", morning)).content.decode()


PERSONAL = {"employee_number": "197001011990031001", "phone": "0812-777", "email": "maria@contoh.test",
            "arrival": "feri"}  # fmt: skip


@pytest.mark.parametrize(
    ("who", "sees"), [("panitia", True), ("kabid", True), ("notulis", False), ("kadis_prov", False)]
)
def test_personal_data_in_excel(morning: Any, cast: Any, client_of: Any, who: str, sees: bool) -> None:
    make_registration(morning.meeting, **PERSONAL)
    client = client_of(cast[who])
    for address in (url("attendance_list", morning), reverse("attendance", args=[morning.meeting.slug])):
        assert "0812-777" not in client.get(address).content.decode()
        sheet = load_workbook(io.BytesIO(client.get(f"{address}?format=xlsx").content)).active
        cells = [str(cell.value) for line in sheet.iter_rows() for cell in line]
        assert "Maria Contoh" in cells
        assert ("0812-777" in cells) is sees
        assert ("197001011990031001" in cells) is sees


@pytest.mark.parametrize("who", ["operator_belu", "kadis_belu", "observer", "stranger", "verifikator"])
def test_others_do_not_see_attendance(morning: Any, cast: Any, client_of: Any, who: str) -> None:
    client, maria = client_of(cast[who]), make_registration(morning.meeting, **PERSONAL)
    addresses = [
        reverse("attendance", args=[morning.meeting.slug]), url("attendance_list", morning),
        url("attendance_screen", morning), url("attendance_correct", morning, maria.pk),
    ]  # fmt: skip
    assert [client.get(address).status_code for address in addresses] == [403] * 4
    assert client.post(url("attendance_close", morning)).status_code == 403
    meeting = client.get(morning.meeting.get_absolute_url()).content.decode()
    assert reverse("attendance", args=[morning.meeting.slug]) not in meeting


def test_reasons_in_the_history_are_the_readers_business(morning: Any, cast: Any, client_of: Any) -> None:
    correct(morning, make_registration(morning.meeting), "izin", note="Sakit", by=cast.panitia, base_version=0)
    address = reverse("history", args=["rakor.attendancelist", morning.pk])
    assert "Sakit" in client_of(cast.notulis).get(address).content.decode()
    for who in ("verifikator", "operator_belu", "stranger"):
        assert client_of(cast[who]).get(address).status_code in (403, 404)


def test_the_tab_leads_door_keepers_and_heads(morning: Any, cast: Any, client_of: Any) -> None:
    address = reverse("attendance", args=[morning.meeting.slug])
    for who in ("panitia", "notulis", "kabid", "kadis_prov"):
        assert f'href="{address}"' in client_of(cast[who]).get(morning.meeting.get_absolute_url()).content.decode()


def test_a_list_of_another_edition_is_not_found(morning: Any, cast: Any, client_of: Any) -> None:
    make_meeting(slug="rakor-ende", status="terjadwal")
    address = reverse("attendance_list", args=["rakor-ende", morning.pk])
    assert client_of(cast.panitia).get(address).status_code == 404


@pytest.mark.parametrize("n", [1, 200])
def test_the_statements_of_the_pages(morning: Any, cast: Any, client_of: Any, assert_queries: Any, n: int) -> None:
    ensure_lists(morning.meeting)
    make_registrations(morning.meeting, n)
    client = client_of(cast.panitia)
    client.get("/")
    with assert_queries(6):
        client.get(reverse("attendance", args=[morning.meeting.slug]))
    with assert_queries(10):
        client.get(url("attendance_list", morning))


# -- the first page ----------------------------------------------------------------------------------------------------


def test_the_committee_is_sent_to_the_door(published_meeting: Any, cast: Any, client_of: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(7, 40))
    assert "Siapkan daftar hadir" in client_of(cast.notulis).get("/").content.decode()
    morning = ensure_lists(published_meeting)[0]
    maria, _yosef = make_registrations(published_meeting, 2)
    correct(morning, maria, "hadir", by=cast.panitia, base_version=0)
    for who in ("panitia", "notulis", "kabid"):
        page = client_of(cast[who]).get("/").content.decode()
        assert "Jaga pintu Rakor Atambua 2019" in page
        assert "1 dari 2 peserta sudah hadir." in page
    assert "Jaga pintu" not in client_of(cast.operator_belu).get("/").content.decode()
    close_list(morning, by=cast.panitia)
    assert "Jaga pintu" not in client_of(cast.panitia).get("/").content.decode()


def test_lists_that_stayed_open_are_remembered(published_meeting: Any, cast: Any, client_of: Any) -> None:
    type(published_meeting).objects.update(status="berlangsung")
    morning = ensure_lists(published_meeting)[0]
    correct(morning, make_registration(published_meeting), "hadir", by=cast.panitia, base_version=0)
    assert "Tutup daftar hadir Rabu, 24 April 2019, pagi" in client_of(cast.panitia).get("/").content.decode()
    close_list(morning, by=cast.panitia)
    assert "Tutup daftar hadir" not in client_of(cast.panitia).get("/").content.decode()


def test_the_numbers_of_a_half_day_hold_whatever_comes_later(morning: Any, cast: Any) -> None:
    """Never more who came than were expected; who is registered after a list was closed was not expected on it."""
    came, stays = make_registrations(morning.meeting, 2)
    correct(morning, came, "hadir", by=cast.panitia, base_version=0)
    Registration.objects.filter(pk=came.pk).update(status="batal", status_reason="pulang", version=2)
    assert numbers(morning) == (2, 1)
    close_list(morning, by=cast.panitia)
    late = make_registration(morning.meeting, name="Datang Kemudian")
    morning.refresh_from_db()
    assert numbers(morning) == (2, 1)
    entries = {entry.name: entry.state for entry in entries_of(morning)}
    assert entries == {
        came.participant.name: "hadir", stays.participant.name: "tidak_hadir", late.participant.name: "kemudian",
    }  # fmt: skip
    sheet = list_paper(morning, signing=False)
    assert "Datang Kemudian" not in str(sheet["groups"])
    assert sheet["title"].endswith(" (terisi)")  # a list of papers tells it from the one to be signed
    assert not list_paper(morning, signing=True)["title"].endswith(" (terisi)")


def numbers(attendance_list: Any) -> tuple[int, int]:
    """(expected, came) as the overview, the hall and the door say: all the same."""
    half = days_of(attendance_list.meeting)[0].halves[0]
    counts = counts_of(attendance_list)
    rows = {row.registration_id: row for row in attendance_list.rows.all()}
    door = counts_in(attendance_list, people_of(attendance_list.meeting_id), rows.values())
    assert counts == door and (half.expected, half.present) == (counts["expected"], counts["present"])
    return counts["expected"], counts["present"]
