"""Pages of the signing ceremony: who sees what, small when nothing changed, the same cost for few and many papers."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from programs.models import Contract, Signature
from rakor.actions import ceremonies as actions
from rakor.models import Ceremony
from rakor.queries.tasks import tasks_for
from tests.factories import make_session
from tests.factories_ceremonies import make_ceremony, make_signing_session, make_waiting
from tests.factories_contracts import make_contract, make_worker

pytestmark = pytest.mark.django_db
POLL = {"HTTP_X_REQUESTED_WITH": "poll"}
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def ceremony(cast: Any) -> Ceremony:
    """An open ceremony with three contracts of Belu."""
    return make_ceremony(3, by=cast.panitia)


def url(ceremony: Ceremony, name: str = "ceremony", *args: Any) -> str:
    return reverse(name, args=[ceremony.session.meeting.slug, ceremony.session_id, *args])


def first_signer(contract: Any) -> Any:
    return contract.signers.get(step=1)


def page_of(client: Any, address: str) -> str:
    return client.get(address).content.decode()


# --- the committee ---


def test_one_click_records_and_the_next_one_follows(ceremony, cast, client_of):
    panitia, contract = client_of(cast.panitia), ceremony.items.first().contract
    page = page_of(panitia, url(ceremony))
    assert page.count("Catat tanda tangan<span") == 3
    assert "Menunggu langkah 1: Kadis Belu Contoh." in page
    record = url(ceremony, "ceremony_record", first_signer(contract).pk)
    answer = panitia.post(record, follow=True)
    text = answer.content.decode()
    assert "Tanda tangan Kadis Belu Contoh dicatat pukul" in text
    assert "1 dari 4 tanda tangan" in text
    assert Signature.objects.get().recorded_by == cast.panitia


def test_a_ceremony_of_another_day_than_its_session_says_so(ceremony, cast, client_of):
    words = "Menurut susunan acara sesi ini"
    assert words in page_of(client_of(cast.panitia), url(ceremony))  # opened today; the session is one of 2019
    actions.close_ceremony(ceremony, by=cast.panitia)
    Ceremony.objects.update(opened_at=ceremony.session.starts_at)
    assert words not in page_of(client_of(cast.panitia), url(ceremony))


def test_the_second_member_reads_why_his_click_came_too_late(ceremony, cast, client_of):
    record = url(ceremony, "ceremony_record", first_signer(ceremony.items.first().contract).pk)
    client_of(cast.panitia).post(record)
    text = client_of(cast.kabid).post(record, follow=True).content.decode()
    assert "Kadis Belu Contoh sudah menandatangani." in text
    assert Signature.objects.count() == 1


def test_recording_without_a_script_asks_first(ceremony, cast, client_of):
    record = url(ceremony, "ceremony_record", first_signer(ceremony.items.first().contract).pk)
    assert "Catat tanda tangan basah Kadis Belu Contoh sekarang?" in page_of(client_of(cast.panitia), record)
    assert not Signature.objects.exists()


def test_before_opening_the_page_says_why_nothing_can_be_recorded(cast, client_of):
    ceremony = make_ceremony(1, by=cast.panitia, opened=False)
    page = page_of(client_of(cast.panitia), url(ceremony))
    assert "Buka penandatanganan dahulu" in page
    assert "data-confirm=" not in page
    client_of(cast.panitia).post(url(ceremony, "ceremony_open"))
    assert "data-confirm=" in page_of(client_of(cast.panitia), url(ceremony))


def test_choosing_by_filter_all_at_once(cast, client_of):
    ceremony = make_ceremony(0, by=cast.panitia, opened=False)
    for number in range(3):
        make_contract(status="siap_ttd", worker=make_worker(f"Angkatan lama {number}", cohort=2014))
    make_waiting(name="Angkatan baru")
    panitia, add = client_of(cast.panitia), url(ceremony, "ceremony_add")
    page = page_of(panitia, f"{add}?angkatan=2014")
    assert "Tambahkan semua 3 naskah ini" in page
    assert "Angkatan baru" not in page
    assert "3 naskah ditambahkan." in panitia.post(f"{add}?angkatan=2014", {"semua": 1}, follow=True).content.decode()
    assert ceremony.items.count() == 3
    assert panitia.post(add, {}).status_code == 422
    panitia.post(add, {"naskah": Contract.objects.get(worker__name="Angkatan baru").pk})
    assert ceremony.items.count() == 4
    assert "Tidak ada naskah yang menunggu tanda tangan" in page_of(panitia, add)


def test_the_first_paper_begins_the_ceremony_of_a_session(cast, client_of):
    session = make_signing_session(make_ceremony(0, by=cast.panitia, opened=False).session.meeting, "Susulan")
    add = reverse("ceremony_add", args=[session.meeting.slug, session.pk])
    client_of(cast.panitia).post(add, {"naskah": make_waiting().pk})
    assert session.ceremony.items.count() == 1


def test_order_stage_and_removal_by_the_page(ceremony, cast, client_of):
    panitia = client_of(cast.panitia)
    first, second, third = ceremony.items.all()
    answer = panitia.post(url(ceremony, "ceremony_order"), {"pk": third.pk, "step": "-1"}, **HTMX)
    assert answer.content.decode().lstrip().startswith('<div id="daftar"')
    assert f"naik-{third.pk}" in answer["HX-Trigger-After-Settle"]
    panitia.post(url(ceremony, "ceremony_stage", second.pk), {"panggung": "1"})
    panitia.post(url(ceremony, "ceremony_remove", first.pk))
    assert list(ceremony.items.values_list("pk", "on_stage")) == [(second.pk, True), (third.pk, False)]


def test_closing_shows_what_is_not_signed(ceremony, cast, client_of):
    page = page_of(client_of(cast.panitia), url(ceremony, "ceremony_close"))
    assert "3 dari 3 naskah belum ditandatangani lengkap" in page
    client_of(cast.panitia).post(url(ceremony, "ceremony_close"))
    ceremony.refresh_from_db()
    assert ceremony.closed_at


def test_the_list_answers_nothing_while_nothing_changed(ceremony, cast, client_of, assert_queries):
    from rakor.queries.ceremonies import pulse

    panitia = client_of(cast.panitia)
    panitia.get(url(ceremony))
    mark = pulse(Ceremony.objects.get())
    with assert_queries(5):
        same = panitia.get(f"{url(ceremony)}?perubahan={mark}", **HTMX, **POLL)
    assert (same.status_code, same.content) == (204, b"")
    actions.mark_on_stage(ceremony.items.last(), True, by=cast.kabid)
    changed = panitia.get(f"{url(ceremony)}?perubahan={mark}", **HTMX, **POLL)
    assert changed.status_code == 200
    assert changed.content.decode().count('aria-pressed="true"') == 1


@pytest.mark.parametrize("count", [2, 12])
def test_budget_of_the_page_is_the_same_for_few_and_many(cast, client_of, assert_queries, count):
    ceremony = make_ceremony(count, by=cast.panitia)
    panitia = client_of(cast.panitia)
    panitia.get(url(ceremony))
    with assert_queries(7):
        panitia.get(url(ceremony))


# --- others ---


def test_a_regency_and_the_signers_see_their_own_papers(ceremony, cast, client_of):
    other = make_waiting("53.08", "Penyuluh Ende")
    actions.add_contracts(ceremony, [other.pk], by=cast.panitia)
    for person in (cast.bupati_belu, cast.kadis_belu, cast.operator_belu):
        page = page_of(client_of(person), url(ceremony))
        assert "Penyuluh 01" in page
        assert "Penyuluh Ende" not in page
        assert "Catat tanda tangan" not in page
        assert "data-order" in page
    ende = page_of(client_of(cast.operator_ende), url(ceremony))
    assert "Penyuluh Ende" in ende
    assert "Penyuluh 01" not in ende
    assert "Penyuluh Ende" in page_of(client_of(cast.observer), url(ceremony))


def test_a_worker_sees_his_own_paper_only(ceremony, cast, client_of):
    worker = make_worker("Penyuluh Belu Contoh", user=cast.tpl_belu)
    own = make_contract(status="siap_ttd", worker=worker)
    actions.add_contracts(ceremony, [own.pk], by=cast.panitia)
    page = page_of(client_of(cast.tpl_belu), url(ceremony))
    assert page.count('class="panel paper') == 1
    assert "Penyuluh Belu Contoh" in page


def test_who_has_no_paper_is_led_to_the_hall(ceremony, cast, client_of):
    page = page_of(client_of(cast.kadis_ende), url(ceremony))
    assert "Tidak ada naskah Anda di sini" in page
    assert url(ceremony, "ceremony_hall") in page


def test_the_hall_shows_names_and_offices_and_nothing_personal(ceremony, cast, client_of):
    Contract.objects.update(honorarium_rupiah=3_456_789)
    actions.record_signature(ceremony, first_signer(ceremony.items.first().contract), by=cast.panitia)
    page = page_of(client_of(cast.operator_ende), url(ceremony, "ceremony_hall"))
    assert "0 dari 3 naskah ditandatangani" in page
    for text in ("Kadis Belu Contoh", "Bupati Belu Contoh", "Sudah menandatangani", "Gilirannya", "Menunggu"):
        assert text in page
    for secret in ("3.456.789", "NIK", "Honorarium"):
        assert secret not in page


def test_before_the_opening_only_the_provincial_office_reads_names_in_the_hall(cast, client_of):
    ceremony = make_ceremony(2, by=cast.panitia, opened=False)
    hall = url(ceremony, "ceremony_hall")
    names = ("Penyuluh 01", "Bupati Belu Contoh", "Kadis Belu Contoh", "naskah ditandatangani")
    for person in (cast.operator_ende, cast.kadis_belu, cast.observer):
        client = client_of(person)
        waiting = client.get(hall, **POLL)
        for page in (page_of(client, hall), waiting.content.decode()):
            assert "Penandatanganan belum dibuka" in page and not any(name in page for name in names)
    for person in (cast.panitia, cast.notulis, cast.kadis_prov):
        page = page_of(client_of(person), hall)
        assert "Segera ditandatangani" in page and all(name in page for name in names)
    actions.open_ceremony(ceremony, by=cast.panitia)
    opened = client.get(hall, HTTP_IF_NONE_MATCH=waiting["ETag"], **POLL)
    assert opened.status_code == 200 and all(name in opened.content.decode() for name in names)


def test_a_withdrawn_paper_leaves_the_hall(ceremony, cast, client_of):
    item = ceremony.items.get(contract__worker__name="Penyuluh 03")
    Contract.objects.filter(pk=item.contract_id).update(status="konsep")
    page = page_of(client_of(cast.operator_ende), url(ceremony, "ceremony_hall"))
    assert "0 dari 2 naskah ditandatangani" in page
    assert "Penyuluh 03" not in page
    panitia = client_of(cast.panitia)
    assert "0 dari 2 naskah ditandatangani" in page_of(panitia, url(ceremony))  # as the hall counts
    closing = page_of(panitia, url(ceremony, "ceremony_close"))
    assert "2 dari 2 naskah belum" in closing and "Penyuluh 03" not in closing


@pytest.mark.parametrize("count", [2, 12])
def test_budget_of_the_hall_and_nothing_at_all_while_nothing_changed(cast, client_of, assert_queries, count):
    ceremony = make_ceremony(count, by=cast.panitia)
    client, hall = client_of(cast.operator_ende), url(ceremony, "ceremony_hall")
    with assert_queries(7):
        tag = client.get(hall, **POLL)["ETag"]
    with assert_queries(5):
        same = client.get(hall, HTTP_IF_NONE_MATCH=tag, **POLL)
    assert (same.status_code, same.content) == (304, b"")
    actions.record_signature(ceremony, first_signer(ceremony.items.first().contract), by=cast.panitia)
    changed = client.get(hall, HTTP_IF_NONE_MATCH=tag, **POLL)
    assert (changed.status_code, changed["ETag"] != tag) == (200, True)


def test_nobody_outside_knows_of_a_ceremony_of_a_draft(cast, client_of):
    ceremony = make_ceremony(1, by=cast.panitia, status="persiapan", opened=False)
    type(ceremony.session.meeting).objects.update(published=False)
    for person in (cast.kadis_belu, cast.observer, cast.bupati_belu):
        for name in ("ceremony", "ceremony_hall"):
            assert client_of(person).get(url(ceremony, name)).status_code == 404
    assert client_of(cast.notulis).get(url(ceremony)).status_code == 200


def test_a_session_of_another_kind_has_no_such_page(cast, client_of):
    meeting = make_ceremony(0, by=cast.panitia, opened=False).session.meeting
    plenary = make_session(meeting, "Pleno")
    address = reverse("ceremony", args=[meeting.slug, plenary.pk])
    assert client_of(cast.panitia).get(address).status_code == 404
    assert client_of(cast.panitia).post(f"{address}tambah/", {"semua": 1}).status_code == 404


def test_the_session_and_the_programme_lead_to_it(ceremony, cast, client_of):
    client = client_of(cast.operator_belu)
    slug = ceremony.session.meeting.slug
    assert url(ceremony) in page_of(client, reverse("session", args=[slug, ceremony.session_id]))
    assert url(ceremony) in page_of(client, reverse("agenda", args=[slug]))


def test_signers_are_told_when_and_where_until_they_have_signed(ceremony, cast):
    def told(person: Any) -> list[str]:
        return [task.title for task in tasks_for(person) if "Anda menandatangani" in task.title]

    for person in (cast.kadis_belu, cast.bupati_belu, cast.kadis_prov):
        assert told(person) == ["Anda menandatangani 3 naskah pada Rabu, 24 April 2019"]
    assert told(cast.operator_belu) == []
    assert told(cast.kadis_ende) == []
    actions.record_signature(ceremony, first_signer(ceremony.items.first().contract), by=cast.panitia)
    assert told(cast.kadis_belu) == ["Anda menandatangani 2 naskah pada Rabu, 24 April 2019"]
    actions.close_ceremony(ceremony, by=cast.panitia)
    assert told(cast.kadis_belu) == []
