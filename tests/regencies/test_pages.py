"""The pages of regencies and offices."""

from __future__ import annotations

from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from regencies.models import Agency, Regency
from tests.cast import Cast
from tests.factories import lead_agency, make_position, make_user, regency
from tests.regencies.test_load_province import OTHER


def names(response) -> list[str]:
    return [one.bare_name for one in response.context["regencies"]]


# -- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_with_its_map(cast: Cast, client_of) -> None:
    page = client_of(cast.operator_belu).get("/kabupaten/")
    assert len(names(page)) == len(page.context["tiles"]) == 22
    tiles = {tile["code"]: tile for tile in page.context["tiles"]}
    assert (tiles["BLU"]["row"], tiles["BLU"]["col"], tiles["BLU"]["mine"]) == (1, 11, True)
    assert (tiles["BLU"]["tone"], tiles["SKA"]["tone"], tiles["SKA"]["mine"]) == ("success", "neutral", False)
    assert "tile-columns-12" in page.text and "5.700.772" in page.text


def test_a_map_tile_says_in_words_what_its_colour_says(cast: Cast, client_of) -> None:
    make_position(make_user("kadis_sikka"), "kadis_kab", lead_agency("53.07"))
    page = client_of(cast.panitia).get("/kabupaten/")
    tile = next(tile for tile in page.context["tiles"] if tile["code"] == "SKA")
    assert (tile["tone"], tile["note"]) == ("warning", "Baru salah satu terdaftar")
    assert "Kabupaten Sikka</a> – Baru salah satu terdaftar" in " ".join(page.text.split())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mabar", ["Manggarai Barat"]),
        ("Flotim", ["Flores Timur"]),
        ("ttu", ["Timor Tengah Utara"]),
        ("53.04", ["Belu"]),
        ("5306", ["Belu"]),
        ("Atambua", ["Belu"]),
        ("kota kupang", ["Kupang"]),
        ("sumba barat", ["Sumba Barat", "Sumba Barat Daya"]),
        ("tidak ada", []),
        ("'; drop table", []),
    ],
)
def test_search_by_name_alias_capital_and_both_codes(cast: Cast, client_of, text: str, found: list[str]) -> None:
    page = client_of(cast.observer).get("/kabupaten/", {"q": text})
    assert names(page) == found
    assert len(page.context["tiles"]) == 22  # the map stays whole


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("code", "Kupang", "Kupang"),
        ("west", "Sumba Barat Daya", "Malaka"),
        ("name", "Alor", "Timor Tengah Utara"),
        ("population", "Timor Tengah Selatan", "Sumba Tengah"),
        ("nonsense", "Kupang", "Kupang"),
    ],
)
def test_orders_people_expect(cast: Cast, client_of, sort: str, first: str, last: str) -> None:
    found = names(client_of(cast.observer).get("/kabupaten/", {"sort": sort}))
    assert (found[0], found[-1], len(found)) == (first, last, 22)


def test_the_excel_file_holds_what_the_list_shows(cast: Cast, client_of) -> None:
    Agency.objects.filter(regency__code="53.04").update(name="=HYPERLINK(0)")
    answer = client_of(cast.operator_ende).get("/kabupaten/kabupaten-kota.xlsx", {"q": "timor", "sort": "name"})
    assert 'filename="kabupaten-kota.xlsx"' in answer["Content-Disposition"]
    sheet = load_workbook(BytesIO(answer.content)).active
    header, *rows = sheet.iter_rows(values_only=True)
    assert header[:3] == ("kode Kemendagri", "kode BPS", "nama resmi") and header[-1] == "Kantor"
    assert [row[2] for row in rows] == ["Kabupaten Timor Tengah Selatan", "Kabupaten Timor Tengah Utara"]
    whole = load_workbook(BytesIO(client_of(cast.admin).get("/kabupaten/kabupaten-kota.xlsx").content)).active
    cell = next(row[-1] for row in whole.iter_rows() if row[0].value == "53.04")
    assert (cell.value, cell.data_type) == ("=HYPERLINK(0)", "s")  # a text, never a formula


def test_the_number_of_queries_does_not_grow(cast: Cast, client_of, assert_queries) -> None:
    client = client_of(cast.operator_belu)
    with assert_queries(7):
        client.get("/kabupaten/")
    call_command("load_province", str(OTHER), stdout=StringIO())
    Regency.objects.update(province=regency().province)
    with assert_queries(7):
        assert len(names(client.get("/kabupaten/"))) == 70


# -- one regency ------------------------------------------------------------------------------------------------------


def test_the_page_of_a_regency(cast: Cast, client_of, assert_queries) -> None:
    client = client_of(cast.operator_ende)
    with assert_queries(7):
        page = client.get("/kabupaten/53.04/")
    for text in (
        "53.04",
        "5306",
        "Atambua",
        "232.788",
        "116.041",
        "1.126,8",
        "Disperdagin",
        "membidangi perindustrian",
    ):
        assert text in page.text, text
    assert 'href="/rakor/?tuan_rumah=53.04"' in page.text


def test_names_only_to_those_who_may(cast: Cast, client_of) -> None:
    for name, sees in (("operator_ende", False), ("observer", False), ("operator_belu", True), ("panitia", True)):
        text = client_of(cast[name]).get("/kabupaten/53.04/").text
        assert "Kadis Belu Contoh" in text  # heads sign letters: their names are public
        assert ("Operator Belu Contoh" in text.partition('id="kantor"')[2]) is sees, name


def test_a_regency_of_another_province_is_not_found(cast: Cast, client_of) -> None:
    call_command("load_province", str(OTHER), stdout=StringIO())
    assert client_of(cast.admin).get("/kabupaten/35.10/").status_code == 404


# -- another province is a setting ------------------------------------------------------------------------------------


def test_with_another_province_code_the_portal_shows_that_province(cast: Cast, client_of, settings) -> None:
    call_command("load_province", str(OTHER), stdout=StringIO())
    settings.PROVINCE_CODE = "35"
    client = client_of(cast.admin)
    page = client.get("/kabupaten/")
    assert len(names(page)) == 38 and "Provinsi Jawa Timur" in page.text
    assert "tile-map-flow" in page.text and "41.919.906" in page.text
    assert client.get("/kabupaten/35.10/").status_code == 200
    assert client.get("/kabupaten/53.04/").status_code == 404
    assert {one.level for one in client.get("/kantor/").context["offices"]} == {"provinsi", "kabupaten", "pusat"}


def test_a_province_that_is_not_loaded_yet(cast: Cast, client_of, settings) -> None:
    settings.PROVINCE_CODE = "72"
    page = client_of(cast.admin).get("/kabupaten/")
    assert page.status_code == 200 and "load_province" in page.text


# -- offices ----------------------------------------------------------------------------------------------------------


def test_offices_are_found_by_their_aliases(cast: Cast, client_of, assert_queries) -> None:
    client = client_of(cast.operator_ende)
    with assert_queries(5):
        whole = client.get("/kantor/")
    assert len(whole.context["offices"]) == 26
    assert whole.context["offices"][0] == lead_agency()
    found = client.get("/kantor/", {"q": "dinas perdagin"}).context["offices"]
    assert [office.regency.code for office in found] == ["53.04"]


def test_an_office_shows_people_of_today_and_before(cast: Cast, client_of) -> None:
    make_position(
        make_user("dulu", full_name="Kadis Dahulu"), "kadis_kab", lead_agency("53.04"),
        starts_on="2010-01-01", ends_on="2014-12-31",
    )  # fmt: skip
    page = client_of(cast.panitia).get(f"/kantor/{lead_agency('53.04').pk}/")
    today, _sep, before = page.text.partition("Pejabat sebelumnya")
    assert "Kadis Belu Contoh" in today and "Kadis Dahulu" not in today and "Kadis Dahulu" in before
    assert "Alamat belum diisi" in page.text


def test_the_admin_fills_in_the_letterhead(cast: Cast, client_of) -> None:
    client, agency = client_of(cast.admin), lead_agency()
    address = f"/kantor/{agency.pk}/ubah/"
    form = client.get(address).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(address, values | {"letterhead_address": "Jalan Contoh 1"}, follow=True)
    assert answer.redirect_chain == [(f"/kantor/{agency.pk}/", 302)]
    assert "Data kantor tersimpan." in answer.text and "Mengubah data kantor" in answer.text
    assert "Jalan Contoh 1" in answer.text


def test_two_admins_at_once_both_texts_are_shown(cast: Cast, client_of) -> None:
    client, agency = client_of(cast.admin), lead_agency()
    address = f"/kantor/{agency.pk}/ubah/"
    values = {name: client.get(address).context["form"][name].value() or "" for name in ("name", "version")}
    assert client.post(address, values | {"short_name": "Satu"}).status_code == 302
    conflict = client.post(address, values | {"short_name": "Dua"})
    assert conflict.status_code == 409 and "Orang lain sudah menyimpan perubahan" in conflict.text
    assert '<td data-label="Tersimpan sekarang">Satu</td>' in conflict.text and 'value="Dua"' in conflict.text
    agency.refresh_from_db()
    assert agency.short_name == "Satu"
    again = {name: conflict.context["form"][name].value() or "" for name in conflict.context["form"].fields}
    assert client.post(address, again).status_code == 302
    agency.refresh_from_db()
    assert agency.short_name == "Dua"


def test_a_wrong_form_keeps_what_was_typed(cast: Cast, client_of) -> None:
    page = client_of(cast.admin).post(f"/kantor/{lead_agency().pk}/ubah/", {"short_name": "Tetap ada", "version": 1})
    assert page.status_code == 422 and 'value="Tetap ada"' in page.text
    assert "Formulir belum dapat disimpan" in page.text


def test_only_the_admin_is_offered_the_form(cast: Cast, client_of) -> None:
    address = f"/kantor/{lead_agency().pk}/"
    assert f"{address}ubah/" in client_of(cast.admin).get(address).text
    assert f"{address}ubah/" not in client_of(cast.kadis_prov).get(address).text


def test_regency_is_named_by_its_code() -> None:
    assert Regency(code="53.04", name="Kabupaten Belu").get_absolute_url() == "/kabupaten/53.04/"


def test_bare_names(db) -> None:
    assert regency("53.71").bare_name == regency("53.01").bare_name == "Kupang"


def test_the_history_of_an_office_is_for_itself_and_the_province(cast: Cast, client_of) -> None:
    address = f"/kantor/{lead_agency('53.04').pk}/"
    for name, reads in (("operator_belu", True), ("panitia", True), ("operator_ende", False), ("observer", False)):
        assert ('id="riwayat"' in client_of(cast[name]).get(address).text) is reads, name


def test_the_editions_hosted_come_from_the_app_above_by_address(published_meeting, cast: Cast, client_of) -> None:
    client = client_of(cast.operator_ende)
    page = client.get("/kabupaten/53.04/")
    assert 'hx-get="/rakor/?tuan_rumah=53.04"' in page.text
    assert published_meeting.title in client.get("/rakor/?tuan_rumah=53.04").text.partition('id="edisi"')[2]
    assert published_meeting.title not in client.get("/rakor/?tuan_rumah=53.08").text.partition('id="edisi"')[2]
