"""The committee and its texts in a window: seats by hand, a part compared with the portal before it is replaced."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rakor.actions import committee as actions
from rakor.actions.letters import move_letter
from rakor.models import CommitteeMember, Letter
from rakor.queries.letter_text_papers import content_of

pytestmark = pytest.mark.django_db(transaction=True)


def add(page: Page, seat: str, name: str) -> None:
    page.get_by_label("Kedudukan").last.select_option(seat)
    page.get_by_label("Nama", exact=False).last.fill(name)
    page.get_by_role("button", name="Tambahkan").click()
    expect(page.get_by_role("row", name=name)).to_be_visible()


def test_the_committee_is_filled_and_put_in_order(
    cast: Any, draft_meeting: Any, any_page: Page, be: Any, look: Any
) -> None:
    page = any_page
    be(page, cast.panitia)
    page.goto(f"/rakor/{draft_meeting.slug}/panitia/")
    look(page, "empty")
    page.get_by_role("button", name="Isi dari jabatan").click()
    expect(page.get_by_text("5 anggota ditambahkan.")).to_be_visible()
    add(page, "acara", "Maria Contoh")
    add(page, "acara", "Yosef Contoh")
    look(page, "filled")
    page.get_by_role("button", name="Naikkan Yosef Contoh").click()
    expect(page.get_by_role("button", name="Naikkan Maria Contoh")).to_be_visible()
    page.get_by_role("button", name="Keluarkan Maria Contoh").click()
    page.get_by_role("dialog").get_by_role("button", name="Keluarkan").or_(
        page.get_by_role("dialog").locator(".btn-danger, .btn-primary")
    ).first.click()
    expect(page.get_by_text("Maria Contoh dikeluarkan dari panitia.")).to_be_visible()
    assert list(CommitteeMember.objects.filter(seat="acara").values_list("name", flat=True)) == ["Yosef Contoh"]
    page.get_by_role("link", name="Ubah Yosef Contoh").click()
    look(page, "member")


def test_nothing_is_replaced_before_both_texts_were_seen(
    cast: Any, draft_meeting: Any, any_page: Page, be: Any, look: Any
) -> None:
    page = any_page
    letter = actions.start_text(draft_meeting, "laporan_panitia", by=cast.panitia)
    be(page, cast.panitia)
    page.goto(f"/rakor/{draft_meeting.slug}/surat/{letter.pk}/")
    look(page, "letter")
    page.get_by_role("link", name="Ubah").click()
    look(page, "edit")
    page.get_by_label("E. Penutup").fill("Sekian dari panitia.")
    page.locator("#bagian-closing").get_by_role("button").click()
    expect(page.get_by_role("heading", name="Dari portal")).to_be_visible()
    look(page, "compare")
    assert content_of(Letter.objects.get()).closing == "Sekian dari panitia."
    page.get_by_role("button", name="Ganti dengan teks portal").click()
    expect(page.get_by_text("E. Penutup diisi ulang dari portal.")).to_be_visible()
    assert "pertanggungjawaban" in page.get_by_label("E. Penutup").input_value()


def test_a_typed_text_survives_a_closed_tab(cast: Any, draft_meeting: Any, page_1280: Page, be: Any) -> None:
    page = page_1280
    letter = actions.start_text(draft_meeting, "sk_panitia", by=cast.panitia)
    be(page, cast.panitia)
    address = f"/rakor/{draft_meeting.slug}/surat/{letter.pk}/naskah/"
    page.goto(address)
    page.get_by_label("Memperhatikan").fill("Hasil rapat persiapan;")
    page.wait_for_timeout(1500)
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_label("Memperhatikan")).to_have_value("Hasil rapat persiapan;")


def test_a_sent_decree_is_replaced_by_one_that_revokes_it(
    cast: Any, published_meeting: Any, any_page: Page, be: Any, look: Any
) -> None:
    page = any_page
    actions.fill_from_positions(published_meeting, by=cast.panitia)
    decree = actions.start_text(published_meeting, "sk_panitia", by=cast.panitia)
    for move, who in (("initial", cast.kabid), ("approve", cast.kadis_prov), ("send", cast.panitia)):
        decree = move_letter(decree, move, by=who)
    be(page, cast.panitia)
    page.goto(f"/rakor/{published_meeting.slug}/panitia/")
    expect(page.get_by_text("susun SK pengganti dari halamannya")).to_be_visible()
    page.get_by_role("link", name="Buka SK").click()
    look(page, "sent")
    page.get_by_role("button", name="Susun SK pengganti").click()
    expect(page.get_by_label("Diktum KESATU dan seterusnya")).to_have_value(re.compile("dicabut dan dinyatakan tidak"))
    look(page, "successor")
    page.goto(decree.get_absolute_url())
    expect(page.get_by_text("SK penggantinya sedang disusun")).to_be_visible()
    new = decree.revokers.get()
    for move, who in (("initial", cast.kabid), ("approve", cast.kadis_prov)):
        new = move_letter(new, move, by=who)
    page.reload()
    expect(page.get_by_text("SK ini sudah dicabut.")).to_be_visible()
    look(page, "revoked")
    page.goto(f"/rakor/{published_meeting.slug}/surat/")
    expect(page.locator("main")).to_contain_text("Dicabut")
    look(page, "letters")
