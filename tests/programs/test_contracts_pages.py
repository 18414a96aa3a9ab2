"""Pages of contracts and MOUs: the list, the map, one contract, the form with its signers, many MOUs at once."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from programs.models import Contract, ContractKind
from programs.queries.contracts_signers import drafts_of, stored_signers
from tests import factories
from tests.cast import Cast
from tests.factories_contracts import add_signers, make_contract, make_governor, make_template, make_worker

TPL, MOU = ContractKind.TPL.value, ContractKind.MOU.value
ClientOf = Callable[..., Client]


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


# -- the list ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def several(cast: Cast) -> dict[str, Contract]:
    """A draft and an active contract of Belu, an MOU of Ende that is signed in part, a cancelled one."""
    today = timezone.localdate()
    soon = make_worker("Maria Segera", cohort=2014)
    return {
        "draft": make_contract(worker=make_worker("Yohanes Konsep")),
        "active": make_contract(worker=soon, status="aktif", starts_on=today - dt.timedelta(days=340)),
        "mou": make_contract(MOU, regency="53.08", status="sebagian"),
        "cancelled": make_contract(MOU, regency="53.04", status="dibatalkan"),
    }


def test_the_list_finds_filters_and_sorts(several: dict[str, Contract], cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.panitia)
    titles = {name: row.title for name, row in several.items()}
    for query, wanted in (
        ("", {"draft", "active", "mou", "cancelled"}),
        ("?jenis=kontrak_tpl", {"draft", "active"}),
        ("?kabupaten=" + str(factories.regency("53.08").pk), {"mou"}),
        ("?angkatan=2014", {"active"}),
        ("?status=dibatalkan", {"cancelled"}),
        ("?akhir=60", {"active"}),
        ("?akhir=14", set()),
        ("?q=Segera", {"active"}),
        ("?q=" + several["mou"].number.text, {"mou"}),
        ("?q=tidak-ada", set()),
        ("?jenis=lain&akhir=7&sort=lain&kabupaten=x", {"draft", "active", "mou", "cancelled"}),
    ):
        page = text_of(client, f"/kontrak/{query}")
        assert {name for name, title in titles.items() if title in page} == wanted, query
    order = [text_of(client, f"/kontrak/?sort={key}").find(titles["active"]) for key in ("ends", "newest")]
    assert order[0] < order[1]


def test_the_list_sums_and_hides_pay(several: dict[str, Contract], cast: Cast, client_of: ClientOf) -> None:
    own = text_of(client_of(cast.panitia), "/kontrak/")
    assert "Rp3.500.000" in own
    for who in (cast.kadis_belu, cast.observer, cast.operator_belu):
        page = text_of(client_of(who), "/kontrak/")
        assert several["active"].title in page
        assert several["draft"].title not in page
        assert "Rp3" not in page
    assert several["mou"].title not in text_of(client_of(cast.kadis_belu), "/kontrak/")


def test_excel_leaves_with_pay_only_for_the_province(
    several: dict[str, Contract], cast: Cast, client_of: ClientOf
) -> None:
    def table(user: Any) -> list[list[Any]]:
        response = client_of(user).get("/kontrak/?format=xlsx&sort=place")
        return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(response.content)).active.rows]

    rows = table(cast.panitia)
    assert len(rows) == 6, "a header, four contracts, a sum"
    assert rows[-1][-3:] == ["Jumlah", 6_000_000, 1_000_000]
    assert len(table(cast.observer)[0]) == len(rows[0]) - 2
    assert client_of(cast.stranger).get("/kontrak/").status_code == 403


def test_an_empty_list_says_what_to_do(cast: Cast, client_of: ClientOf) -> None:
    assert "/kontrak/baru/" in text_of(client_of(cast.panitia), "/kontrak/")
    assert "sesudah disetujui" in text_of(client_of(cast.kadis_belu), "/kontrak/")
    assert "saringannya" in text_of(client_of(cast.panitia), "/kontrak/?q=x")


@pytest.mark.parametrize("n", [1, 6])
def test_the_list_costs_the_same_for_few_and_many(
    cast: Cast, client_of: ClientOf, assert_queries: Callable, n: int
) -> None:
    template = make_template()
    for number in range(n):
        make_contract(template=template, worker=make_worker(f"P{number}"), status="aktif" if number % 2 else "konsep")
    client = client_of(cast.panitia)
    client.get("/kontrak/")
    with assert_queries(7):
        client.get("/kontrak/")


def test_the_map_shows_workers_and_mandates(several: dict[str, Contract], cast: Cast, client_of: ClientOf) -> None:
    make_contract(MOU, regency="53.04", status="aktif", starts_on=timezone.localdate())
    client = client_of(cast.observer)
    tpl = text_of(client, "/kontrak/peta/")
    assert "1 penyuluh dengan kontrak aktif" in tpl
    assert f"jenis=kontrak_tpl&amp;kabupaten={factories.regency().pk}" in tpl
    mou = text_of(client, "/kontrak/peta/?peta=mou")
    assert "Mandat berlaku: Industri kompetensi inti daerah, One Village One Product (OVOP)" in mou
    assert "Sedang disusun atau ditandatangani" in mou
    assert client_of(cast.kadis_belu).get("/kontrak/peta/").status_code == 403


def test_a_mandate_whose_last_day_has_passed_is_over_before_the_clock_says_so(cast: Cast, client_of: ClientOf) -> None:
    day = timezone.localdate() - dt.timedelta(days=1)
    make_contract(MOU, regency="53.04", status="aktif", starts_on=day - dt.timedelta(days=400), ends_on=day)
    page = text_of(client_of(cast.observer), "/kontrak/peta/?peta=mou")
    assert "Sudah berakhir: " in page or "Belu, Sudah berakhir" in page or page.count("Sudah berakhir") > 1


# -- one contract -----------------------------------------------------------------------------------------------------


def test_the_page_tells_who_signs_when_and_what_comes_next(cast: Cast, client_of: ClientOf) -> None:
    contract = make_contract(status="sebagian")
    page = text_of(client_of(cast.panitia), f"/kontrak/{contract.pk}/")
    for words in (
        "Giliran menandatangani: ",
        "Menunggu langkah 2: ",
        "menyaksikan PIHAK KESATU",
        contract.number.text,
        "Rp3.000.000 (tiga juta rupiah)",
        "24 April 2019",
        "Kadis Belu Contoh",
    ):
        assert words in page, words


def test_a_draft_says_what_is_missing_and_why_a_move_is_refused(cast: Cast, client_of: ClientOf) -> None:
    contract = make_contract(honorarium_rupiah=None)
    page = text_of(client_of(cast.kabid), f"/kontrak/{contract.pk}/")
    assert page.count("Honorarium sebulan belum diisi.") == 2
    assert f"/kontrak/{contract.pk}/langkah/check/" not in page
    assert "Hanya untuk Kepala Bidang Provinsi." in text_of(client_of(cast.panitia), f"/kontrak/{contract.pk}/")


def test_pay_is_shown_to_who_signs_and_to_nobody_else(cast: Cast, client_of: ClientOf) -> None:
    worker = make_worker("Milik Sendiri", user=cast.tpl_belu)
    contract = make_contract(worker=worker, status="siap_ttd")
    for who, sees in (
        (cast.panitia, True),
        (cast.kadis_belu, True),
        (cast.bupati_belu, True),
        (cast.tpl_belu, True),
        (cast.operator_belu, False),
        (cast.observer, False),
    ):
        page = text_of(client_of(who), f"/kontrak/{contract.pk}/")
        assert ("Rp3.000.000" in page) is sees, who
        assert ("Tindakan" in page) is (who == cast.panitia), who
    assert client_of(cast.kadis_ende).get(f"/kontrak/{contract.pk}/").status_code == 404
    draft = make_contract()
    assert client_of(cast.kadis_belu).get(f"/kontrak/{draft.pk}/").status_code == 404


@pytest.mark.parametrize("status", ["konsep", "diparaf", "siap_ttd", "sebagian", "aktif", "berakhir", "diperpanjang",
                                    "diputus", "dibatalkan"])  # fmt: skip
def test_every_status_has_its_page(cast: Cast, client_of: ClientOf, status: str) -> None:
    for kind in (TPL, MOU):
        contract = make_contract(kind, status=status)
        text_of(client_of(cast.kadis_prov), f"/kontrak/{contract.pk}/")


def test_the_page_costs_the_same_for_two_and_ten_signers(
    cast: Cast, client_of: ClientOf, assert_queries: Callable
) -> None:
    small = make_contract(status="siap_ttd")
    drafts = drafts_of(small)
    more = []
    for number in range(8):
        person = factories.make_user(f"saksi_{number}")
        position = factories.make_position(person, "kabid_kab", factories.lead_agency("53.04"))
        more.append(replace(drafts[2], position=position))
    large = make_contract(status="siap_ttd", worker=make_worker("Lain"), signers=None)
    add_signers(large, [*drafts_of(large), *more])
    client = client_of(cast.panitia)
    for contract in (small, large):
        client.get(f"/kontrak/{contract.pk}/")
        with assert_queries(9):
            client.get(f"/kontrak/{contract.pk}/")


def test_files_are_open_to_who_may_read_the_paper(cast: Cast, client_of: ClientOf) -> None:
    worker = make_worker("Milik Sendiri", user=cast.tpl_belu)
    contract = make_contract(worker=worker, status="siap_ttd")
    address = f"/kontrak/{contract.pk}/berkas/1/"
    for who in (cast.panitia, cast.kadis_belu, cast.tpl_belu):
        assert address in text_of(client_of(who), f"/kontrak/{contract.pk}/"), who
    page = text_of(client_of(cast.operator_belu), f"/kontrak/{contract.pk}/")
    assert address not in page
    assert "Kontrak kerja memuat data pribadi" in page
    assert contract.document.get_absolute_url() not in page


# -- moves ------------------------------------------------------------------------------------------------------------


def test_the_head_initials_what_he_read(cast: Cast, client_of: ClientOf) -> None:
    contract, client = make_contract(), client_of(cast.kabid)
    url = f"/kontrak/{contract.pk}/langkah/check/"
    assert 'name="version" value="1"' in text_of(client, url)
    Contract.objects.filter(pk=contract.pk).update(version=2)
    refused = client.post(url, {"note": "", "version": "1"})
    assert refused.status_code == 409
    assert "diubah sejak Anda membacanya" in refused.content.decode()
    assert client.post(url, {"note": "", "version": "2"}).status_code == 302
    contract.refresh_from_db()
    assert contract.status == "diparaf"
    assert client.post(url, {"note": "", "version": "2"}).status_code == 409


def test_a_move_that_needs_a_reason_asks_for_it(cast: Cast, client_of: ClientOf) -> None:
    contract, client = make_contract(status="aktif"), client_of(cast.kabid)
    url = f"/kontrak/{contract.pk}/langkah/terminate/"
    assert client.post(url, {"note": " ", "on": "2019-05-01"}).status_code == 422
    assert client.post(url, {"note": "Mengundurkan diri", "on": "2019-05-01"}).status_code == 302
    contract.refresh_from_db()
    assert (contract.status, contract.ended_on) == ("diputus", dt.date(2019, 5, 1))
    assert client.get(f"/kontrak/{contract.pk}/langkah/begin/").status_code == 404
    assert client_of(cast.panitia).post(url, {"note": "x"}).status_code == 403
    assert client_of(cast.kadis_belu).post(url, {"note": "x"}).status_code == 403


def test_a_renewal_opens_the_next_draft(cast: Cast, client_of: ClientOf) -> None:
    contract, client = make_contract(status="aktif"), client_of(cast.panitia)
    url = f"/kontrak/{contract.pk}/langkah/renew/"
    first, second = client.post(url), client.post(url)
    following = Contract.objects.get(previous=contract)
    assert first.url == second.url == f"/kontrak/{following.pk}/ubah/"
    assert "Perpanjangan dari" in text_of(client, f"/kontrak/{following.pk}/")
    assert "Perpanjangannya sudah dibuat." in text_of(client, f"/kontrak/{contract.pk}/")
    last = make_contract(status="aktif", contract_year=2, worker=make_worker("Tahun Kedua"))
    assert "Kontrak TPL paling banyak 2 tahun." in text_of(client, f"/kontrak/{last.pk}/")
    assert client.post(f"/kontrak/{last.pk}/langkah/renew/").status_code == 409


def test_the_number_of_the_second_party_is_recorded(cast: Cast, client_of: ClientOf) -> None:
    contract = make_contract(MOU, status="aktif")
    url = f"/kontrak/{contract.pk}/nomor-pihak-lain/"
    assert client_of(cast.panitia).post(url, {"other_number": "530/41/IV/2019"}).status_code == 302
    assert "530/41/IV/2019" in text_of(client_of(cast.kadis_belu), f"/kontrak/{contract.pk}/")
    assert client_of(cast.kadis_belu).get(url).status_code == 403


# -- writing ----------------------------------------------------------------------------------------------------------


def test_a_new_contract_goes_to_its_draft(cast: Cast, client_of: ClientOf) -> None:
    worker, version, client = make_worker("Baru"), make_template(), client_of(cast.panitia)
    assert "Baru – Kabupaten Belu, tahun ke-1" in text_of(client, f"/kontrak/baru/?penyuluh={worker.pk}")
    sent = {"template": version.pk, "worker": worker.pk, "client_key": str(uuid.uuid4())}
    answers = [client.post("/kontrak/baru/?jenis=kontrak_tpl", sent) for _twice in range(2)]
    made = Contract.objects.get()
    assert [answer.url for answer in answers] == [f"/kontrak/{made.pk}/ubah/"] * 2
    assert len(stored_signers(made)) == 4
    empty = text_of(client, "/kontrak/baru/")
    assert "Tidak ada penyuluh yang menunggu kontrak" in empty
    assert 'href="/penyuluh/baru/">Daftarkan penyuluh</a>' in empty
    assert 'href="/kontrak/baru/?jenis=nota_kesepahaman">Nota kesepahaman (MOU)</a>' in empty
    assert client.post("/kontrak/baru/?jenis=kontrak_tpl", {"client_key": "x"}).status_code == 422
    assert client_of(cast.kadis_prov).get("/kontrak/baru/").status_code == 403


def form_of(client: Client, contract: Contract) -> dict[str, str]:
    """What a browser would send without changing anything."""
    context = client.get(f"/kontrak/{contract.pk}/ubah/").context
    form, formset = context["form"], context["formset"]
    forms = [form, formset.management_form, *formset.forms]
    values = {field.html_name: field.value() for each in forms for field in each}
    sent: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, list):
            sent[name] = [str(getattr(item, "pk", item)) for item in value]
        elif value is not None and value is not False:
            sent[name] = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return sent


def test_a_draft_is_changed_with_its_signers(cast: Cast, client_of: ClientOf) -> None:
    contract, client = make_contract(), client_of(cast.panitia)
    sent = form_of(client, contract)
    before = drafts_of(contract)
    url = f"/kontrak/{contract.pk}/ubah/"
    assert client.post(url, sent).status_code == 302
    assert drafts_of(contract) == before
    head = cast.kabid_belu.positions.get()
    sent = form_of(client, contract) | {
        "title": "Judul baru", "honorarium_rupiah": "3.250.000", "operational_rupiah": "0", "ttd-3-DELETE": "on",
        "ttd-4-who": str(head.pk), "ttd-4-witnesses_order": "2", "ttd-4-on_behalf": "a.n. Kepala Dinas",
    }  # fmt: skip
    assert client.post(url, sent | {"lagi": "1"}).url == url
    contract.refresh_from_db()
    assert (contract.title, contract.honorarium_rupiah, contract.operational_rupiah) == ("Judul baru", 3_250_000, 0)
    witnesses = [draft for draft in drafts_of(contract) if draft.kind == "saksi"]
    assert [(d.position.person_id, d.witnesses_order, d.on_behalf) for d in witnesses] == [
        (cast.bupati_belu.pk, 1, ""), (cast.kabid_belu.pk, 2, "a.n. Kepala Dinas"),
    ]  # fmt: skip


def test_a_wrong_signer_is_told_in_its_row(cast: Cast, client_of: ClientOf) -> None:
    contract, client = make_contract(), client_of(cast.panitia)
    sent = form_of(client, contract) | {"ttd-4-who": str(cast.kadis_belu.positions.get().pk)}
    answer = client.post(f"/kontrak/{contract.pk}/ubah/", sent)
    assert answer.status_code == 422
    assert "sudah menjadi penanda tangan naskah ini" in answer.context["formset"].forms[4].errors["who"][0]
    assert len(drafts_of(contract)) == 4


def test_a_conflict_shows_both(cast: Cast, client_of: ClientOf) -> None:
    contract, client = make_contract(MOU), client_of(cast.panitia)
    sent = form_of(client, contract)
    Contract.objects.filter(pk=contract.pk).update(version=2, title="Judul orang lain")
    contract.mandate_fields.clear()
    answer = client.post(f"/kontrak/{contract.pk}/ubah/", sent | {"title": "Judul saya", "ttd-2-DELETE": "on"})
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Judul orang lain", "Judul saya", "Bidang mandat"):
        assert words in page
    assert 'name="version" value="2"' in page
    again = sent | {"title": "Judul saya", "version": "2"}
    assert client.post(f"/kontrak/{contract.pk}/ubah/", again).status_code == 302
    contract.refresh_from_db()
    assert (contract.title, contract.version, contract.mandate_fields.count()) == ("Judul saya", 3, 2)


def test_entries_that_the_text_asks_for_are_in_the_form(cast: Cast, client_of: ClientOf) -> None:
    version = make_template(opening="Dibayar dari {isian_sumber_dana}. {bukan_variabel}")
    contract, client = make_contract(template=version), client_of(cast.panitia)
    page = text_of(client, f"/kontrak/{contract.pk}/ubah/")
    assert "Naskahnya memerlukan isian" in page
    assert "bukan_variabel" in page
    sent = form_of(client, contract) | {"extra-sumber_dana": "APBD"}
    assert client.post(f"/kontrak/{contract.pk}/ubah/", sent).status_code == 302
    contract.refresh_from_db()
    assert contract.extra == {"sumber_dana": "APBD"}


def test_only_a_draft_is_changed(cast: Cast, client_of: ClientOf) -> None:
    contract = make_contract(status="diparaf")
    answer = client_of(cast.panitia).get(f"/kontrak/{contract.pk}/ubah/")
    assert answer.status_code == 403
    assert "Minta dikembalikan ke konsep" in answer.content.decode()


# -- one text, many regencies -----------------------------------------------------------------------------------------


def test_one_text_becomes_a_draft_for_each_regency(cast: Cast, client_of: ClientOf) -> None:
    make_governor()
    version, client = make_template(MOU), client_of(cast.panitia)
    page = client.get("/kontrak/baru/mou/")
    fields = page.context["form"].initial["mandate_fields"]
    codes = ("53.04", "53.08", "53.71")
    sent = {
        "template": version.pk, "duration_months": "24", "mandate_fields": fields, "place": "Atambua", "route": "basah",
        "regencies": [factories.regency(code).pk for code in codes], "client_key": str(uuid.uuid4()),
    }  # fmt: skip
    answers = [client.post("/kontrak/baru/mou/", sent) for _twice in range(2)]
    assert [len(answer.context["results"]) for answer in answers] == [3, 3]
    rows = list(Contract.objects.order_by("regency__code"))
    assert [row.regency.code for row in rows] == list(codes)
    assert all(row.mandate_fields.count() == 4 for row in rows)
    assert [stored_signers(row)[1].position.person for row in rows[:2]] == [cast.kadis_belu, cast.kadis_ende]
    assert "Gubernur Contoh" in answers[0].content.decode()
    assert client.post("/kontrak/baru/mou/", sent | {"regencies": []}).status_code == 422
    assert "sudah ada MOU" in text_of(client, "/kontrak/baru/mou/")


def test_what_cannot_be_made_says_why(cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.kernel.errors import Blocked
    from programs.views import contracts_edit

    real = contracts_edit.create_contract

    def sometimes(kind: str, values: dict[str, Any], *rest: Any, **more: Any) -> Contract:
        if values["regency"].code == "53.08":
            raise Blocked("Tidak bisa di sini.")
        return real(kind, values, *rest, **more)

    monkeypatch.setattr(contracts_edit, "create_contract", sometimes)
    version, client = make_template(MOU), client_of(cast.panitia)
    sent = {
        "template": version.pk, "duration_months": "24", "route": "basah", "client_key": str(uuid.uuid4()),
        "mandate_fields": client.get("/kontrak/baru/mou/").context["form"].initial["mandate_fields"],
        "regencies": [factories.regency(code).pk for code in ("53.04", "53.08")],
    }  # fmt: skip
    page = client.post("/kontrak/baru/mou/", sent).content.decode()
    assert "Tidak bisa di sini." in page
    assert Contract.objects.get().regency.code == "53.04"


def test_the_text_is_read_before_it_is_approved(cast: Cast, client_of: ClientOf) -> None:
    version = make_template(opening="Bertugas di {wilayah_kerja}, dibayar {honorarium}, {isian_sumber}.")
    contract = make_contract(template=version)
    page = text_of(client_of(cast.kadis_prov), f"/kontrak/{contract.pk}/pratinjau/")
    assert "Bertugas di Sentra tenun ikat" in page
    assert "Rp3.000.000 (tiga juta rupiah)" in page
    assert "Tidak dapat dicetak" in page
    assert client_of(cast.kadis_belu).get(f"/kontrak/{contract.pk}/pratinjau/").status_code == 403
