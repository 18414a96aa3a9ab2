"""Writing minutes in a real browser: nothing typed is lost, nothing is overwritten, the keyboard is enough."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from rakor.actions.minutes import save_entry, start_minutes
from rakor.models import EntryDraft, MinuteEntry, Minutes
from tests import factories
from tests.browser.conftest import until, until_draggable
from tests.cast import PASSWORD

PULSE = 25_000  # ms in which what others do must show; the page asks every seven seconds
LONG = "Realisasi triwulan I mencapai **62 persen**; dua kabupaten menunggu pengadaan selesai."


@pytest.fixture
def minutes(cast) -> Minutes:
    meeting = factories.make_programme(factories.make_meeting(status="terjadwal"))
    return start_minutes(meeting.sessions.get(kind="pleno"), by=cast.notulis)


@pytest.fixture
def _conflicts_are_expected(complaints) -> None:
    complaints.allow("409")


@pytest.fixture
def _refusals_are_expected(complaints) -> None:
    complaints.allow("403")


@pytest.fixture
def url(minutes) -> str:
    return f"/rakor/rakor-atambua/notulen/{minutes.session_id}/"


@pytest.fixture
def write(be, cast, url):
    """`write(page, "notulis")`: that person's editor, ready."""

    def enter(page: Page, who: str = "notulis") -> Page:
        be(page, cast[who])
        page.goto(url)
        expect(page.locator("body.notula-live")).to_be_attached()
        return page

    return enter


def words(text: str, **values) -> dict:
    blank = dict.fromkeys(MinuteEntry.TEXT_FIELDS, "") | {"kind": "pembahasan", "due_on": None, "text": text}
    return blank | values


def composer(page: Page):
    return page.locator("[data-composer] textarea[name=text]")


def state(page: Page):
    return page.locator("[data-state]")


def saved(page: Page) -> None:
    expect(state(page)).to_have_attribute("data-state", "saved")


def sample(minutes: Minutes, cast) -> None:
    """A session as it reads after an hour."""
    save_entry(minutes, words("Rapat dibuka oleh pimpinan sidang.", kind="pembukaan", speaker="Ketua"), by=cast.notulis)
    save_entry(
        minutes,
        words(LONG + "\n\n- Belu\n- Ende", speaker="Utusan 1", institution="Dinas Perindustrian Kab. Belu",
              response="Dimasukkan ke desk hari kedua.", responder="Pimpinan sidang"),
        by=cast.panitia,
    )  # fmt: skip
    save_entry(minutes, words("Data IKM belum mutakhir.", kind="permasalahan", speaker="Utusan 4"), by=cast.notulis)
    save_entry(minutes, words("Laporan disampaikan tiap triwulan.", kind="keputusan"), by=cast.notulis)
    save_entry(
        minutes,
        words("Menyiapkan templat laporan.", kind="tindak_lanjut", responsible="Disperindag Provinsi NTT",
              due_on=minutes.session.ends_at.date()),
        by=cast.notulis,
    )  # fmt: skip


# -- how it looks and reads --------------------------------------------------------------------------------------------


def test_editor_is_accessible_with_entries(any_page, write, minutes, cast, look):
    sample(minutes, cast)
    page = write(any_page)
    composer(page).fill("Peserta menanyakan jadwal pencairan.")
    saved(page)
    look(page, "editor")
    page.locator(f"#butir-{minutes.entries.all()[1].pk}").get_by_role("link", name="Ubah").click()
    expect(page.locator(".entry.is-editing textarea[name=text]")).to_be_focused()
    look(page, "edit")


# -- writing -----------------------------------------------------------------------------------------------------------


def test_the_keyboard_alone_is_enough(page_1280, write, minutes):
    page = write(page_1280)
    page.keyboard.press("Tab")
    composer(page).focus()
    page.keyboard.type("Pertama.")
    page.keyboard.press("Control+Enter")
    expect(composer(page)).to_be_focused()
    expect(composer(page)).to_have_value("")
    page.keyboard.press("Alt+Digit4")
    page.keyboard.type("Kedua.")
    page.keyboard.press("Control+Enter")
    saved(page)
    expect(page.locator("li.entry[data-id]")).to_have_count(2)
    assert [(e.kind, e.text) for e in minutes.entries.kept()] == [("pembahasan", "Pertama."), ("keputusan", "Kedua.")]

    second = page.locator("li.entry[data-id]").nth(1)
    second.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("li.entry[data-id]").first).to_contain_text("Kedua.")
    expect(page.locator("li.entry[data-id]").first).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Disetujui.")
    page.keyboard.press("Control+Enter")
    saved(page)
    expect(page.locator("li.entry[data-id]").first).to_contain_text("Kedua. Disetujui.")
    expect(page.locator("li.entry[data-id]").first).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator("li.entry[data-id]")).to_have_count(1)
    page.get_by_role("button", name="Urungkan").press("Enter")
    expect(page.locator("li.entry[data-id]").first).to_contain_text("Kedua. Disetujui.")
    page.locator("li.entry[data-id]").first.focus()
    page.keyboard.press("n")
    expect(composer(page)).to_be_focused()


def test_buttons_are_enough_on_a_phone(page_360, write, minutes, cast):
    sample(minutes, cast)
    page = write(page_360)
    first = page.locator("li.entry[data-id]").first
    first.get_by_role("button", name="Turunkan butir").click()
    expect(page.locator("li.entry[data-id]").nth(1)).to_contain_text("Rapat dibuka")
    for button in page.locator("li.entry .btn, .composer .btn, .kind-face").all():
        if button.is_visible():
            box = button.bounding_box()
            assert box["height"] >= 44
            assert box["width"] >= 44


@pytest.fixture
def stopped_clock(page_1280, write) -> Page:
    """The editor, whose clock goes on only when a test says so."""
    page_1280.clock.install()
    page = write(page_1280)
    page.clock.pause_at(dt.datetime.now() + dt.timedelta(minutes=1))
    return page


def test_the_draft_reaches_the_server_soon_after_typing_stops(stopped_clock, minutes):
    page = stopped_clock
    composer(page).press_sequentially("Sedang mengetik")
    expect(state(page)).to_have_text(re.compile(r"Menyimpan…"))
    page.clock.run_for(1900)
    expect(state(page)).to_have_text(re.compile(r"Tersimpan \d\d\.\d\d"))
    assert EntryDraft.objects.open().get().text == "Sedang mengetik"


def test_while_typing_without_pause_the_draft_is_sent_every_five_seconds(stopped_clock, minutes):
    page = stopped_clock
    for _second in range(5):
        composer(page).press_sequentially("huruf ")
        page.clock.run_for(1000)
    until(page, EntryDraft.objects.open().filter(text__startswith="huruf huruf huruf huruf").exists)


# -- nothing is lost ---------------------------------------------------------------------------------------------------


def test_a_closed_tab_gives_everything_back(page_1280, write, minutes, url, traffic):
    page = write(page_1280)
    composer(page).fill("Belum selesai, lalu tab ditutup.")
    saved(page)
    composer(page).press_sequentially(" Huruf terakhir.")
    page.close(run_before_unload=False)
    # As if the last words had not reached the server; in truth a closing page still sends them.
    traffic.settle(quiet=1)
    EntryDraft.objects.update(text="Belum selesai, lalu tab ditutup.", seq=1)
    again = page.context.new_page()
    again.goto(url)
    expect(composer(again)).to_have_value("Belum selesai, lalu tab ditutup. Huruf terakhir.")
    expect(again.locator(".kept")).to_contain_text("dipulihkan dari perangkat ini")
    again.get_by_role("button", name=re.compile("Pakai salinan server")).click()
    expect(composer(again)).to_have_value("Belum selesai, lalu tab ditutup.")
    again.get_by_role("button", name=re.compile("Pakai salinan perangkat ini")).click()
    expect(composer(again)).to_have_value("Belum selesai, lalu tab ditutup. Huruf terakhir.")


def test_another_device_gets_the_draft_of_the_server(page_1280, write, minutes, open_window, cast):
    page = write(page_1280)
    composer(page).fill("Dari laptop.")
    saved(page)
    phone = write(open_window(width=360, height=720))
    expect(composer(phone)).to_have_value("Dari laptop.")
    expect(phone.locator(".kept")).to_contain_text("dipulihkan dari server")


def test_a_lost_link_while_typing(page_1280, write, minutes, complaints):
    complaints.allow("ERR_INTERNET_DISCONNECTED", "Failed to load")
    page = write(page_1280)
    page.context.set_offline(True)
    composer(page).fill("Ditulis tanpa sinyal.")
    expect(state(page)).to_have_text(re.compile("Luring: tersimpan di perangkat ini"))
    page.keyboard.press("Control+Enter")
    composer(page).fill("Juga tanpa sinyal.")
    page.keyboard.press("Control+Enter")
    composer(page).fill("Masih mengetik")
    expect(page.locator(".slip-card")).to_have_count(2)
    assert not minutes.entries.exists()
    page.context.set_offline(False)
    expect(page.locator("li.entry[data-id]")).to_have_count(2)
    saved(page)
    assert [e.text for e in minutes.entries.kept()] == ["Ditulis tanpa sinyal.", "Juga tanpa sinyal."]
    expect(composer(page)).to_have_value("Masih mengetik")


def test_entries_queued_offline_survive_a_closed_tab(page_1280, write, minutes, url, complaints):
    complaints.allow("ERR_", "Failed to load")
    page = write(page_1280)
    page.context.set_offline(True)
    composer(page).fill("Lampu padam sebelum sinyal kembali.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".slip-card")).to_have_count(1)
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.context.set_offline(False)
    again.goto(url)
    expect(again.locator("li.entry[data-id]")).to_have_count(1)
    saved(again)
    assert minutes.entries.get().text == "Lampu padam sebelum sinyal kembali."


def test_an_answer_that_got_lost_makes_no_double(page_1280, write, minutes, complaints):
    complaints.allow("Failed to load", "ERR_FAILED")
    page = write(page_1280)
    dropped = []

    def lose(route):
        if dropped:
            route.continue_()
            return
        dropped.append(route.fetch())
        route.abort()

    page.route("**/butir/", lose)
    composer(page).fill("Sekali saja.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("li.entry[data-id]")).to_have_count(1)
    saved(page)
    assert dropped
    assert minutes.entries.count() == 1


@pytest.mark.parametrize("status", [500, 502, 503, 409])
def test_a_server_in_trouble_gets_the_entry_later(page_1280, write, minutes, complaints, status):
    complaints.allow("Failed to load", str(status))
    page = write(page_1280)
    left = [1, 1]

    def trouble(route):
        if left and status != 409:
            left.pop()
            route.fulfill(status=status, body="<h1>PostgreSQL starts up</h1>", content_type="text/html")
        elif left:
            left.clear()
            route.fulfill(status=409, body="Basis data sedang dimulai ulang.", content_type="text/plain")
        else:
            route.continue_()

    page.route("**/butir/", trouble)
    if status == 409:
        page.clock.install()
    composer(page).fill("Bertahan.")
    page.keyboard.press("Control+Enter")
    if status == 409:
        expect(state(page)).to_have_text(re.compile("Basis data sedang dimulai ulang"))
        page.clock.run_for(31_000)
    expect(page.locator("li.entry[data-id]")).to_have_count(1)
    assert minutes.entries.get().text == "Bertahan."


def test_an_ended_session_while_typing(page_1280, write, minutes, complaints):
    complaints.allow("401", "Unauthorized")
    page = write(page_1280)
    composer(page).fill("Sesi saya habis")
    saved(page)
    Session.objects.all().delete()
    # A request of the page's own, which leaves with the first letter: its answer comes in the middle of the words.
    page.evaluate("document.addEventListener('input', () => void portal.extend(), {once: true})")
    composer(page).press_sequentially(" sewaktu mengetik.", delay=100)
    expect(composer(page)).to_have_value("Sesi saya habis sewaktu mengetik.")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(state(page)).to_have_attribute("data-state", "login")
    dialog.locator("input[name=login]").fill("notulis")
    dialog.locator("input[name=password]").fill(PASSWORD)
    dialog.locator("button[type=submit], button:not([type])").first.click()
    expect(dialog).not_to_be_visible()
    expect(composer(page)).to_have_value("Sesi saya habis sewaktu mengetik.")
    saved(page)
    assert EntryDraft.objects.open().get().text == "Sesi saya habis sewaktu mengetik."


def test_five_megabytes_pasted_are_cut_with_a_message(page_1280, write, minutes, complaints):
    page = write(page_1280)
    composer(page).fill("Sudah tertulis. ")
    page.evaluate(
        """() => {
            const area = document.querySelector('[data-composer] textarea[name=text]');
            area.focus(); area.setSelectionRange(area.value.length, area.value.length);
            const data = new DataTransfer(); data.setData('text/plain', 'panjang '.repeat(655360));
            area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));
            document.execCommand('insertText', false, 'panjang '.repeat(655360));
        }"""
    )
    expect(page.locator("[data-toasts]")).to_contain_text("paling banyak 20.000 huruf")
    assert page.evaluate("document.querySelector('[data-composer] textarea[name=text]').value.length") == 20_000
    saved(page)
    assert EntryDraft.objects.open().get().text.startswith("Sudah tertulis. panjang")


# -- two people --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_conflicts_are_expected")
def test_two_minute_takers_in_conflict(open_window, write, minutes, cast, look):
    entry = save_entry(minutes, words("Data dikirim tiap triwulan."), by=cast.notulis)
    one, two = write(open_window()), write(open_window(width=360, height=720), "panitia")
    item = f"#butir-{entry.pk}"
    one.locator(item).get_by_role("link", name="Ubah").click()
    one.locator(f"{item} textarea[name=text]").fill("Data dikirim tiap bulan.")
    two.locator(item).get_by_role("link", name="Ubah").click()
    two.locator(f"{item} textarea[name=text]").fill("Data dikirim tiap semester.")
    two.keyboard.press("Control+Enter")
    expect(two.locator(item)).to_contain_text("tiap semester")
    expect(one.locator(f"{item} [data-peer]")).to_contain_text("disimpan oleh Panitia Contoh", timeout=PULSE)
    expect(one.locator(f"{item} textarea[name=text]")).to_have_value("Data dikirim tiap bulan.")
    one.locator(f"{item} textarea[name=text]").press("Control+Enter")
    panel = one.locator(".conflict")
    expect(panel).to_be_focused()
    expect(panel.locator("del", has_text="semester.")).to_be_visible()
    expect(panel.locator("ins", has_text="bulan.")).to_be_visible()
    look(one, "conflict")
    entry.refresh_from_db()
    assert entry.text == "Data dikirim tiap semester."
    panel.get_by_text("Gabungkan sendiri").click()
    panel.locator("textarea[name=text]").fill("Data dikirim tiap bulan dan semester.")
    panel.get_by_role("button", name="Simpan gabungan").click()
    expect(one.locator(item)).to_contain_text("tiap bulan dan semester")
    saved(one)
    expect(two.locator(item)).to_contain_text("tiap bulan dan semester", timeout=PULSE)
    assert {r.text for r in entry.revisions.filter(kept_from_conflict=True)} == {
        "Data dikirim tiap bulan.", "Data dikirim tiap semester.",
    }  # fmt: skip


def test_presence_and_new_entries_of_the_other_do_not_disturb_typing(open_window, write, minutes, cast):
    entry = save_entry(minutes, words("Satu."), by=cast.notulis)
    one, two = write(open_window()), write(open_window(), "panitia")
    composer(one).press_sequentially("Saya sedang meng")
    two.locator(f"#butir-{entry.pk}").get_by_role("link", name="Ubah").click()
    expect(one.locator(f"#butir-{entry.pk} [data-presence]")).to_have_text(
        "Sedang disunting oleh Panitia Contoh", timeout=PULSE
    )
    composer(two).fill("Butir dari panitia.")
    composer(two).press("Control+Enter")
    expect(one.locator("li.entry[data-id]")).to_have_count(2, timeout=PULSE)
    expect(composer(one)).to_be_focused()
    one.keyboard.type("etik.")
    expect(composer(one)).to_have_value("Saya sedang mengetik.")


@pytest.mark.usefixtures("_conflicts_are_expected")
def test_editing_what_the_other_deleted(open_window, write, minutes, cast):
    entry = save_entry(minutes, words("Akan dihapus."), by=cast.notulis)
    one, two = write(open_window()), write(open_window(), "panitia")
    item = f"#butir-{entry.pk}"
    one.locator(item).get_by_role("link", name="Ubah").click()
    one.locator(f"{item} textarea[name=text]").fill("Justru penting.")
    two.locator(item).get_by_role("button", name="Hapus butir").click()
    if two.get_by_role("dialog").is_visible():
        two.locator("[data-confirm-yes]").click()
    expect(two.locator(item)).to_have_count(0)
    one.locator(f"{item} textarea[name=text]").press("Control+Enter")
    one.get_by_role("button", name="Pulihkan dengan teks saya").click()
    expect(one.locator(item)).to_contain_text("Justru penting.")
    expect(two.locator(item)).to_contain_text("Justru penting.", timeout=PULSE)


def test_the_notula_on_its_way_to_the_paper(page_1280, minutes, cast, be, look):
    page, url = page_1280, f"/rakor/rakor-atambua/notulen/{minutes.session_id}/"
    sample(minutes, cast)
    minutes.chair = cast.kadis_prov.positions.get()
    minutes.save()
    be(page, cast.notulis)
    page.goto(url)
    page.get_by_role("link", name="Ajukan untuk diperiksa").click()
    page.get_by_role("button", name="Ajukan untuk diperiksa").click()
    expect(page.get_by_text("Notula diajukan untuk diperiksa.")).to_be_visible()
    be(page, cast.kabid)
    page.goto(url)
    page.get_by_role("link", name="Tetapkan final").click()
    look(page, "finalise")
    page.get_by_role("button", name="Tetapkan final").click()
    expect(page.get_by_role("link", name="Versi 1")).to_be_visible()
    be(page, cast.operator_belu)
    page.goto(url)
    look(page, "read")
    expect(page.get_by_role("link", name="Versi 1")).to_be_visible()
    page.goto("/rakor/rakor-atambua/notulen/")
    look(page, "list")


# -- the rest ----------------------------------------------------------------------------------------------------------


def test_other_pages_are_accessible(any_page, write, minutes, cast, look):
    sample(minutes, cast)
    entry = minutes.entries.all()[1]
    save_entry(minutes, words("Realisasi mencapai 63 persen."), by=cast.notulis, entry_id=entry.pk, base_version=1)
    page = write(any_page)
    base = page.url
    for name, path in (
        ("head", "kepala/"), ("history", "riwayat/"), ("entry-history", f"butir/{entry.pk}/riwayat/"),
        ("entry", f"butir/{entry.pk}/"), ("submit", "langkah/submit/"), ("sessions", "../"),
    ):  # fmt: skip
        page.goto(base + path)
        look(page, name)


def test_dragging_moves_an_entry(page_1280, write, minutes, cast):
    sample(minutes, cast)
    page = write(page_1280)
    items = page.locator("li.entry[data-id]")
    grip = items.nth(0).locator("[data-grip]")
    grip.hover()
    until_draggable(page, "li.entry[data-id]")
    target = items.nth(2).bounding_box()
    page.mouse.down()
    page.mouse.move(target["x"] + 30, target["y"] + target["height"] * 0.5, steps=12)
    page.mouse.move(target["x"] + 30, target["y"] + target["height"] * 0.8, steps=6)
    page.mouse.up()
    expect(items.nth(2)).to_contain_text("Rapat dibuka")
    kinds = ["pembahasan", "permasalahan", "pembukaan"]
    until(page, lambda: [entry.kind for entry in minutes.entries.kept()][:3] == kinds)


def test_a_double_click_saves_once_and_complains_about_nothing(page_1280, write, minutes):
    page = write(page_1280)
    composer(page).fill("Sekali saja.")
    page.get_by_role("button", name="Simpan butir").dblclick()
    saved(page)
    expect(page.locator("li.entry[data-id]")).to_have_count(1)
    expect(page.locator("[data-composer] [data-error=text]")).to_be_empty()
    assert minutes.entries.count() == 1


@pytest.mark.usefixtures("_refusals_are_expected")
def test_texts_for_minutes_locked_meanwhile_are_kept_and_shown(page_1280, write, minutes, cast, look):
    sample(minutes, cast)
    page = write(page_1280)
    minutes.refresh_from_db()
    minutes.status, minutes.change = "diperiksa", minutes.change + 1
    minutes.save()
    composer(page).fill("Datang terlambat.")
    page.keyboard.press("Control+Enter")
    expect(state(page)).to_have_attribute("data-state", "refused")
    expect(state(page)).to_contain_text("sedang diperiksa")
    expect(page.locator("[data-locked]")).to_be_visible(timeout=PULSE)
    page.reload()
    expect(page.locator("[data-kept-here] textarea")).to_have_value("Datang terlambat.")
    look(page, "locked")
    minutes.status = "konsep"
    minutes.save()
    page.reload()
    expect(page.locator("li.entry[data-id]")).to_have_count(6)
    saved(page)


def test_writing_without_javascript(open_window, be, minutes, cast, url):
    page = open_window(java_script_enabled=False)
    be(page, cast.notulis)
    page.goto(url)
    page.locator("[data-composer] textarea[name=text]").fill("Tanpa skrip.")
    page.get_by_role("button", name="Simpan butir").click()
    expect(page.locator("li.entry")).to_contain_text("Tanpa skrip.")
    page.get_by_role("link", name="Ubah", exact=True).first.click()
    page.locator("textarea[name=text]").fill("Tanpa skrip, diubah.")
    page.get_by_role("button", name="Simpan butir").click()
    expect(page.locator("li.entry")).to_contain_text("Tanpa skrip, diubah.")


def test_completion_fills_in_the_institution(page_1280, write, minutes, cast):
    sample(minutes, cast)
    page = write(page_1280)
    form = page.locator("[data-composer] form")
    form.locator("[name=speaker]").fill("Utusan 1")
    expect(form.locator("[name=institution]")).to_have_value("Dinas Perindustrian Kab. Belu")
    form.locator("[name=speaker]").fill("Orang Baru")
    form.locator("[name=text]").fill("Bicara.")
    page.keyboard.press("Control+Enter")
    saved(page)
    assert page.evaluate("[...document.querySelector('#nama-peserta').options].some(o => o.value === 'Orang Baru')")


def test_preview_is_sanitised(page_1280, write, minutes):
    page = write(page_1280)
    composer(page).fill('**Tebal** <img src=x onerror="alert(1)">')
    page.locator("[data-composer]").get_by_role("button", name="Pratinjau").click()
    box = page.locator("[data-composer] [data-preview]")
    expect(box.locator("strong")).to_have_text("Tebal")
    expect(box.locator("img")).to_have_count(0)


def test_two_tabs_of_one_writer_do_not_share_a_text(page_1280, write, minutes, url):
    page = write(page_1280)
    composer(page).fill("Di tab pertama.")
    saved(page)
    other = page.context.new_page()
    other.goto(url)
    expect(other.locator("body.notula-live")).to_be_attached()
    other.wait_for_timeout(500)
    expect(composer(other)).to_have_value("")
    composer(other).fill("Di tab kedua.")
    composer(other).press("Control+Enter")
    composer(page).press("Control+Enter")
    saved(other)
    saved(page)
    assert {entry.text for entry in minutes.entries.kept()} == {"Di tab pertama.", "Di tab kedua."}
    expect(page.locator("li.entry[data-id]")).to_have_count(2, timeout=PULSE)


def test_a_device_whose_clock_is_behind_still_keeps_its_drafts_on_the_server(page_1280, write, minutes, cast):
    entry = save_entry(minutes, words("Asal."), by=cast.notulis)
    ahead = {"key": str(entry.pk), "seq": 9_999_999_999_999, "is_open": False}
    EntryDraft.objects.create(minutes=minutes, author=cast.notulis, **ahead)
    page = write(page_1280)
    page.locator(f"#butir-{entry.pk}").get_by_role("link", name="Ubah").click()
    page.locator(f"#butir-{entry.pk} textarea[name=text]").fill("Asal, diubah di ponsel yang jamnya salah.")
    saved(page)
    texts = EntryDraft.objects.open().values_list("text", flat=True)
    until(page, lambda: list(texts.all()) == ["Asal, diubah di ponsel yang jamnya salah."])
