"""Steps 1–3 of the guests' scenario at the provincial office: the edition, the committee's decree, the programme."""

from __future__ import annotations

import itertools
import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from rakor.actions.demo import demo_user
from rakor.actions.sessions import SessionPlan, plan_session
from rakor.forms.files import read_file
from rakor.forms.meeting_file import check_meeting_file
from rakor.management.commands.load_demo import FOLDER
from rakor.models import Letter, Meeting, Session
from regencies.models import LetterNumber
from tests.browser.letter_steps import APPROVE, INITIAL, take_step
from tests.browser.scenario_guests_world import ROOT, TILES, Stage, paper_of

TITLE = "Rapat Koordinasi Pelaksanaan Kegiatan 2019 dan Penyusunan Program Industri Kecil dan Menengah Tahun 2020"
ORGANISERS = (
    ("penyelenggara", "Kementerian Perindustrian"),
    ("kerja_sama", "Dinas Perindustrian dan Perdagangan Provinsi Nusa Tenggara Timur"),
    ("tuan_rumah", "Belu"),
)
ADDED = (("acara", "Maria Contoh"), ("akomodasi", "Yosef Contoh"))
DECREE_PARTS = (
    "Menimbang", "Mengingat", "MEMUTUSKAN", "Menetapkan", "KESATU", "KEDUA", "Ditetapkan di", "LAMPIRAN",
)  # fmt: skip


def create_edition(stage: Stage) -> None:
    """Step 1: unusual days are told of and have to be confirmed, ordinary ones not; the edition before is linked.

    The admin creates the edition; publishing it is not offered to him.
    """
    page = stage.at_desk("admin", "/rakor/")
    page.get_by_role("link", name="Edisi baru").click()
    page.get_by_label("Judul").fill(TITLE)
    page.get_by_label("Tahun pelaksanaan").fill("2019")
    page.get_by_label("Mulai").fill("2026-04-24")
    page.get_by_label("Sampai").fill("2026-04-26")
    warnings = page.locator("#day-warnings")
    expect(warnings).to_contain_text("Sabtu, 25 April 2026")
    expect(warnings).to_contain_text("Minggu, 26 April 2026")
    stage.look(page, "edisi-akhir-pekan")
    page.get_by_label("Mulai").fill("2019-04-24")
    page.get_by_label("Sampai").fill("2019-04-26")
    expect(warnings).to_be_empty()
    page.get_by_label("Tempat").fill("Hotel Matahari")
    page.get_by_label("Kota", exact=False).first.fill("Atambua")
    page.get_by_label("Tuan rumah", exact=True).select_option(label="Kabupaten Belu")
    add_organisers(page)
    page.get_by_label("Dasar pembiayaan").fill("DPA Nomor 914/DPA/2019")
    page.get_by_label("Kode sub-kegiatan").fill("3.31.01.1.06.0009")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Edisi tersimpan.")).to_be_visible()
    expect(page.get_by_role("button", name="Tetapkan jadwal")).to_have_attribute("aria-disabled", "true")
    for words in ("Rabu, 24 April 2019", "Jumat, 26 April 2019", "3.31.01.1.06.0009", "DPA Nomor 914/DPA/2019"):
        expect(page.locator("main")).to_contain_text(words)
    stage.look(page, "edisi")
    page.get_by_role("link", name="Yang disepakati pada Rakor Ende 2016").click()
    expect(page.locator("main")).to_contain_text("Rp30.000.000")
    organisers = stage.meeting.organisers.order_by("position").values_list("role", flat=True)
    assert list(organisers) == [role for role, _office in ORGANISERS]
    assert (stage.meeting.planning_year, stage.meeting.previous.town) == (2020, "Ende")


def add_organisers(page: Page) -> None:
    """The ministry, the provincial office, the host: three rows are offered."""
    for number, (role, office) in enumerate(ORGANISERS):
        page.locator(f"#id_organisers-{number}-role").select_option(role)
        choose(page, f"#id_organisers-{number}-agency", office)


def choose(page: Page, field: str, words: str) -> None:
    """The first option whose label has these words."""
    label = page.locator(f"{field} option").filter(has_text=words).first.text_content()
    page.locator(field).select_option(label=label)


def draft_decree(stage: Stage) -> None:
    """Step 2: the committee by screen, its decree initialled, approved with one number, printed in its order."""
    page = stage.at_desk("panitia", f"{ROOT}panitia/")
    page.get_by_role("button", name="Isi dari jabatan").click()
    expect(page.get_by_text(re.compile(r"\d+ anggota ditambahkan"))).to_be_visible()
    for seat, name in ADDED:
        page.get_by_label("Kedudukan").last.select_option(seat)
        page.get_by_label("Nama", exact=False).last.fill(name)
        page.get_by_role("button", name="Tambahkan").click()
        expect(page.get_by_role("row", name=name)).to_be_visible()
    stage.look(page, "panitia")
    members = stage.meeting.committee.count()
    page.get_by_role("button", name="Susun SK panitia").click()
    expect(page.get_by_role("heading", name="Naskah SK panitia")).to_be_visible()
    page.get_by_role("button", name="Simpan", exact=True).click()
    assert members == stage.meeting.committee.count() > len(ADDED)
    approve_decree(stage)


def approve_decree(stage: Stage) -> None:
    """Initialled by the division head, approved by the head of office: one number, one paper, its parts in order."""
    decree = Letter.objects.get(kind=Letter.Kind.DECREE)
    take_step(stage.at_desk("kabid", decree.get_absolute_url()), INITIAL)
    take_step(stage.at_desk("kadis-prov", decree.get_absolute_url()), APPROVE)
    [number] = LetterNumber.objects.all()
    copy = decree.copies.get()
    assert copy.number == number and number.text
    page = stage.at_desk("kadis-prov", decree.get_absolute_url())
    stage.look(page, "sk")
    page.goto(copy.document.get_absolute_url() if copy.document else f"{ROOT}surat/{decree.pk}/lembar/")
    text = paper_of(page)
    in_order(text, DECREE_PARTS)
    assert number.text in text
    in_order(text, ("LAMPIRAN", *(name for _seat, name in ADDED)))


def in_order(text: str, parts: tuple[str, ...]) -> None:
    """Every part is there, each after the one before."""
    place = -1
    for part in parts:
        found = text.find(part, place + 1)
        assert found > place, f"{part} is missing or not after the part before it: {text[:3000]}"
        place = found


def plan_programme(stage: Stage) -> None:
    """Step 3: two sessions typed, ten from the shipped programme by the verb of that form, 22 desks at one click."""
    page = stage.at_desk("panitia", f"{ROOT}agenda/?rencana=1")
    plenary = [row.plan for row in _shipped() if row.plan.kind != Session.Kind.DESK]
    assert len(plenary) == 12
    for plan in plenary[:2]:
        type_session(page, plan)
    clash = page.locator("#editor")
    open_form(page)
    fill_session(page, plenary[1], "Sesi yang bentrok")
    clash.get_by_role("button", name="Simpan").click()
    expect(clash.locator("[data-form-errors]")).to_contain_text(plenary[1].room)
    stage.look(page, "bentrok")
    for plan in plenary[2:]:
        plan_session(stage.meeting, plan, by=demo_user("panitia"))
    page.goto(f"{ROOT}desk/bagi/")
    page.get_by_role("button", name="Bagi desk").click()
    expect(page.locator("main")).to_contain_text("22 desk dibagikan")
    expect(page.locator(TILES)).to_have_count(22)
    stage.look(page, "desk")
    assert_no_clash(stage.meeting)
    publish(stage)


def publish(stage: Stage) -> None:
    """The programme stands: regencies see it, lists of attendance are there."""
    page = stage.at_desk("panitia", ROOT)
    page.get_by_role("button", name="Tetapkan jadwal").click()
    expect(page.locator("main")).to_contain_text("Terjadwal")
    page.goto(f"{ROOT}agenda/")
    stage.look(page, "agenda")
    assert stage.meeting.status == "terjadwal"


def _shipped() -> list:
    """The programme of the demo's file."""
    plan, errors = check_meeting_file(read_file(FOLDER / "rakor-2019-atambua.yaml"))
    assert plan and not errors
    return plan.sessions


def open_form(page: Page) -> None:
    """The form of a new session on the first day."""
    page.get_by_role("link", name="Tambah sesi Rabu, 24 April 2019").click()
    expect(page.locator("#editor").get_by_label("Acara")).to_be_visible()


def fill_session(page: Page, plan: SessionPlan, title: str) -> None:
    """Kind, title, times, room."""
    form = page.locator("#editor")
    form.get_by_label("Jenis").select_option(plan.kind)
    form.get_by_label("Acara").fill(title)
    for label, at in (("Mulai", plan.starts_at), ("Selesai", plan.ends_at)):
        form.get_by_label(label, exact=False).first.fill(f"{timezone.localtime(at):%H:%M}")
    form.get_by_label("Ruang").fill(plan.room)


def type_session(page: Page, plan: SessionPlan) -> None:
    """One session by screen, with its people."""
    open_form(page)
    fill_session(page, plan, plan.title)
    for number, person in enumerate(plan.people):
        page.locator(f"#id_people-{number}-part").select_option(person.part)
        page.locator(f"#id_people-{number}-name").fill(person.name)
        page.locator(f"#id_people-{number}-institution").fill(person.institution)
    page.locator("#editor").get_by_role("button", name="Simpan").click()
    expect(page.locator(".plan-title").filter(has_text=plan.title)).to_be_visible()


def assert_no_clash(meeting: Meeting) -> None:
    """34 sessions, 22 of them desks of 22 regencies; no room and no person in two places at once."""
    rows = list(meeting.sessions.select_related("room").prefetch_related("people"))
    desks = [row for row in rows if row.kind == Session.Kind.DESK]
    assert (len(rows), len(desks), len({row.regency_id for row in desks})) == (34, 22, 22)
    for one, other in itertools.combinations(rows, 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            both = {each.participant_id for each in one.people.all()} & {p.participant_id for p in other.people.all()}
            assert one.room_id != other.room_id and not both, f"{one.title} and {other.title}"
