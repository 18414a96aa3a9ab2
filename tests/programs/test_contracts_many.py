"""Many contracts initialled or approved with one click: who goes, who stays behind and why, numbers, statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from portal.documents.models import Document
from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied
from programs.actions import contracts as single
from programs.actions import contracts_together as actions
from programs.models import Contract, Signer
from regencies.models import LetterNumber, RegisterYear
from tests import factories
from tests.cast import Cast
from tests.factories_contracts import make_contract, make_template, make_worker, register_of

MOU = "nota_kesepahaman"
CHECK, APPROVE = "/kontrak/paraf-bersama/", "/kontrak/setujui-bersama/"
ClientOf = Callable[..., Any]


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Contracts that a worker would freeze."""
    found: list[int] = []
    monkeypatch.setattr(actions, "_tell_worker", found.append)
    return found


def rows(count: int, status: str = "diparaf", **values: Any) -> list[Contract]:
    """So many contracts of one text, each with its own worker."""
    template = values.pop("template", None) or make_template()
    return [
        make_contract(status=status, template=template, worker=make_worker(f"Penyuluh {number:02}"), **values)
        for number in range(1, count + 1)
    ]


def read(*contracts: Contract) -> dict[int, int]:
    """The contracts as somebody has them on his screen."""
    return {contract.pk: contract.version for contract in contracts}


def test_all_get_their_initial(cast: Cast) -> None:
    drafts = [*rows(3, "konsep"), make_contract(MOU)]
    outcome = actions.check_contracts(read(*drafts), by=cast.kabid)
    assert [row.pk for row in outcome.done] == [row.pk for row in drafts] and not outcome.left
    stored = Contract.objects.all()
    assert {(row.status, row.checked_by) for row in stored} == {("diparaf", cast.kabid)}
    assert len({row.checked_at for row in stored}) == 1
    entries = Entry.objects.filter(verb="Paraf")
    assert {entry.object_label for entry in entries} == {row.title for row in drafts}
    assert {(entry.actor, str(entry.changes)) for entry in entries} == {
        (cast.kabid, "{'Status': ['Konsep', 'Diparaf']}")
    }


def test_all_are_approved_and_numbered_in_the_order_asked_for(
    cast: Cast, told: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    found = rows(4)
    mou = make_contract(MOU, status="diparaf")
    asked = [found[2], found[0], mou, found[3], found[1]]
    with django_capture_on_commit_callbacks(execute=True):
        outcome = actions.approve_contracts(read(*asked), by=cast.kadis_prov)
    assert [row.pk for row in outcome.done] == [row.pk for row in asked] and told == [row.pk for row in asked]
    stored = {row.pk: row for row in Contract.objects.select_related("number__register", "document")}
    assert [stored[found[place].pk].number.sequence for place in (2, 0, 3, 1)] == [1, 2, 3, 4]
    assert (stored[mou.pk].number.sequence, stored[mou.pk].number.register) == (1, register_of(MOU))
    for row in stored.values():
        assert (row.status, row.approved_by) == ("siap_ttd", cast.kadis_prov)
        assert (row.document.kind, row.document.subject_id) == (row.kind, str(row.pk))
        assert row.number.text in row.document.facts["numbers"][0] and row.document.facts["status"] == ""
        assert row.number.subject_id == str(row.pk)
        assert all(signer.printed_name for signer in row.signers.all())
    assert Entry.objects.filter(verb="Setujui dan beri nomor").count() == 5
    assert Entry.objects.filter(verb="Memesan dokumen").count() == 5


def test_one_is_one_of_many(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    """The verb for one leaves the same behind as the verb for many."""
    first, second = rows(2)
    with django_capture_on_commit_callbacks(execute=True):
        single.approve_contract(first, by=cast.kadis_prov, base_version=first.version, note="Baik")
    actions.approve_contracts(read(second), by=cast.kadis_prov)
    one, two = Contract.objects.order_by("pk")
    assert (one.number.sequence, two.number.sequence) == (1, 2)
    same = ("status", "approved_by_id", "version", "kind", "frozen_at")
    assert [getattr(one, name) for name in same] == [getattr(two, name) for name in same]
    verbs = [list(Entry.objects.about(row).order_by("pk").values_list("verb", flat=True)) for row in (one, two)]
    assert verbs[0] == verbs[1]


def test_what_cannot_go_stays_behind_with_its_reason(cast: Cast) -> None:
    good, poor, changed, own, initialled, approved = rows(6)
    Contract.objects.filter(pk=poor.pk).update(place="")
    own.authors.add(cast.kadis_prov)
    Contract.objects.filter(pk=initialled.pk).update(checked_by=cast.kadis_prov)
    Contract.objects.filter(pk=approved.pk).update(status="konsep", checked_by=None, checked_at=None)
    seen = {**read(good, poor, own, initialled, approved), changed.pk: changed.version - 1, 10**8: 1}
    outcome = actions.approve_contracts(seen, by=cast.kadis_prov)
    assert [row.pk for row in outcome.done] == [good.pk]
    assert {each.contract.pk: each.refusal for each in outcome.left} == {
        poor.pk: "Tempat penandatanganan belum diisi.",
        own.pk: "Anda ikut menulis naskah ini, jadi langkah ini dilakukan oleh pejabat lain.",
        initialled.pk: "Pemberi paraf tidak sekaligus menyetujui.",
        approved.pk: f"“Setujui dan beri nomor” tidak dapat dilakukan: {approved.title} sudah berstatus “Konsep”.",
        changed.pk: "Naskah ini diubah sejak Anda membacanya. Baca dahulu yang sekarang.",
    }
    assert LetterNumber.objects.count() == 1
    assert Contract.objects.filter(status="siap_ttd").count() == 1


def test_nothing_happens_when_nobody_is_left(cast: Cast) -> None:
    poor = make_contract(status="diparaf", place="")
    with pytest.raises(Blocked, match=r"Tidak ada naskah yang dapat diproses\. “.*”: Tempat penandatanganan"):
        actions.approve_contracts(read(poor), by=cast.kadis_prov)
    with pytest.raises(Blocked, match="Tidak ada naskah"):
        actions.approve_contracts({}, by=cast.kadis_prov)
    assert not LetterNumber.objects.exists() and not RegisterYear.objects.filter(last__gt=0).exists()


@pytest.mark.parametrize("who", ["panitia", "kabid", "admin", "kadis_belu", "observer", "stranger"])
def test_only_the_head_of_office_approves(cast: Cast, who: str) -> None:
    contract = make_contract(status="diparaf")
    with pytest.raises(Denied):
        actions.approve_contracts(read(contract), by=cast[who])
    if who != "kabid":
        with pytest.raises(Denied):
            actions.check_contracts(read(contract), by=cast[who])
    contract.refresh_from_db()
    assert contract.status == "diparaf"


def test_a_second_click_changes_nothing(cast: Cast) -> None:
    found = rows(3)
    first = actions.approve_contracts(read(*found), by=cast.kadis_prov)
    entries = Entry.objects.count()
    again = actions.approve_contracts(read(*found), by=cast.kadis_prov)
    assert [row.pk for row in again.done] == [row.pk for row in first.done] and not again.left
    assert (LetterNumber.objects.count(), Document.objects.count(), Entry.objects.count()) == (3, 3, entries)
    other = factories.make_user("plh_kadis")
    factories.make_position(other, "kadis_prov", factories.lead_agency(), standing="plh")
    with pytest.raises(Blocked, match="sudah berstatus “Siap tanda tangan”"):
        actions.approve_contracts(read(*found), by=other)


def test_a_reopened_contract_keeps_its_number_and_another_register_gives_a_new_one(cast: Cast) -> None:
    found = rows(3)
    actions.approve_contracts(read(*found), by=cast.kadis_prov)
    for row in found[:2]:
        single.reopen_contract(row, "Salah tulis", by=cast.kadis_prov)
    Contract.objects.filter(pk=found[1].pk).update(register=register_of(MOU))
    both = [Contract.objects.get(pk=row.pk) for row in found[:2]]
    actions.check_contracts(read(*both), by=cast.kabid)
    actions.approve_contracts(read(*both), by=cast.kadis_prov)
    kept, moved = (Contract.objects.get(pk=row.pk) for row in both)
    assert kept.number.sequence == 1 and kept.number.register == register_of("kontrak_tpl")
    assert moved.number.sequence == 1 and moved.number.register == register_of(MOU)
    void = LetterNumber.objects.get(register=register_of("kontrak_tpl"), sequence=2)
    assert void.void_reason == "Naskah dipindahkan ke register lain."


def test_of_two_drafts_of_one_worker_with_one_period_one_gets_the_initial(cast: Cast) -> None:
    first = make_contract()
    second = make_contract(worker=first.worker, contract_year=2, starts_on=first.starts_on, ends_on=first.ends_on)
    outcome = actions.check_contracts(read(second, first), by=cast.kabid)
    assert [row.pk for row in outcome.done] == [second.pk]
    assert "bertumpang tindih" in outcome.left[0].refusal


def test_a_register_that_gives_no_number_stops_all(cast: Cast) -> None:
    """Two numbers printed the same are a fault of the register's pattern, not of a contract."""
    found = rows(3)
    register = found[0].register
    today = timezone.localdate()
    taken = LetterNumber(register=register, year=today.year, sequence=900, on=today, text="TPL-1")
    register.pattern = "TPL-{nomor}"
    register.save()
    taken.save()
    with pytest.raises(Blocked, match="Nomor TPL-1 sudah ada di register tahun ini"):
        actions.approve_contracts(read(*found), by=cast.kadis_prov)


@pytest.mark.parametrize("count", [1, 12])
def test_initialling_costs_the_same_for_one_and_many(cast: Cast, assert_queries: Callable, count: int) -> None:
    seen = read(*rows(count, "konsep"))
    with assert_queries(CHECKING):
        actions.check_contracts(seen, by=cast.kabid)


@pytest.mark.parametrize("count", [1, 12])
def test_approving_costs_the_same_for_one_and_many(cast: Cast, assert_queries: Callable, count: int) -> None:
    """Only two rare things take statements of each row: a number of another register, and a print of the past."""
    seen = read(*rows(count))
    with assert_queries(APPROVING):
        actions.approve_contracts(seen, by=cast.kadis_prov)
    assert Contract.objects.filter(status="siap_ttd").count() == count


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_costs_the_same_for_one_and_many(
    cast: Cast, client_of: ClientOf, assert_queries: Callable, count: int
) -> None:
    rows(count)
    client = client_of(cast.kadis_prov)
    client.get(APPROVE)
    with assert_queries(PAGE):
        client.get(APPROVE)


CHECKING, APPROVING, PAGE = 13, 31, 12


# -- the page ---------------------------------------------------------------------------------------------------------


def text_of(answer: Any) -> str:
    return answer.content.decode()


def box(contract: Contract) -> str:
    return f"{contract.pk}-{contract.version}"


def test_the_page_says_what_happens_and_what_cannot_go(cast: Cast, client_of: ClientOf) -> None:
    good, poor = rows(2)
    Contract.objects.filter(pk=poor.pk).update(place="")
    client = client_of(cast.kadis_prov)
    assert f'href="{APPROVE}"' in text_of(client.get("/kontrak/"))
    page = text_of(client.get(APPROVE))
    assert f'value="{box(good)}" checked' in page and f'value="{box(poor)}"' not in page
    assert "Tempat penandatanganan belum diisi." in page and "2 naskah menunggu" in page
    assert "</strong> nomor diambil dari register “" in page and "cetakan dipesan" in page
    assert "Rp3.000.000" in page and good.worker.name in page
    answer = client.post(APPROVE, {"contract": [box(good), box(poor)]}, follow=True)
    assert answer.redirect_chain == [("/kontrak/?status=siap_ttd", 302)]
    told = text_of(answer)
    good.refresh_from_db()
    assert f"1 naskah disetujui. Nomor: {good.number.text}." in told
    assert f"1 naskah tidak ikut. “{poor.title}”: Tempat penandatanganan belum diisi." in told


def test_the_message_names_the_first_five_left_out(cast: Cast, client_of: ClientOf) -> None:
    found = rows(8, "konsep")
    Contract.objects.filter(pk__in=[row.pk for row in found[1:]]).update(place="")
    told = text_of(client_of(cast.kabid).post(CHECK, {"contract": [box(row) for row in found]}, follow=True))
    assert "1 naskah diparaf." in told and "7 naskah tidak ikut." in told and "Dan 2 lainnya." in told


def test_the_filter_of_the_list_is_carried_over(cast: Cast, client_of: ClientOf) -> None:
    belu = make_contract(status="diparaf", worker=make_worker("Orang Belu", cohort=2017))
    ende = make_contract(status="diparaf", regency="53.08")
    mou = make_contract(MOU, status="diparaf")
    client = client_of(cast.kadis_prov)
    query = f"jenis=kontrak_tpl&kabupaten={belu.regency_id}&angkatan=2017"
    assert f"{APPROVE}?{query}".replace("&", "&amp;") in text_of(
        client.get(f"/kontrak/?{query}&status=aktif&sort=newest")
    )
    page = text_of(client.get(f"{APPROVE}?{query}"))
    assert box(belu) in page and box(ende) not in page and box(mou) not in page and "1 naskah menunggu" in page
    answer = client.post(f"{APPROVE}?{query}", {"contract": box(belu)})
    assert answer["Location"] == f"/kontrak/?{query}&status=siap_ttd"
    assert "Tidak ada naskah yang cocok" in text_of(client.get(f"{APPROVE}?q=tidak-ada"))
    assert "Tidak ada konsep yang menunggu paraf" in text_of(client_of(cast.kabid).get(CHECK))


def test_the_oldest_stand_first_unless_asked_otherwise(cast: Cast, client_of: ClientOf) -> None:
    found = rows(3)
    client = client_of(cast.kadis_prov)

    def shown(query: str) -> list[int]:
        page = text_of(client.get(APPROVE + query))
        return sorted((row.pk for row in found), key=lambda pk: page.index(f'name="contract" value="{pk}-'))

    assert shown("") == shown("?sort=oldest") == shown("?sort=number") == [row.pk for row in found]
    assert shown("?sort=newest") == [row.pk for row in reversed(found)]


def test_a_wrong_form_and_a_late_one_get_a_sentence(cast: Cast, client_of: ClientOf) -> None:
    first, second = rows(2)
    client = client_of(cast.kadis_prov)
    none = client.post(APPROVE, {})
    assert none.status_code == 422 and "Pilih paling sedikit satu naskah." in text_of(none)
    assert client.post(APPROVE, {"contract": "1-x"}).status_code == 422
    single.return_contract(first, "Salah", by=cast.kadis_prov)
    late = client.post(APPROVE, {"contract": box(first)})
    assert late.status_code == 409 and "Tidak ada naskah yang dapat diproses." in text_of(late)
    assert "Naskah ini diubah sejak Anda membacanya." in text_of(late)
    assert f'value="{box(second)}" data-register' in text_of(late), "what was not ticked is not ticked now"


def test_a_title_with_markup_is_text(cast: Cast, client_of: ClientOf) -> None:
    make_contract(status="diparaf", title="<script>x</script>", place="")
    good = make_contract(status="diparaf")
    client = client_of(cast.kadis_prov)
    answer = client.post(APPROVE, {"contract": [box(row) for row in Contract.objects.all()]}, follow=True)
    assert "<script>x" not in text_of(answer) and "&lt;script&gt;x" in text_of(answer)
    good.refresh_from_db()
    assert good.status == "siap_ttd"


def test_tasks_lead_to_the_page_when_more_than_one_waits(cast: Cast, client_of: ClientOf) -> None:
    make_contract()
    make_contract(status="diparaf")
    office, head = client_of(cast.kabid), client_of(cast.kadis_prov)
    assert f'href="{CHECK}"' not in text_of(office.get("/")) and f'href="{APPROVE}"' not in text_of(head.get("/"))
    make_contract()
    make_contract(status="diparaf")
    assert f'href="{CHECK}"' in text_of(office.get("/")) and f'href="{APPROVE}"' in text_of(head.get("/"))


def test_a_party_without_what_the_wording_says_of_it_gets_no_initial(cast: Cast) -> None:
    """Found before a number is taken, not when the paper is ordered."""
    template = make_template(recital="{pihak_kesatu_nama} {pihak_kesatu_bertindak}")
    contract = make_contract(template=template)
    Signer.objects.filter(contract=contract, order=1, kind="pihak").update(acts_for="")
    with pytest.raises(Blocked, match="Naskahnya memerlukan isian"):
        single.check_contract(contract, by=cast.kabid)
    assert connection.in_atomic_block
