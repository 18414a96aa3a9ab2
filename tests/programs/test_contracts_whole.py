"""Contracts with the wordings that come with the portal: from the first click to the printed paper."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.documents.actions import render_now
from portal.kernel.errors import Blocked
from programs.actions import contracts as actions
from programs.actions import contracts_together
from programs.actions.signing import freeze_contract
from programs.actions.signing_paper import record_wet
from programs.facts.contract_periods import last_day
from programs.models import Contract, ContractKind, MandateField, TemplateVersion
from programs.queries.contracts_checks import remarks
from programs.queries.contracts_mous import draft_mous
from programs.queries.contracts_new import first_values, usable_versions
from programs.queries.contracts_signers import default_signers, stored_signers
from regencies.models import Agency, Regency
from tests import factories
from tests.cast import Cast
from tests.factories_contracts import make_contract, make_governor, make_worker

TPL, MOU = ContractKind.TPL.value, ContractKind.MOU.value
OTHER = Path(__file__).parent.parent / "data" / "regencies_other.csv"
FOUR = ("35.04", "35.10", "35.22", "35.73")
"""Tulungagung, Banyuwangi, Bojonegoro, Kota Malang: the MOU of 26 March 2012 (domain §1.5)."""


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the contracts that a worker would freeze."""
    found: list[int] = []
    monkeypatch.setattr(contracts_together, "_tell_worker", found.append)
    return found


def ready(kind: str) -> TemplateVersion:
    """The wording that comes with the portal."""
    return usable_versions(kind).get()


def approved(contract: Contract, cast: Cast) -> Contract:
    assert [remark.sentence for remark in remarks(contract) if remark.blocks] == []
    actions.check_contract(contract, by=cast.kabid, base_version=contract.version)
    return actions.approve_contract(contract, by=cast.kadis_prov)


def frozen(contract: Contract) -> Contract:
    """Rendered and frozen, as a worker does it."""
    assert render_now(contract.document).is_ready
    freeze_contract(contract)
    return Contract.objects.get(pk=contract.pk)


def signed_by_all(contract: Contract, cast: Cast) -> Contract:
    """Signed on paper by everybody in their order, recorded by the committee."""
    for signer in sorted(stored_signers(contract), key=lambda signer: (signer.step, signer.order)):
        record_wet(signer, by=cast.panitia)
    return Contract.objects.get(pk=contract.pk)


def test_a_worker_is_under_contract_for_two_years(cast: Cast) -> None:
    worker = make_worker("Maria Contoh, A.Md.", cohort=2014, identity_number="5304010101940001", address="Atambua",
                         user=cast.tpl_belu)  # fmt: skip
    values = first_values(TPL, ready(TPL), worker=worker) | {
        "starts_on": dt.date(2019, 5, 1), "ends_on": dt.date(2020, 4, 30), "honorarium_rupiah": 2_400_000,
        "operational_rupiah": 0, "place": "Atambua", "signing_on": timezone.localdate(),
    }  # fmt: skip
    first = actions.create_contract(TPL, values, default_signers(TPL, worker.regency, worker), by=cast.panitia)
    first = approved(first, cast)
    assert first.number.text in str(first.document.facts)
    assert "dua juta empat ratus ribu rupiah" in str(first.document.facts)
    first = signed_by_all(frozen(first), cast)
    assert (first.status, first.effective_on) == ("aktif", timezone.localdate())
    second = actions.renew_contract(first, by=cast.panitia)
    second = actions.change_contract(
        second, {"signing_on": timezone.localdate()}, None, by=cast.panitia, base_version=second.version
    )
    second = approved(second, cast)
    assert second.number.sequence == first.number.sequence + 1
    second = signed_by_all(frozen(second), cast)
    first.refresh_from_db()
    worker.refresh_from_db()
    assert (first.status, first.ended_on) == ("diperpanjang", dt.date(2020, 4, 30))
    assert (worker.status, worker.contract_year) == ("kontrak", 2)
    with pytest.raises(Blocked, match="paling banyak 2 tahun"):
        actions.renew_contract(second, by=cast.panitia)
    assert actions.end_contracts(dt.date(2021, 5, 1)) == 1
    worker.refresh_from_db()
    assert worker.status == "selesai"


def test_a_lapsed_worker_comes_back_with_the_next_contract(cast: Cast) -> None:
    worker = make_worker(status="selesai", contract_year=1)
    contract = make_contract(worker=worker, contract_year=2, status="sebagian")
    actions.activate(contract, by=cast.panitia, at=timezone.now())
    worker.refresh_from_db()
    assert (worker.status, worker.contract_year) == ("kontrak", 2)


def test_an_mou_with_the_ready_text(cast: Cast) -> None:
    make_governor()
    (row,) = draft_mous(shared(), [factories.regency()], key=uuid.uuid4())
    made = actions.create_contract(MOU, row["values"], row["signers"], by=cast.panitia, client_key=row["key"])
    done = approved(made, cast)
    paper = render_now(done.document)
    assert paper.is_ready
    for words in ("Kadis Belu Contoh", "industri agro", done.number.text, "Gubernur Contoh"):
        assert words.casefold() in str(paper.facts).casefold(), words


def shared() -> dict[str, Any]:
    return {
        "template": ready(MOU), "duration_months": 36, "mandate_fields": list(MandateField.objects.all()),
        "place": "Surabaya", "signing_on": timezone.localdate(), "route": "basah",
    }  # fmt: skip


@pytest.fixture
def east_java(cast: Cast, settings: Any) -> Cast:
    """Another province by the command of the first issue: its offices held by the cast and four new heads."""
    call_command("load_province", OTHER, province="35", stdout=io.StringIO())
    settings.PROVINCE_CODE = "35"
    office = Agency.objects.get(is_lead=True, level="provinsi", province__code="35")
    for person in (cast.kadis_prov, cast.kabid, cast.panitia):
        person.positions.update(agency=office)
    for code in FOUR:
        head = factories.make_user(f"kadis_{code[3:]}", full_name=f"Kepala Dinas {code}")
        factories.make_position(head, "kadis_kab", factories.lead_agency(code), title="Kepala Dinas")
    make_governor()
    return cast


def test_four_regencies_of_east_java_sign_one_text(east_java: Cast, client_of: Callable) -> None:
    client = client_of(east_java.panitia)
    page = client.get("/kontrak/baru/mou/")
    assert page.status_code == 200
    chosen = Regency.objects.filter(code__in=FOUR).order_by("code")
    common = shared()
    sent = {
        **common, "template": common["template"].pk, "mandate_fields": [each.pk for each in common["mandate_fields"]],
        "signing_on": "2012-03-26", "regencies": [each.pk for each in chosen], "client_key": str(uuid.uuid4()),
    }  # fmt: skip
    results = client.post("/kontrak/baru/mou/", sent).context["results"]
    assert [(row["regency"].code, row["why"]) for row in results] == [(code, "") for code in FOUR]
    today = timezone.localdate()
    for row in results:
        made = approved(row["contract"], east_java)
        names = [signer.name for signer in stored_signers(made)]
        assert names == ["Kepala Dinas Contoh", f"Kepala Dinas {made.regency.code}", "Gubernur Contoh"]
        done = signed_by_all(frozen(made), east_java)
        assert (done.effective_on, done.ends_on) == (today, last_day(today, 36))
    numbers = Contract.objects.order_by("number__sequence").values_list("number__sequence", flat=True)
    assert list(numbers) == [1, 2, 3, 4]
    mapped = client.get("/kontrak/peta/?peta=mou").content.decode()
    assert mapped.count("Mandat berlaku: Industri agro") >= len(FOUR)
    actions.set_other_number(done, "119/530/2012", by=east_java.panitia)
    assert "119/530/2012" in client.get(f"/kontrak/{done.pk}/").content.decode()
