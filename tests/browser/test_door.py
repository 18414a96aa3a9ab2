"""The door: cards by the camera, names, walk-ins; two devices, no link, a closed tab, an ended session."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from rakor.actions.attendance import close_list
from rakor.models import Attendance, AttendanceList, CheckIn, Meeting, Participant, Registration
from tests import factories
from tests.browser.conftest import CHROMIUMS, QUIET, until
from tests.browser.door_steps import card, go, note, ready_without_link, result, scan, to_find, waiting
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
COUNT_SCANS = """() => {
    const told = door.scanned;
    window.seen = 0;
    door.scanned = (text, when) => { window.seen += 1; return told(text, when); };
}"""
NAMES = ("Maria Goreti Bria", "Yohanes Seran", "Agustina Bete", "Blasius Manek", "Kornelis Tae", "Petronela Hoar")


@pytest.fixture
def meeting(cast: Any) -> Meeting:
    """An edition that is on today, with six delegates and today's two lists."""
    today = timezone.localdate()
    made = factories.make_meeting(status="berlangsung", starts_on=today, ends_on=today)
    for name in NAMES:
        register(made, name)
    for half in ("pagi", "siang"):
        AttendanceList.objects.create(meeting=made, on=today, half=half)
    return made


def register(meeting: Meeting, name: str, institution: str = "Dinas Perindustrian Kabupaten Belu") -> Registration:
    """A delegate with a place at the door."""
    person = Participant.objects.create(meeting=meeting, name=name, institution=institution, title="Kepala Bidang")
    return Registration.objects.create(participant=person, meeting=meeting, category="utusan", source="kantor")


@pytest.fixture
def door(be: Any, open_window: Any, cast: Any, meeting: Meeting) -> Any:
    """`door(width)`: a device of the committee at the door, its page ready also without a link."""

    def make(width: int = 360, height: int = 720, person: Any = None, **options: Any) -> Page:
        page = open_window(width=width, height=height, **options)
        be(page, person or cast.panitia)
        return go(page, meeting)

    return make


def of(name: str) -> Registration:
    return Registration.objects.get(participant__name=name)


def rows() -> dict[str, str]:
    return dict(Attendance.objects.values_list("registration__participant__name", "state"))


@pytest.mark.parametrize("width", (360, 1280))
def test_a_name_a_card_and_a_foreign_code(door, meeting, width, look):
    page = door(width)
    look(page, "ready")
    note(page, "Yohanes Seran")
    expect(result(page)).to_have_attribute("data-kind", "present")
    expect(result(page)).to_contain_text("Yohanes Seran")
    expect(result(page)).to_contain_text("Terkirim")
    waiting(page, 0)
    look(page, "present")

    scan(page, card(page, of("Agustina Bete"), meeting))
    expect(result(page)).to_contain_text("Agustina Bete")
    scan(page, card(page, of("Yohanes Seran"), meeting))
    expect(result(page)).to_have_attribute("data-kind", "again")
    look(page, "again")
    scan(page, "https://contoh.test/promo")
    expect(result(page)).to_have_attribute("data-kind", "foreign")
    scan(page, f"{page.evaluate('location.origin')}/hadir/{'z' * 16}/")
    expect(result(page)).to_have_attribute("data-kind", "refused")
    look(page, "refused")
    page.locator("[data-dismiss]:visible").click()
    expect(page.locator("[data-refused-panel]")).to_be_hidden()
    expect(page.locator("[data-present]")).to_have_text("2")
    assert rows() == {"Yohanes Seran": "hadir", "Agustina Bete": "hadir"}
    to_find(page)
    page.locator("[data-q]").fill("belu")
    page.locator("[data-pick]").first.click()
    look(page, "search")
    page.locator("[data-add]:visible").first.click()
    page.locator("[data-add-save]").click()
    look(page, "add")


def test_keys_alone_are_enough(door):
    page = door(1280)
    page.keyboard.press("/")
    page.keyboard.type("korne")
    expect(page.locator("[data-pick]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(result(page)).to_contain_text("Kornelis Tae")
    expect(page.locator("[data-q]")).to_be_focused()
    waiting(page, 0)
    assert rows() == {"Kornelis Tae": "hadir"}
    page.locator("h1").click()
    page.keyboard.press("t")
    expect(page.locator("#door-add")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#door-add")).to_be_hidden()


def test_somebody_who_is_not_in_the_list(door):
    page = door(360)
    to_find(page)
    page.locator("[data-q]").fill("Theresia Mau")
    page.locator(".door-search [data-add]").click()
    expect(page.locator("#add-name")).to_have_value("Theresia Mau")
    page.locator("#add-institution").fill("Bank NTT Cabang Atambua")
    page.locator("#add-category").select_option("mitra")
    page.locator("[data-add-save]").click()
    expect(result(page)).to_contain_text("Theresia Mau")
    waiting(page, 0)
    assert rows() == {"Theresia Mau": "hadir"}
    made = of("Theresia Mau")
    assert (made.source, made.category, made.participant.institution) == (
        "di_tempat", "mitra", "Bank NTT Cabang Atambua",
    )  # fmt: skip

    # A name that is in the list already: the dialog offers the person, one tap notes her.
    page.locator(".door-bar [data-add]").click()
    page.locator("#add-name").fill("maria goreti BRIA")
    page.locator("[data-namesakes] [data-pick]").click()
    expect(result(page)).to_contain_text("Maria Goreti Bria")
    waiting(page, 0)
    assert Registration.objects.count() == len(NAMES) + 1


def test_two_devices_and_one_of_them_ten_minutes_without_a_link(door, meeting, complaints):
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    first, second = door(360), door(1280)
    ready_without_link(second)
    second.clock.install()
    second.context.set_offline(True)
    begin = timezone.now()
    note(second, "Maria Goreti Bria")
    expect(result(second)).to_have_attribute("data-kind", "present")
    expect(second.locator("[data-link]")).to_have_attribute("data-state", "offline")
    expect(second.locator("[data-link]")).to_contain_text("1 belum terkirim")
    second.clock.run_for(3 * 60_000)
    scan(second, card(second, of("Yohanes Seran"), meeting))
    expect(result(second)).to_contain_text("Yohanes Seran")
    second.locator("[data-add]:visible").first.click()
    second.locator("#add-name").fill("Theresia Mau")
    second.locator("#add-institution").fill("Bank NTT")
    second.locator("[data-add-save]").click()
    waiting(second, 3)

    # Meanwhile the other door, with a link, meets one of the same people (later), and somebody else.
    for name in ("Maria Goreti Bria", "Blasius Manek"):
        note(first, name)
        expect(result(first)).to_contain_text(name)
        waiting(first, 0)
    assert rows() == {"Maria Goreti Bria": "hadir", "Blasius Manek": "hadir"}

    second.clock.run_for(7 * 60_000)
    expect(second.locator("[data-present]")).to_have_text("3")
    second.context.set_offline(False)
    second.clock.run_for(40_000)
    waiting(second, 0)
    expect(second.locator("[data-present]")).to_have_text("4")
    names = {"Maria Goreti Bria", "Yohanes Seran", "Theresia Mau", "Blasius Manek"}
    assert rows() == dict.fromkeys(names, "hadir")
    assert CheckIn.objects.count() == 5 and Participant.objects.filter(name="Theresia Mau").count() == 1
    # The earliest scan of the two is when she came: ten minutes before the queue arrived.
    twice = CheckIn.objects.filter(registration=of("Maria Goreti Bria"))
    assert sorted(twice.values_list("outcome", flat=True)) == ["dihitung", "ganda"]
    came = Attendance.objects.get(registration=of("Maria Goreti Bria")).came_at
    assert begin - dt.timedelta(minutes=11) < came < begin - dt.timedelta(minutes=9)
    until(first, lambda: first.locator("[data-present]").text_content() == "4")


def test_a_closed_tab_keeps_the_queue_and_opens_without_a_link(door, meeting, complaints, look):
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    page = door(360)
    ready_without_link(page)
    context = page.context
    context.set_offline(True)
    note(page, "Petronela Hoar")
    waiting(page, 1)
    look(page, "offline")
    page.close()

    page = context.new_page()
    page.goto(reverse("door", args=[meeting.slug]))  # no link: the service worker's copy
    waiting(page, 1)
    expect(page.locator("[data-recent]")).to_contain_text("Petronela Hoar")
    note(page, "Kornelis Tae")
    scan(page, card(page, of("Petronela Hoar"), meeting))
    expect(result(page)).to_have_attribute("data-kind", "again")
    waiting(page, 2)
    look(page, "offline-again")
    context.set_offline(False)
    waiting(page, 0)
    assert CheckIn.objects.count() == 2  # also when the closing tab still got a sending out
    assert rows() == {"Petronela Hoar": "hadir", "Kornelis Tae": "hadir"}


def test_a_session_that_ran_out_keeps_the_queue(door, look, complaints):
    complaints.allow("401")
    page = door(360)
    Session.objects.all().delete()
    note(page, "Agustina Bete")
    expect(result(page)).to_have_attribute("data-kind", "present")
    expect(page.locator("[data-link]")).to_have_attribute("data-state", "login")
    expect(page.locator("[data-link]")).to_contain_text("Sesi berakhir, 1 belum terkirim")
    note(page, "Blasius Manek")  # nobody waits for the password
    waiting(page, 2)
    look(page, "login")
    page.reload()
    expect(page).to_have_url(re.compile("/masuk/"))
    page.locator("input[name=login]").fill("panitia")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit], main form button:not([type])").first.click()
    waiting(page, 0)
    assert rows() == {"Agustina Bete": "hadir", "Blasius Manek": "hadir"}


def test_logging_in_again_in_the_page_sends_the_queue(door, complaints):
    complaints.allow("401")
    page = door(1280)
    Session.objects.all().delete()
    note(page, "Agustina Bete")
    page.locator("[data-relog]").click()
    dialog = page.locator("#login-dialog")
    dialog.locator("input[name=login]").fill("panitia")
    dialog.locator("input[name=password]").fill(PASSWORD)
    dialog.locator("button[type=submit], form button:not([type])").first.click()
    waiting(page, 0)
    expect(page.locator("[data-link]")).to_have_attribute("data-state", "online")
    assert rows() == {"Agustina Bete": "hadir"}


def test_a_list_that_the_committee_corrected_or_closed_keeps_its_word(door, meeting, cast, look):
    page = door(1280)
    row = AttendanceList.objects.get(half=page.evaluate("window.door.list.data.list.half"))
    Attendance.objects.create(
        attendance_list=row, registration=of("Yohanes Seran"), state="izin", note="Sakit", corrected_by=cast.panitia,
    )  # fmt: skip
    scan(page, card(page, of("Yohanes Seran"), meeting))
    expect(result(page)).to_have_attribute("data-kind", "kept")
    look(page, "kept")
    AttendanceList.objects.filter(pk=row.pk).update(closed_at=timezone.now(), closed_by=cast.panitia)
    note(page, "Kornelis Tae")
    expect(result(page)).to_have_attribute("data-kind", "kept")
    expect(page.locator("[data-closed]")).to_be_visible()
    assert rows() == {"Yohanes Seran": "izin"}
    assert set(CheckIn.objects.values_list("outcome", flat=True)) == {"disimpan"}


def test_somebody_comes_in_a_delegates_place(door, meeting, look, complaints):
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    page = door(360)
    page.context.set_offline(True)
    to_find(page)
    page.locator("[data-q]").fill("Kornel")
    page.locator("[data-pick]").filter(has_text="Kornelis Tae").click()
    look(page, "stand-in")
    page.locator("[data-stand-in]:visible").click()
    expect(page.locator("[data-instead]")).to_contain_text("Menggantikan Kornelis Tae")
    expect(page.locator("#add-institution")).to_have_value("Dinas Perindustrian Kabupaten Belu")
    page.locator("#add-name").fill("Wakil Baru")
    look(page, "stand-in-dialog")
    page.locator("[data-add-save]").click()
    waiting(page, 1)
    expect(page.locator("[data-expected]")).to_have_text(str(len(NAMES)))  # one instead of the other
    page.context.set_offline(False)
    waiting(page, 0)
    expect(result(page)).to_contain_text("Menggantikan Kornelis Tae")
    assert rows() == {"Wakil Baru": "hadir"}
    assert of("Kornelis Tae").status == "diganti" and of("Wakil Baru").stands_in_for == of("Kornelis Tae")


KEPT = """async () => {
    const answered = request => new Promise(done => { request.onsuccess = () => done(request.result); });
    const base = await answered(indexedDB.open('rakor-pintu', 1));
    const all = name => answered(base.transaction([name]).objectStore(name).getAll());
    const found = {lists: await all('lists'), items: await all('items')};
    base.close();
    return found;
}"""


def test_names_leave_the_device_with_its_keeper_and_the_queue_stays(door, meeting, complaints):
    """Logging out takes the guests' names off the device; what waits is sent by whoever logs in next."""
    complaints.allow("ERR_FAILED", "401")
    page = door(1280)
    assert "Maria Goreti Bria" in json.dumps(page.evaluate(KEPT)["lists"])
    page.context.route("**/kirim/", lambda route: route.abort())
    note(page, "Kornelis Tae")
    page.locator("[data-add]").first.click()
    page.locator("#add-name").fill("Tamu Baru")
    page.locator("#add-institution").fill("Bank")
    page.locator("[data-add-save]").click()
    waiting(page, 2)
    page.goto(reverse("attendance", args=[meeting.slug]))
    page.locator("form[data-logout] button").first.evaluate("button => button.click()")
    expect(page.locator("input[name=login]")).to_be_visible()
    until(page, lambda: not page.evaluate(KEPT)["lists"])
    items = page.evaluate(KEPT)["items"]
    assert len(items) == 2 and "Kornelis" not in json.dumps(items) and "Tamu Baru" in json.dumps(items)
    page.context.unroute("**/kirim/")
    page.goto(reverse("door", args=[meeting.slug]))
    page.locator("input[name=login]").fill("panitia")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit], main form button:not([type])").first.click()
    waiting(page, 0)
    assert rows() == {"Kornelis Tae": "hadir", "Tamu Baru": "hadir"}


def test_a_closed_list_leaves_the_device_when_all_is_sent(door, meeting, cast):
    page = door(1280)
    note(page, "Kornelis Tae")
    waiting(page, 0)
    here = AttendanceList.objects.get(pk=int(page.locator("[data-list]").input_value()))
    close_list(here, by=cast.panitia)
    page.evaluate("document.dispatchEvent(new CustomEvent('portal:online'))")
    expect(page.locator("[data-closed]")).to_be_visible()
    until(page, lambda: not page.evaluate(KEPT)["lists"])
    expect(page.locator("[data-expected]")).to_have_text(str(len(NAMES)))  # this page still knows them


def test_who_comes_late_is_told_so(door, meeting, look):
    AttendanceList.objects.update(late_after=timezone.now() - dt.timedelta(minutes=5))
    page = door(360)
    scan(page, card(page, of("Kornelis Tae"), meeting))
    expect(result(page)).to_have_attribute("data-kind", "late")
    waiting(page, 0)
    look(page, "late")
    assert rows() == {"Kornelis Tae": "terlambat"}


def test_a_check_in_for_a_list_that_is_gone_is_told(door, meeting, complaints):
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    page = door(360)
    ready_without_link(page)
    page.context.set_offline(True)
    note(page, "Kornelis Tae")
    waiting(page, 1)
    page.goto("about:blank")
    half = AttendanceList.objects.order_by("on", "half").last()
    AttendanceList.objects.all().delete()
    AttendanceList.objects.create(meeting=meeting, on=half.on, half=half.half)
    page.context.set_offline(False)
    go(page, meeting)
    expect(page.locator("[data-refused]")).to_contain_text("sudah dihapus")
    waiting(page, 0)


@pytest.mark.parametrize("guests", (200,))
def test_thirty_cards_in_a_row_of_a_long_list(door, meeting, guests):
    """The list of 2012 through the same door: each card confirmed within 3 s, four times as fast as people come."""
    people = [Participant(meeting=meeting, name=f"Peserta {n:03}", institution="Instansi") for n in range(guests)]
    places = [
        Registration(participant=person, meeting=meeting, category="utusan", source="impor")
        for person in Participant.objects.bulk_create(people)
    ]
    Registration.objects.bulk_create(places)
    page = door(360)
    expect(page.locator("[data-expected]")).to_have_text(str(guests + len(NAMES)))
    page.evaluate(
        "window.times = []; document.addEventListener('door:confirmed', event => times.push(event.detail.milliseconds))"
    )
    for place in places[:30]:
        scan(page, card(page, place, meeting))
        page.wait_for_timeout(500)
    waiting(page, 0)
    times = sorted(page.evaluate("window.times"))
    print(f"confirmed, ms: median {times[15]}, slowest {times[-1]}")
    assert len(times) == 30 and times[-1] < 3000
    assert Attendance.objects.filter(state="hadir").count() == 30
    expect(page.locator("[data-present]")).to_have_text("30")


def test_other_half_day_is_one_choice_away(door, meeting):
    page = door(360)
    half = page.locator("[data-list]")
    here = half.input_value()
    values = half.locator("option").evaluate_all("all => all.map(each => each.value)")
    other = next(value for value in values if value != here)
    note(page, "Kornelis Tae")
    waiting(page, 0)
    half.select_option(other)
    expect(page.locator("[data-present]")).to_have_text("0")
    expect(page.locator("[data-other-half]")).to_be_visible()
    expect(page.locator("[data-list]")).to_have_value(other)
    scan(page, card(page, of("Kornelis Tae"), meeting))
    waiting(page, 0)
    assert Attendance.objects.count() == 2
    page.locator("[data-to-now]").click()
    expect(half).to_have_value(here)
    expect(page.locator("[data-other-half]")).to_be_hidden()


# -- the camera -------------------------------------------------------------------------------------------------------


def film(path: Path, texts: list[str], frames: int = 24, fps: int = 12) -> Path:
    """A film of cards held before a camera one after the other, half as long nothing between (Y4M, 640 × 480)."""
    width, height = 640, 480
    grey = bytes([128]) * (width * height // 2)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
        for text in texts:
            code = [bytes(row) for row in segno.make(text, error="m").matrix_iter(scale=7, border=4)]
            left, top = (width - len(code[0])) // 2, (height - len(code)) // 2
            wall = bytes([170]) * width
            lines = [wall] * top
            for row in code:
                dots = bytes(20 if dot else 235 for dot in row)
                lines.append(wall[:left] + dots + wall[left + len(dots) :])
            picture = b"".join(lines + [wall] * (height - len(lines)))
            out.write((b"FRAME\n" + picture + grey) * frames)
            out.write((b"FRAME\n" + wall * height + grey) * (frames // 2))
    return path


@pytest.fixture
def eye(browser: Browser, tmp_path: Path, meeting: Meeting, live_server: Any, traffic: Any) -> Iterator[Any]:
    """`eye(width)`: a page of a Chromium whose camera sees three cards and a poster."""
    texts = [f"{live_server.url}/hadir/{of(name).token}/" for name in NAMES[:3]] + ["https://contoh.test/promo"]
    seen = film(tmp_path / "kartu.y4m", texts)
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    program = next(filter(None, map(shutil.which, CHROMIUMS)))
    options = [*QUIET, *camera, f"--use-file-for-fake-video-capture={seen}"]
    started = browser.browser_type.launch(executable_path=program, args=options)
    faults: list[str] = []

    def make(width: int) -> Page:
        context = started.new_context(
            viewport={"width": width, "height": 760}, base_url=live_server.url, locale="id-ID",
            timezone_id="Asia/Makassar", permissions=["camera"],
        )  # fmt: skip
        context.on("weberror", lambda event: faults.append(str(event.error)))
        return context.new_page()

    yield make
    started.close()
    traffic.settle()
    assert faults == []


@pytest.mark.parametrize("width", (360, 1280))
def test_the_camera_reads_cards(eye, log_in, meeting, look, width):
    page = eye(width)
    times: list[float] = []
    page.expose_function("measured", lambda detail: times.append(json.loads(detail)["milliseconds"]))
    page.add_init_script(
        "document.addEventListener('door:confirmed', event => window.measured(JSON.stringify(event.detail)))"
    )
    log_in(page, "panitia", reverse("door", args=[meeting.slug]))
    # Whoever allowed the camera before is not asked again.
    expect(page.locator("[data-camera]")).to_have_attribute("data-camera", "on")
    page.evaluate(COUNT_SCANS)
    until(page, lambda: len(rows()) == 3, seconds=30)
    assert rows() == dict.fromkeys(NAMES[:3], "hadir")
    assert set(CheckIn.objects.values_list("method", "outcome")) == {("qr", "dihitung")}
    assert CheckIn.objects.count() == 3
    expect(result(page)).to_have_attribute("data-kind", re.compile("foreign|again"))
    # A card that stays before the camera is told of once; the film shows one every three seconds.
    before = page.evaluate("window.seen")
    page.wait_for_timeout(6000)
    assert page.evaluate("window.seen") - before <= 3
    look(page, "camera")
    print(f"decoded to confirmed, ms: {sorted(times)}")
    assert len(times) == 3 and max(times) < 3000
