"""The hall's rotating code and the participants' own page: no login, nothing personal, guessing does not help."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.urls import reverse

from portal.journal.models import Entry
from portal.kernel.errors import Denied
from rakor.actions.attendance import close_list, correct
from rakor.actions.attendance_screens import open_screen
from rakor.facts.attendance import PERIOD, code_at, code_fits, seconds_left
from rakor.facts.qr import qr_path
from rakor.models import Attendance, CheckIn, Meeting
from tests.factories import at, make_meeting, make_session
from tests.factories_attendance import make_list, make_registration, make_registrations

pytestmark = pytest.mark.django_db
POLL = {"x-requested-with": "poll"}


class Clock:
    """The server's time, to be moved."""

    def __init__(self) -> None:
        self.now = at(8, 30)

    def __call__(self) -> dt.datetime:
        return self.now

    def move(self, **by: int) -> None:
        self.now += dt.timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr("django.utils.timezone.now", moved)
    return moved


@pytest.fixture
def morning(published_meeting: Any, clock: Clock) -> Any:
    return make_list(published_meeting)


def own_page(place: Any) -> str:
    return reverse("attendance_pass", args=[place.token])


def type_code(client: Any, place: Any, code: str, **values: Any) -> Any:
    return client.post(own_page(place), {"code": code, "key": str(uuid.uuid4()), **values})


# -- the code ----------------------------------------------------------------------------------------------------------


def test_the_code_lives_for_a_minute_at_most() -> None:
    secret, moment = "ab" * 32, at(8, 30)
    code = code_at(secret, moment)
    assert code.isdigit()
    assert len(code) == 6
    for later in range(PERIOD * 2):
        assert code_fits(secret, code, moment + dt.timedelta(seconds=later))
    for off in (PERIOD * 2, -1, 24 * 3600, -24 * 3600):
        assert not code_fits(secret, code, moment + dt.timedelta(seconds=off))
    assert seconds_left(moment) == PERIOD
    assert code_fits(secret, f" {code[:3]} {code[3:]} ", moment)
    for typed in ("", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34"):
        assert not code_fits(secret, typed, moment)


def test_the_qr_holds_the_address() -> None:
    size, path = qr_path("https://rakor.example/hadir/?kode=123456")
    assert size > 25
    assert path.startswith("M2 2h7v1h-7z")


def test_the_screen_is_sent_again_only_when_it_changes(
    morning: Any, cast: Any, client_of: Any, clock: Clock, assert_queries: Any
) -> None:
    client, address = client_of(cast.panitia), reverse("attendance_screen", args=[morning.meeting.slug, morning.pk])
    maria = make_registrations(morning.meeting, 96)[0]
    page = client.get(address).content.decode()
    code = code_at(morning.secret, clock.now)
    assert f"{code[:3]} {code[3:]}" in page
    assert "dari 96 peserta hadir" in page
    poll = {"X-Requested-With": "poll"}
    tag = client.get(address, headers=poll)["ETag"]
    clock.move(seconds=5)
    with assert_queries(7):
        assert client.get(address, headers={**poll, "If-None-Match": f"W/{tag}"}).status_code == 304
    correct(morning, maria, "hadir", by=cast.panitia, base_version=0)
    counted = client.get(address, headers={**poll, "If-None-Match": tag})
    assert '<p class="arrivals-number">1</p>' in counted.content.decode()
    clock.move(seconds=30)
    turned = client.get(address, headers={**poll, "If-None-Match": counted["ETag"]})
    assert turned.status_code == 200
    assert f"{code[:3]} {code[3:]}" not in turned.content.decode()


def test_the_screen_of_a_closed_list_has_no_code(morning: Any, cast: Any, client_of: Any) -> None:
    close_list(morning, by=cast.panitia)
    address = reverse("attendance_screen", args=[morning.meeting.slug, morning.pk])
    page = client_of(cast.notulis).get(address).content.decode()
    assert "Daftar hadir sudah ditutup" in page
    assert '<svg class="arrivals-qr"' not in page


# -- the participant's page --------------------------------------------------------------------------------------------


def test_the_page_says_nothing_personal(morning: Any, client_of: Any) -> None:
    maria = make_registration(
        morning.meeting, employee_number="197001011990031001", phone="0812-777", email="maria@contoh.test",
        arrival="feri pukul 17.00", note="rahasia", rank="Pembina",
    )  # fmt: skip
    make_registration(morning.meeting, "Orang Lain")
    response = client_of().get(own_page(maria))
    page = response.content.decode()
    assert "Maria Contoh" in page
    assert "Dinas Perindustrian Kabupaten Belu" in page
    assert "08.00–09.00" in page
    assert "Pembukaan" in page
    for secret in ("1970", "0812", "contoh.test", "feri", "rahasia", "Pembina", "Orang Lain", morning.secret):
        assert secret not in page
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_somebody_checks_in_with_the_code(morning: Any, client_of: Any, clock: Clock) -> None:
    maria, client = make_registration(morning.meeting), client_of()
    code = code_at(morning.secret, clock.now)
    clock.move(seconds=40)
    answer = client.post(own_page(maria), {"code": f"{code[:3]} {code[3:]}", "key": str(uuid.uuid4())}, follow=True)
    assert "Kehadiran Anda tercatat." in answer.content.decode()
    scan, row = CheckIn.objects.get(), Attendance.objects.get()
    assert (scan.method, scan.by, scan.outcome) == ("kode", None, "dihitung")
    assert (row.state, row.came_at, row.corrected_by) == ("hadir", clock.now, None)
    assert "Catat kehadiran saya" not in answer.content.decode()
    again = client.post(
        own_page(maria), {"code": code_at(morning.secret, clock.now), "key": str(uuid.uuid4())}, follow=True
    )
    assert "Anda sudah tercatat." in again.content.decode()
    assert Attendance.objects.count() == 1


def test_a_double_click_is_one_scan(morning: Any, client_of: Any, clock: Clock) -> None:
    maria, key = make_registration(morning.meeting), str(uuid.uuid4())
    for _click in range(2):
        assert type_code(client_of(), maria, code_at(morning.secret, clock.now), key=key).status_code == 302
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize("later", [{"days": 1}, {"seconds": 61}, {"hours": 12}])
def test_a_screenshot_of_the_screen_does_not_help(morning: Any, client_of: Any, clock: Clock, later: dict) -> None:
    maria, code = make_registration(morning.meeting), code_at(morning.secret, clock.now)
    make_list(morning.meeting, on=morning.on + dt.timedelta(days=1))
    clock.move(**later)
    response = type_code(client_of(), maria, code)
    assert response.status_code == 422
    assert "Kode ini tidak berlaku." in response.content.decode()
    assert not CheckIn.objects.exists()


def test_the_code_of_another_half_day_counts_for_that_one(morning: Any, client_of: Any, clock: Clock) -> None:
    afternoon = make_list(morning.meeting, "siang")
    type_code(client_of(), make_registration(morning.meeting), code_at(afternoon.secret, clock.now))
    assert Attendance.objects.get().attendance_list == afternoon


def test_the_code_of_another_edition_does_not_count(morning: Any, client_of: Any, clock: Clock) -> None:
    other = make_list(make_meeting(slug="rakor-ende", status="berlangsung"))
    maria = make_registration(morning.meeting)
    assert type_code(client_of(), maria, code_at(other.secret, clock.now)).status_code == 422


def test_guessing_is_slowed_down(morning: Any, client_of: Any, clock: Clock) -> None:
    """After five wrong codes a card waits, also for the right one; another card in the same hall does not."""
    maria, yosef, client = make_registration(morning.meeting), make_registration(morning.meeting, "Yosef"), client_of()
    right = code_at(morning.secret, clock.now)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert [type_code(client, maria, wrong).status_code for _try in range(5)] == [422] * 5
    refused = type_code(client, maria, right)
    assert refused.status_code == 429
    assert "coba lagi dalam" in refused.content.decode()
    assert type_code(client, yosef, right).status_code == 302
    clock.move(seconds=31)
    assert type_code(client, maria, code_at(morning.secret, clock.now)).status_code == 302
    tries = 0
    for _second in range(100):
        clock.move(seconds=1)
        tries += type_code(client, yosef, "000000").status_code == 422
    assert tries <= 10


def test_people_and_closed_lists_beat_the_code(morning: Any, cast: Any, client_of: Any, clock: Clock) -> None:
    maria, yosef = make_registration(morning.meeting), make_registration(morning.meeting, "Yosef")
    correct(morning, maria, "tidak_hadir", by=cast.panitia, base_version=0)
    answer = client_of().post(
        own_page(maria), {"code": code_at(morning.secret, clock.now), "key": str(uuid.uuid4())}, follow=True
    )
    assert "Hubungi panitia" in answer.content.decode()
    close_list(morning, by=cast.panitia)
    type_code(client_of(), yosef, code_at(morning.secret, clock.now))
    assert set(CheckIn.objects.values_list("outcome", flat=True)) == {"disimpan"}
    assert set(Attendance.objects.values_list("state", flat=True)) == {"tidak_hadir"}


@pytest.mark.parametrize("status", ["batal", "diganti"])
def test_a_card_that_is_not_valid_any_more(morning: Any, client_of: Any, clock: Clock, status: str) -> None:
    maria = make_registration(morning.meeting, status=status, status_reason="sakit keras")
    for response in (
        client_of().get(own_page(maria)),
        type_code(client_of(), maria, code_at(morning.secret, clock.now)),
    ):
        page = response.content.decode()
        assert response.status_code == 410
        assert "Maria" not in page
        assert "sakit" not in page
    assert not CheckIn.objects.exists()


def test_an_unknown_card(morning: Any, client_of: Any) -> None:
    for token in ("tebakan", "x" * 300, "a" * 16):
        assert client_of().get(reverse("attendance_pass", args=[token])).status_code == 404
        assert client_of().post(reverse("attendance_pass", args=[token]), {"code": "123456"}).status_code == 404


@pytest.mark.parametrize("fields", [{}, {"code": "1"}, {"code": "123456", "key": "x"}, {"code": "9" * 5000}])
def test_odd_forms_are_asked_again(morning: Any, client_of: Any, fields: dict) -> None:
    maria = make_registration(morning.meeting)
    assert client_of().post(own_page(maria), fields).status_code == 422


def test_before_and_after_the_edition(published_meeting: Any, client_of: Any, clock: Clock) -> None:
    make_list(published_meeting)
    make_session(published_meeting, "Penutupan", starts_at=at(9, day=published_meeting.ends_on),
                 ends_at=at(10, day=published_meeting.ends_on))  # fmt: skip
    maria = make_registration(published_meeting)
    clock.move(days=-3)
    assert "Acara Rabu, 24 April 2019" in client_of().get(own_page(maria)).content.decode()
    clock.move(days=5)
    assert "Penutupan" in client_of().get(own_page(maria)).content.decode()
    clock.move(days=9)
    assert "sudah selesai" in client_of().get(own_page(maria)).content.decode()


def test_a_draft_tells_no_programme(draft_meeting: Any, client_of: Any) -> None:
    page = client_of().get(own_page(make_registration(draft_meeting))).content.decode()
    assert "Pembukaan" not in page


# -- from the hall's QR to one's card ----------------------------------------------------------------------------------


def test_the_phone_remembers_its_card(morning: Any, client_of: Any) -> None:
    maria, client = make_registration(morning.meeting), client_of()
    arrive = reverse("attendance_arrive")
    asked = client.get(f"{arrive}?kode=123456")
    assert asked.status_code == 200
    assert "belum mengenal kartu" in asked.content.decode()
    client.get(own_page(maria))
    assert client.get(f"{arrive}?kode=123456").headers["Location"] == f"{own_page(maria)}?kode=123456"
    assert 'value="123456"' in client.get(f"{own_page(maria)}?kode=123456").content.decode()
    assert client.get(f"{arrive}?lain=1").status_code == 200
    cookie = client.cookies["rakor_kartu"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/hadir/")


def test_an_account_knows_its_card(morning: Any, cast: Any, client_of: Any) -> None:
    own = make_registration(morning.meeting, user=cast.operator_belu)
    response = client_of(cast.operator_belu).get(f"{reverse('attendance_arrive')}?kode=12x3")
    assert response.headers["Location"] == f"{own_page(own)}?kode=123"


def test_the_address_of_a_card_may_be_typed(morning: Any, client_of: Any) -> None:
    maria, arrive = make_registration(morning.meeting), reverse("attendance_arrive")
    spaced = " ".join(maria.token[place : place + 4] for place in range(0, 16, 4)).upper()
    for card in (spaced, f"https://rakor.example{own_page(maria)}"):
        response = client_of().post(arrive, {"card": card, "kode": "123456"})
        assert response.headers["Location"] == f"{own_page(maria)}?kode=123456"
    assert client_of().post(arrive, {"card": ""}).status_code == 422
    assert client_of().post(arrive, {"card": "???"}, follow=True).status_code == 404


# -- the screen that stands in the hall all day -----------------------------------------------------------------------


def address_of(page: str) -> str:
    found = re.search(r"/layar/([2-9a-z]{16})/", page)
    assert found, "no address on the page"
    return found.group(0)


def test_a_screen_without_login_stands_for_a_day(morning: Any, cast: Any, client_of: Any, clock: Clock) -> None:
    make_list(morning.meeting, half="siang")
    keeper, hall = client_of(cast.notulis), client_of()
    own = reverse("attendance_list", args=[morning.meeting.slug, morning.pk])
    assert "Buat alamat layar" in keeper.get(own).content.decode()
    act = reverse("screen_address", args=[morning.meeting.slug, morning.pk])
    assert keeper.post(act, {"tindakan": "buat"}).status_code == 302
    screen = address_of(keeper.get(own).content.decode())
    page = hall.get(screen)
    assert page.status_code == 200 and page["X-Robots-Tag"] == "noindex, nofollow"
    text = page.content.decode()
    assert "arrivals-digits" in text and f'data-url="{screen}"' in text and "Kembali" not in text
    assert "pagi" in text
    clock.move(hours=5)  # the afternoon's list comes by itself
    assert "siang" in hall.get(screen, headers=POLL).content.decode()
    clock.move(hours=10, minutes=30)
    assert hall.get(screen).status_code == 200
    clock.move(hours=1)
    assert hall.get(screen).status_code == 410


def test_the_address_of_a_screen_is_taken_back(morning: Any, cast: Any, client_of: Any) -> None:
    keeper, hall = client_of(cast.panitia), client_of()
    act = reverse("screen_address", args=[morning.meeting.slug, morning.pk])
    old = reverse("hall_screen", args=[open_screen(morning, by=cast.panitia).screen_key])
    keeper.post(act, {"tindakan": "buat"})
    assert hall.get(old).status_code == 410
    morning.refresh_from_db()
    screen = reverse("hall_screen", args=[morning.screen_key])
    for act_name in ("lain", "cabut", "cabut"):
        assert keeper.post(act, {"tindakan": act_name}).status_code == 302
    over = hall.get(screen, headers=POLL)
    assert over.status_code == 410 and "sudah berhenti" in over.content.decode()
    assert "<html" not in over.content.decode() and "<html" in hall.get(screen).content.decode()
    verbs = list(Entry.objects.filter(verb__endswith="alamat layar").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["Membuat alamat layar", "Membuat alamat layar", "Mencabut alamat layar"]


def test_the_screen_of_an_edition_that_is_over_has_no_code(morning: Any, cast: Any, client_of: Any) -> None:
    row = open_screen(morning, by=cast.notulis)
    with pytest.raises(Denied):
        open_screen(morning, by=cast.operator_belu)
    Meeting.objects.filter(pk=morning.meeting_id).update(status="arsip")
    text = client_of().get(reverse("hall_screen", args=[row.screen_key])).content.decode()
    assert "Daftar hadir sudah ditutup" in text
