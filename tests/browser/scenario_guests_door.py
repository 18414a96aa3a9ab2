"""Steps 9 and 10 of the guests' scenario: everything printed before the way to Atambua, then 96 people at two doors."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter

import yaml
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from portal.documents.models import Document
from rakor.actions.demo import demo_user
from rakor.actions.scenario_guests import GUESTS_FILE
from rakor.facts.attendance_papers import CARDS, SHEET, cards_of
from rakor.models import Attendance, AttendanceList, CheckIn, Meeting, Registration, Session
from tests.browser.door_steps import go, ready_without_link, result, scan, waiting
from tests.browser.invited_steps import file_of
from tests.browser.scenario_guests_answers import send
from tests.browser.scenario_guests_world import ROOT, Stage, paper_of, printed
from tests.factories_attendance import make_registration

CATEGORIES = {"utusan": 44, "provinsi": 16, "kementerian": 3, "tuan_rumah": 9, "tpl": 12, "mitra": 9, "pers": 3}
GUESTS = 96
APART = 25
"""Seconds between two people: 96 in three quarters of an hour."""


def register_others(stage: Stage) -> None:
    """The 52 who are no delegates come from one Excel list."""
    book = Workbook()
    book.active.append(["Nama", "Instansi", "Jabatan", "Golongan"])
    labels, number = dict(Registration.Category.choices), 0
    for category, office, title, count in yaml.safe_load(GUESTS_FILE.read_text(encoding="utf-8"))["participants"]:
        for _person in range(count):
            number += 1
            book.active.append([f"Peserta Contoh {number:02}", office, title, str(labels[category])])
    stream = io.BytesIO()
    book.save(stream)
    page = stage.at_desk("panitia", f"{ROOT}peserta/impor/")
    page.locator("#file").set_input_files({**file_of("peserta.xlsx", stream.getvalue()), "mimeType": "application/zip"})
    page.get_by_role("button", name="Periksa dan simpan").click()
    expect(page.get_by_text("52 peserta baru.")).to_be_visible()
    page.goto(f"{ROOT}peserta/")
    expect(page.locator("main")).to_contain_text("96 orang terdaftar")
    stage.look(page, "peserta")
    assert Counter(Registration.objects.active().values_list("category", flat=True)) == CATEGORIES


def prepare_papers(stage: Stage) -> list[str]:
    """Sheets for six half-days and 22 desks, and 96 cards, all on the committee's disk; what the cards' codes say.

    The first sheet of each kind and the cards are ordered by screen, the other sheets by the same forms.
    """
    page = stage.at_desk("panitia", f"{ROOT}hadir/cetak/")
    stage.look(page, "cetak")
    page.get_by_role("button", name="Untuk ditandatangani").first.click()
    blank = paper_of(page)
    assert all(name in blank for name in ("Utusan 1 Contoh Belu", "Peserta Contoh 52", "Rabu, 24 April 2019"))
    page.goto(f"{ROOT}hadir/cetak/")
    page.get_by_role("button", name="Cetak kartu").click()
    expect(page.locator("#kemajuan")).to_contain_text("12 halaman", timeout=120_000)
    for row in AttendanceList.objects.filter(meeting=stage.meeting):
        send(page, f"{ROOT}hadir/{row.pk}/cetak/", {"signatures": "1"}, shown_at=f"{ROOT}hadir/cetak/")
    for desk in stage.meeting.sessions.filter(kind=Session.Kind.DESK):
        send(page, f"{ROOT}sesi/{desk.pk}/daftar-hadir/", {"signatures": "1"}, shown_at=f"{ROOT}hadir/cetak/")
    sheets = list(Document.objects.filter(kind=SHEET))
    assert len(sheets) == 6 + 22
    texts = printed(page, *sheets)
    assert sorted(len(re.findall("Utusan [12] Contoh", text)) for text in texts) == [2] * 22 + [44] * 6
    files = [_download(page, paper) for paper in (*sheets, Document.objects.get(kind=CARDS))]
    assert len(files) == 29 and all(data.startswith(b"%PDF-") for data in files)
    return [card["url"] for card in cards_of(Document.objects.get(kind=CARDS).facts)]


def _download(page: Page, paper: Document) -> bytes:
    answer = page.request.get(f"{paper.get_absolute_url()}unduh/")
    assert answer.ok, answer.status
    return answer.body()


class Doors:
    """Two devices that keep the door, and the one clock of everybody."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.devices, self.cut = stage, [], False
        for username, width in (("panitia", 360), ("notulis", 1280)):
            page = stage.open_window(width=width, height=800)
            page.clock.install(time=timezone.now())
            stage.be(page, demo_user(username))
            self.devices.append(go(page, stage.meeting))
        for page in self.devices:
            ready_without_link(page)

    def pass_time(self, seconds: int = APART) -> None:
        """Later, for the server and both devices."""
        self.stage.clock.shift(seconds)
        for page in self.devices:
            page.clock.fast_forward(seconds * 1000)

    def cut_off(self, cut: bool) -> None:
        """Take the second device's link, or give it back."""
        self.cut = cut
        self.devices[1].context.set_offline(cut)

    def show(self, page: Page, code: str, kind: str = "present") -> None:
        """A card before the camera of that device, and what it says at once; the next person comes a while later."""
        scan(page, code)
        expect(result(page)).to_have_attribute("data-kind", kind)
        if not (self.cut and page == self.devices[1]):
            waiting(page, 0)  # else the leap in time is the time-out of the request
        self.pass_time()

    def until_present(self, page: Page, count: int) -> None:
        """Return when that device counts so many; it hears of the other one every ten seconds of its clock."""
        page.clock.fast_forward(11_000)
        expect(page.locator("[data-present]")).to_have_text(str(count))


def keep_doors(stage: Stage, codes: list[str]) -> None:
    """96 cards at two doors in three quarters of an hour, ten minutes of it one of them without a link."""
    page = stage.at_desk("panitia", ROOT)
    page.get_by_role("button", name="Buka rakor").click()
    expect(page.locator("main")).to_contain_text("Berlangsung")
    morning = AttendanceList.objects.get(meeting=stage.meeting, on="2019-04-24", half="pagi")
    hall = screen_of_the_hall(stage, morning)
    doors = Doors(stage)
    one, other = doors.devices
    stage.look(one, "pintu")
    begin = timezone.now()
    before, shared, alone, after = codes[:32], codes[32:38], codes[38:50], codes[50:]
    for number, code in enumerate(before):
        doors.show(doors.devices[number % 2], code)
    doors.cut_off(True)
    without_link(doors, shared, alone)
    doors.cut_off(False)
    doors.pass_time(40)
    waiting(other, 0)
    for device in doors.devices:
        doors.until_present(device, len(before) + len(shared) + len(alone))
    assert_merged(shared)
    for number, code in enumerate(after):
        doors.show(doors.devices[number % 2], code)
    assert timezone.now() - begin < dt.timedelta(minutes=45)
    for device in doors.devices:
        doors.until_present(device, GUESTS)
    expect(hall.locator(".arrivals-number")).to_have_text(str(GUESTS), timeout=30_000)
    stage.look(other, "pintu-penuh")
    refuse_forged(doors)
    assert Attendance.objects.filter(attendance_list=morning, state="hadir").count() == GUESTS
    assert Attendance.objects.count() == GUESTS and CheckIn.objects.count() == GUESTS + len(shared)


def screen_of_the_hall(stage: Stage, morning: AttendanceList) -> Page:
    """The count that the hall sees: a computer without a login, which no idle time sends away in these 45 minutes."""
    page = stage.at_desk("panitia", f"{ROOT}hadir/{morning.pk}/")
    page.get_by_role("button", name="Buat alamat layar").click()
    address = page.get_by_role("link", name="Buka layar").get_attribute("href") or ""
    hall = stage.open_window(width=1920, height=1080)
    hall.goto("/layar/" + address.split("/layar/")[1])
    expect(hall.locator(".arrivals-number")).to_have_text("0")
    return hall


def without_link(doors: Doors, shared: list[str], alone: list[str]) -> None:
    """The second device keeps what it sees; some of these people are seen at the first one too, after it."""
    one, other = doors.devices
    begin = timezone.now()
    for code in shared:
        doors.show(other, code)
        doors.show(one, code)
    for mine, yours in zip(alone[::2], alone[1::2], strict=True):
        doors.show(other, mine)
        doors.show(one, yours)
    assert timezone.now() - begin > dt.timedelta(minutes=10)
    expect(other.locator("[data-link]")).to_have_attribute("data-state", "offline")
    waiting(other, len(shared) + len(alone[::2]))
    waiting(one, 0)
    doors.stage.look(other, "pintu-luring")


def assert_merged(shared: list[str]) -> None:
    """Who was seen twice is there once, since the earlier of the two moments, though that one arrived later."""
    for code in shared:
        row = Attendance.objects.get(registration__token=code.rstrip("/").rpartition("/")[2])
        first, second = CheckIn.objects.filter(registration=row.registration_id).order_by("came_at")
        assert (first.outcome, second.outcome) == ("ganda", "dihitung")
        assert row.came_at == first.came_at < second.came_at and first.device != second.device


def refuse_forged(doors: Doors) -> None:
    """A code that nobody's card has, and a card of another edition, count for nobody."""
    one, other = doors.devices
    doors.show(one, f"https://rakor.contoh/hadir/{'z' * 16}/", "refused")
    expect(one.locator("[data-refused]")).to_contain_text("tidak dikenal")
    stranger = make_registration(Meeting.objects.get(slug="ende-2016"))
    doors.show(other, f"https://rakor.contoh/hadir/{stranger.token}/", "refused")
    expect(other.locator("[data-refused]")).to_contain_text("Rakor Ende 2016")
    doors.stage.look(one, "kode-palsu")


def compare_lists(stage: Stage) -> None:
    """Screen, PDF and Excel say the same."""
    morning = AttendanceList.objects.get(meeting=stage.meeting, on="2019-04-24", half="pagi")
    page = stage.at_desk("panitia", f"{ROOT}hadir/")
    expect(page.locator(".half-day").first).to_contain_text("96 dari 96 hadir")
    stage.look(page, "kehadiran")
    page.goto(f"{ROOT}hadir/{morning.pk}/")
    expect(page.locator("#jumlah li")).to_have_text("96 Hadir")
    stage.look(page, "daftar-hadir")
    sheet = page.request.get(f"{ROOT}hadir/{morning.pk}/?format=xlsx")
    header, *rows = load_workbook(io.BytesIO(sheet.body())).active.iter_rows(values_only=True)
    rows = [dict(zip(header, row, strict=True)) for row in rows]
    assert len({(row["Nama"], row["Instansi"]) for row in rows}) == GUESTS
    assert Counter(row["Kehadiran"] for row in rows if row["Nama"]) == {"Hadir": GUESTS}
    page.get_by_role("button", name="Dengan jam kedatangan").click()
    text = paper_of(page)
    assert "Hadir 96 (sembilan puluh enam) orang dari 96 (sembilan puluh enam) orang yang terdaftar." in text
    assert "Hadir tepat waktu : 96 orang" in text
    assert all(str(row["Nama"]) in text for row in rows)
