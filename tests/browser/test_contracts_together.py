"""Many contracts initialled and approved with one click, at both widths, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from programs.models import Contract
from tests.cast import Cast
from tests.factories_contracts import make_contract, make_template, make_worker

NAMES = ("Maria Goreti Bere Mau", "Yosef Mau Loko", "Anastasia Seran Klau", "Petrus Bau", "Elisabeth Hoar Nahak")


def world(status: str, cast: Cast) -> list[Contract]:
    """Five contracts of Belu and an MOU: the second lacks its place, the third has an author who may not say yes."""
    template = make_template()
    found = [make_contract(status=status, template=template, worker=make_worker(name, cohort=2017)) for name in NAMES]
    found.append(make_contract("nota_kesepahaman", status=status))
    Contract.objects.filter(pk=found[1].pk).update(place="", honorarium_rupiah=None)
    found[2].authors.add(cast.kabid if status == "konsep" else cast.kadis_prov)
    return found


def test_drafts_get_their_initial_together(any_page: Page, be: Callable, look, cast: Cast) -> None:
    found = world("konsep", cast)
    be(any_page, cast.kabid)
    any_page.goto("/kontrak/?jenis=kontrak_tpl")
    look(any_page, "list-kabid")
    any_page.get_by_role("link", name="Paraf bersama").click()
    boxes = any_page.get_by_role("checkbox")
    expect(boxes).to_have_count(3)
    expect(any_page.locator("[data-ticked]")).to_have_text("3")
    boxes.nth(1).uncheck()
    expect(any_page.locator("[data-ticked]")).to_have_text("2")
    look(any_page, "check")
    any_page.get_by_role("button", name="Paraf yang dicentang").click()
    expect(any_page.get_by_text("2 naskah diparaf.")).to_be_visible()
    states = list(Contract.objects.order_by("pk").values_list("status", flat=True))
    assert states == ["diparaf", "konsep", "konsep", "konsep", "diparaf", "konsep"] and len(found) == 6


def test_the_head_approves_what_can_go_and_reads_what_cannot(
    any_page: Page, be: Callable, look, complaints, cast: Cast
) -> None:
    found = world("diparaf", cast)
    be(any_page, cast.kadis_prov)
    any_page.goto("/")
    any_page.get_by_role("link", name="Setujui 5 naskah").click()
    expect(any_page.get_by_role("checkbox")).to_have_count(4)
    look(any_page, "approve")
    ticks = any_page.locator("[data-ticked]")
    expect(ticks).to_have_text(["3", "1", "4"])
    any_page.get_by_role("button", name="Centang semua atau tidak satu pun").click()
    expect(ticks).to_have_text(["0", "0", "0"])
    complaints.allow("status of 422")
    any_page.get_by_role("button", name="Setujui yang dicentang").click()
    expect(any_page.get_by_text("Pilih paling sedikit satu naskah.")).to_be_visible()
    look(any_page, "approve-none")
    any_page.get_by_role("button", name="Centang semua atau tidak satu pun").click()
    expect(ticks).to_have_text(["3", "1", "4"])
    Contract.objects.filter(pk=found[3].pk).update(place="", version=2)  # somebody changes it meanwhile
    any_page.get_by_role("button", name="Setujui yang dicentang").click()
    expect(any_page.get_by_text("3 naskah disetujui.")).to_be_visible()
    expect(any_page.get_by_text("1 naskah tidak ikut.")).to_contain_text("diubah sejak Anda membacanya")
    look(any_page, "approved")
    assert Contract.objects.filter(status="siap_ttd").count() == 3


def test_the_filter_narrows_the_page_while_it_stands(page_1280: Page, be: Callable, cast: Cast) -> None:
    world("diparaf", cast)
    be(page_1280, cast.kadis_prov)
    page_1280.goto("/kontrak/setujui-bersama/")
    page_1280.get_by_label("Jenis").select_option("nota_kesepahaman")
    expect(page_1280.get_by_role("checkbox")).to_have_count(1)
    expect(page_1280.locator("[data-ticked]")).to_have_text(["1", "1"])
    expect(page_1280.get_by_role("button", name="Centang semua atau tidak satu pun")).to_be_visible()
    page_1280.get_by_role("button", name="Setujui yang dicentang").click()
    page_1280.wait_for_url("**/kontrak/?*jenis=nota_kesepahaman*status=siap_ttd")
    expect(page_1280.get_by_text("1 naskah disetujui.")).to_be_visible()


def test_without_scripts_the_boxes_are_ticked_and_sent(open_window: Callable, be: Callable, cast: Cast) -> None:
    found = world("diparaf", cast)
    page = open_window(java_script_enabled=False)
    be(page, cast.kadis_prov)
    page.goto("/kontrak/setujui-bersama/")
    expect(page.get_by_role("button", name="Centang semua")).to_be_hidden()
    page.locator(f'[name=contract][value="{found[0].pk}-1"]').uncheck()
    page.get_by_role("button", name="Setujui yang dicentang").click()
    expect(page.get_by_text("3 naskah disetujui.")).to_be_visible()
