"""All papers of a filter as one ZIP: which file of each contract, and nobody gets a contract he may not open."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.documents.bundles import order_bundle
from portal.documents.models import Bundle
from programs.models import Revision
from programs.queries.contract_bundles import BUNDLES, bundle_entries
from programs.queries.contracts import Wanted
from tests.factories_contracts import make_contract, make_governor

pytestmark = pytest.mark.django_db


def add_scan(contract: Any, **values: Any) -> Revision:
    """A scan of the signed paper."""
    content = f"%PDF-1.7\n% scan {values}\n%%EOF\n".encode()
    return Revision.objects.create(
        contract=contract, sequence=contract.revisions.count() + 1, kind="pindaian", pages=1, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), file=f"kontrak/{hashlib.sha256(content).hexdigest()}.pdf", **values,
    )  # fmt: skip


def cancel(contract: Any) -> None:
    """What cancelling leaves: number and paper stay."""
    contract.status, contract.ended_reason = "dibatalkan", "Salah nama"
    contract.save(update_fields=["status", "ended_reason"])


def test_the_filter_says_what_comes_and_the_latest_signed_file_of_each(cast: Any, assert_queries: Any) -> None:
    draft, ready, active = (make_contract(status=status) for status in ("konsep", "siap_ttd", "aktif"))
    scan = add_scan(active)
    entries, missing = bundle_entries(cast.panitia, Wanted())
    assert missing == 0 and draft.number is None
    prints = {contract.revisions.order_by("sequence")[0].sha256 for contract in (ready, active)}
    assert {entry.sha256 for entry in entries} == prints  # nobody has confirmed the scan yet
    scan = add_scan(active, confirmed_by=cast.kabid)
    with assert_queries(2):
        entries, _missing = bundle_entries(cast.panitia, Wanted(status="aktif"))
    assert [entry.sha256 for entry in entries] == [scan.sha256]
    assert entries[0].name.startswith("blu-kontrak-kerja") and entries[0].name.endswith(".pdf")


def test_a_stopped_contract_says_so_in_front(cast: Any, client_of: Any) -> None:
    """Nobody takes a cancelled paper, or one that was ended early, for one in force; the page says it beforehand."""
    make_contract(status="aktif")
    client, told = client_of(cast.panitia), "nama berkasnya diawali DIPUTUS atau DIBATALKAN"
    assert told not in client.get(reverse("contracts")).content.decode()
    make_contract(status="diputus"), cancel(make_contract(status="siap_ttd"))
    page = client.get(reverse("contracts")).content.decode()
    assert told in page and told not in client.get(reverse("contracts") + "?status=aktif").content.decode()
    names = [entry.name for entry in bundle_entries(cast.panitia, Wanted())[0]]
    assert [name.partition("blu-kontrak-kerja")[0] for name in names] == ["", "DIPUTUS-", "DIBATALKAN-"]
    assert all(name.endswith(".pdf") for name in names)
    client.post(reverse("contracts_zip"))
    assert [row["name"] for row in Bundle.objects.get().entries] == names


def test_the_page_tells_of_stopped_papers_only_when_there_are_some(cast: Any, client_of: Any) -> None:
    """A draft that was cancelled has no paper."""
    cancel(make_contract(status="konsep"))
    make_contract(status="aktif")
    assert "DIBATALKAN" not in client_of(cast.panitia).get(reverse("contracts")).content.decode()


def test_a_paper_that_is_not_printed_yet_is_told(cast: Any, client_of: Any) -> None:
    contract = make_contract(status="siap_ttd")
    contract.frozen_at = None
    contract.save(update_fields=["frozen_at"])
    entries, missing = bundle_entries(cast.panitia, Wanted())
    assert (entries, missing) == ([], 1)
    answer = client_of(cast.panitia).post(reverse("contracts_zip"), follow=True)
    assert "Tidak ada berkas yang dapat diunduh." in answer.content.decode() and not Bundle.objects.exists()


def test_personal_papers_only_for_who_may_open_them(cast: Any) -> None:
    make_governor()
    contract, other = make_contract(status="aktif"), make_contract(status="aktif", regency="53.08")
    memorandum = make_contract("nota_kesepahaman", status="aktif")
    own = {contract.pk, other.pk, memorandum.pk}
    seen = {
        name: len(bundle_entries(cast[name], Wanted())[0])
        for name in ("panitia", "kadis_belu", "operator_belu", "kadis_ende", "observer", "stranger")
    }
    assert len(own) == 3
    assert seen == {
        "panitia": 3, "kadis_belu": 2, "operator_belu": 1, "kadis_ende": 1, "observer": 1, "stranger": 0,
    }  # fmt: skip


def test_the_button_orders_for_the_filter_shown(cast: Any, client_of: Any) -> None:
    make_contract(status="aktif"), make_contract(status="aktif", regency="53.08")
    client = client_of(cast.panitia)
    page = client.get(reverse("contracts") + "?status=aktif&kabupaten=").content.decode()
    assert f'action="{reverse("contracts_zip")}?status=aktif' in page.replace("&amp;", "&")
    answer = client.post(reverse("contracts_zip") + "?status=aktif&q=Ende")
    bundle = Bundle.objects.get()
    assert answer["Location"] == bundle.get_absolute_url() and bundle.total == 1
    assert bundle.ordered_by == cast.panitia
    assert client.get(reverse("contracts_zip")).status_code == 302


def test_the_zip_is_refused_when_the_right_has_ended(cast: Any, client_of: Any) -> None:
    contract = make_contract(status="aktif")
    make_contract(status="aktif", regency="53.08")
    client = client_of(cast.operator_belu)
    entries, _missing = bundle_entries(cast.panitia, Wanted())
    make_governor()
    memorandum = make_contract("nota_kesepahaman", status="aktif")
    own, _missing = bundle_entries(cast.operator_belu, Wanted())
    assert [entry.about for entry in own] == [memorandum.pk] and contract.pk in [entry.about for entry in entries]
    mine = order_bundle(BUNDLES, "Kontrak", own, by=cast.operator_belu)
    assert client.get(mine.get_absolute_url()).status_code == 200
    memorandum.status = "konsep"  # taken back
    memorandum.save(update_fields=["status"])
    answer = client.get(reverse("bundle_download", args=[mine.public_id]))
    assert answer.status_code == 403 and "tidak lagi boleh Anda buka" in answer.content.decode()
    memorandum.status = "aktif"
    memorandum.save(update_fields=["status"])
    assert client.get(mine.get_absolute_url()).status_code == 200
    cast.operator_belu.positions.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert (
        client_of(type(cast.operator_belu).objects.get(pk=cast.operator_belu.pk))
        .get(reverse("bundle_download", args=[mine.public_id]))
        .status_code
        == 403
    )


def test_who_left_the_province_keeps_no_zip_of_personal_papers(cast: Any, client_of: Any) -> None:
    make_contract(status="aktif")
    entries, _missing = bundle_entries(cast.panitia, Wanted())
    bundle = order_bundle(BUNDLES, "Kontrak", entries, by=cast.panitia)
    download = reverse("bundle_download", args=[bundle.public_id])
    assert client_of(cast.panitia).get(download).status_code == 302  # not packed yet
    cast.panitia.positions.update(role="pengamat")  # reads contracts, but none of these papers
    moved = type(cast.panitia).objects.get(pk=cast.panitia.pk)
    assert client_of(moved).get(download).status_code == 403
