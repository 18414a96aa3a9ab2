"""Monthly reports: opened once, merged field by field, handed in whole, approved by somebody else."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from portal.documents.models import Document
from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from programs.actions import reports as actions
from programs.actions.reports_visits import delete_visit, save_visit, undelete_visit
from programs.facts.contract_periods import months_after
from programs.facts.report_months import due_on, month_key, months_within, read_month
from programs.models import MonthlyReport, Visit
from programs.queries.reports import (
    contract_for,
    figures_of,
    is_late,
    kept_visits,
    lacks_of,
    listed,
    months_of,
    to_write,
)
from programs.queries.reports_payments import payments, sums_of
from programs.queries.reports_tasks import approving_tasks
from tests import factories
from tests.cast import Cast
from tests.factories_contracts import make_contract, make_worker
from tests.programs.reports_world import add_visit, contracted, last_month, make_report, submitted, this_month


def test_months_are_read_and_written() -> None:
    assert read_month("2026-10") == dt.date(2026, 10, 1) and month_key(dt.date(2026, 10, 1)) == "2026-10"
    assert [read_month(text) for text in ("", "2026-13", "2026-1", "x" * 7, "1999-12", "२०२६-१०")] == [None] * 6
    assert due_on(dt.date(2026, 12, 1)) == dt.date(2027, 1, 5)
    assert months_within(dt.date(2026, 11, 30), dt.date(2027, 1, 1)) == [
        dt.date(2026, 11, 1), dt.date(2026, 12, 1), dt.date(2027, 1, 1),
    ]  # fmt: skip


# -- opening ----------------------------------------------------------------------------------------------------------


def test_a_report_is_opened_once_under_a_contract(cast: Cast) -> None:
    worker = contracted(cast.tpl_belu)
    first = actions.open_report(worker, last_month(), by=cast.tpl_belu)
    assert actions.open_report(worker, last_month(), by=cast.tpl_belu) == first
    assert first.contract == worker.contracts.get() and first.status == "konsep"
    with pytest.raises(Blocked, match="belum mulai"):
        actions.open_report(worker, months_after(this_month(), 1), by=cast.tpl_belu)
    with pytest.raises(Blocked, match="Tidak ada kontrak"):
        actions.open_report(worker, months_after(last_month(), -1), by=cast.tpl_belu)
    for other in (cast.kabid_belu, cast.panitia, cast.admin):
        with pytest.raises(Denied):
            actions.open_report(worker, this_month(), by=other)
    other = factories.make_user("tpl_lain")
    factories.make_position(other, "tpl", factories.lead_agency("53.04"))
    with pytest.raises(Denied, match="penyuluh lain"):
        actions.open_report(worker, this_month(), by=other)


def test_only_contracts_that_were_in_force_carry_a_report(cast: Cast) -> None:
    draft = make_worker("Draf", user=factories.make_user("draf"))
    make_contract(worker=draft, status="siap_ttd", starts_on=last_month())
    assert contract_for(draft, last_month()) is None
    ended = contracted(cast.tpl_belu)
    contract = ended.contracts.get()
    contract.ended_on = last_month().replace(day=10)
    contract.save()
    assert contract_for(ended, last_month()) == contract and contract_for(ended, this_month()) is None
    assert [found.month for found in months_of(ended)] == [last_month()]


def test_missing_and_late_months_are_known(cast: Cast) -> None:
    worker = contracted(cast.tpl_belu, starts_on=months_after(this_month(), -3))
    assert [found.month for found in to_write(worker)] == [months_after(this_month(), -n) for n in range(4)]
    assert [found.late for found in to_write(worker)][2:] == [True, True] and not to_write(worker)[0].late
    report = submitted(worker, months_after(this_month(), -3))
    assert is_late(report) and report.month not in [found.month for found in to_write(worker)]
    MonthlyReport.objects.filter(pk=report.pk).update(
        submitted_at=timezone.make_aware(dt.datetime.combine(due_on(report.month), dt.time(23, 59)))
    )
    report.refresh_from_db()
    assert not is_late(report), "the due day itself is in time"


# -- writing ----------------------------------------------------------------------------------------------------------


def test_fields_merge_one_by_one(cast: Cast) -> None:
    """Two devices began with the same empty report."""
    report = make_report(contracted(cast.tpl_belu), whole=False, visits=0)
    by = cast.tpl_belu
    one = actions.save_report(
        report, {"plan": "Dari ponsel", "nib_count": 2}, base={"plan": [""], "nib_count": [0]}, by=by
    )
    assert set(one.saved) == {"plan", "nib_count"} and not one.conflicts
    two = actions.save_report(
        report, {"plan": "Dari laptop", "problems": "Hujan"}, base={"plan": [""], "problems": [""]}, by=by
    )
    assert two.saved == ["problems"] and two.conflicts == {"plan": "Dari ponsel"}
    again = actions.save_report(report, {"plan": "Dari laptop"}, base={"plan": ["", "Dari ponsel"]}, by=by)
    assert again.saved == ["plan"]
    report.refresh_from_db()
    assert (report.plan, report.problems, report.nib_count, report.change) == ("Dari laptop", "Hujan", 2, 3)
    assert actions.save_report(report, {"plan": "Dari laptop"}, base={"plan": ["usang"]}, by=by).saved == ["plan"]
    report.refresh_from_db()
    assert report.change == 3, "what stands there already is no change"


def test_a_visit_sent_twice_is_one(cast: Cast) -> None:
    report, key, by = make_report(contracted(cast.tpl_belu), visits=0), uuid.uuid4(), cast.tpl_belu
    with pytest.raises(Blocked, match="masih kosong"):
        save_visit(report, key, {}, base=None, by=by)
    for _time in range(2):
        visit, result = save_visit(report, key, {"ikm": "Tenun"}, base={"ikm": [""]}, by=by)
        assert result.saved == ["ikm"]
    assert report.visits.count() == 1
    visit, result = save_visit(
        report, key, {"ikm": "Meubel", "topic": "NIB"}, base={"ikm": ["lama"], "topic": [""]}, by=by
    )
    assert (visit.ikm, visit.topic, result.conflicts) == ("Tenun", "NIB", {"ikm": "Tenun"})
    delete_visit(report, key, by=by)
    delete_visit(report, key, by=by)
    assert kept_visits(report) == []
    with pytest.raises(Blocked, match="dihapus di perangkat lain"):
        save_visit(report, key, {"ikm": "Baru"}, base={"ikm": ["Tenun"]}, by=by)
    undelete_visit(report, key, by=by)
    assert kept_visits(report) == [visit]
    assert delete_visit(report, uuid.uuid4(), by=by) is None, "a visit that never arrived is gone already"


def test_a_visit_stays_with_its_report(cast: Cast) -> None:
    worker = contracted(cast.tpl_belu)
    one, two = make_report(worker), make_report(worker, this_month(), visits=0)
    key = one.visits.get().client_key
    for verb in (delete_visit, undelete_visit):
        with pytest.raises(Blocked, match="laporan lain"):
            verb(two, key, by=cast.tpl_belu)
    with pytest.raises(Blocked, match="laporan lain"):
        save_visit(two, key, {"ikm": "x"}, base=None, by=cast.tpl_belu)


def test_a_month_has_room_for_so_many_visits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("programs.actions.reports_visits.MOST_VISITS", 2)
    report = make_report(contracted(cast.tpl_belu), visits=2)
    with pytest.raises(Blocked, match="paling banyak 2"):
        add_visit(report)


def test_an_ikm_counts_once(cast: Cast) -> None:
    visits = [
        Visit(ikm="Tenun  Fafinesu"),
        Visit(ikm="tenun fafinesu", is_new=True),
        Visit(ikm="Meubel"),
        Visit(ikm=""),
    ]
    found = figures_of(visits)
    assert (found.visits, found.ikm, found.new, found.continuing) == (4, 2, 1, 1)


# -- from hand to hand ------------------------------------------------------------------------------------------------


def test_what_is_missing_keeps_a_report_back(cast: Cast) -> None:
    report = make_report(contracted(cast.tpl_belu), visits=0, whole=False)
    lacks = lacks_of(report, [], [])
    assert len(lacks) == 2 and "kunjungan" in lacks[0] and "rencana" in lacks[1]
    with pytest.raises(Blocked, match="rencana bulan depan"):
        actions.submit_report(report, by=cast.tpl_belu)
    add_visit(report, "", on=None)
    actions.save_report(report, {"plan": "Lanjut"}, base=None, by=cast.tpl_belu)
    with pytest.raises(Blocked, match="Kunjungan 1 belum lengkap: tanggal, nama IKM"):
        actions.submit_report(report, by=cast.tpl_belu)
    Visit.objects.all().delete()
    actions.save_report(report, {"problems": "Jalan putus sebulan penuh"}, base=None, by=cast.tpl_belu)
    assert actions.submit_report(report, by=cast.tpl_belu).status == "diajukan"


def test_handed_in_twice_is_handed_in_once(cast: Cast) -> None:
    report = submitted(contracted(cast.tpl_belu))
    with pytest.raises(Blocked, match="sudah berstatus “Diajukan”"):
        actions.submit_report(report, by=cast.tpl_belu)
    assert Entry.objects.about(report).filter(verb="Ajukan laporan").count() == 1


def test_a_late_autosave_gets_a_sentence(cast: Cast) -> None:
    report = submitted(contracted(cast.tpl_belu))
    for act in (
        lambda: actions.save_report(report, {"plan": "terlambat"}, base=None, by=cast.tpl_belu),
        lambda: add_visit(report),
        lambda: delete_visit(report, report.visits.get().client_key, by=cast.tpl_belu),
    ):
        with pytest.raises(Denied, match="tidak hilang"):
            act()
    report.refresh_from_db()
    assert report.plan == "Mendampingi uji P-IRT."


def test_approval_orders_the_paper_in_one_transaction(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    report = submitted(contracted(cast.tpl_belu))
    with monkeypatch.context() as broken:
        broken.setattr(actions, "make_move", lambda *args, **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            actions.approve_report(report, by=cast.kabid_belu)
    assert not Document.objects.filter(kind="laporan_tpl").exists(), "no paper without approval"
    actions.approve_report(report, by=cast.kabid_belu)
    report.refresh_from_db()
    facts = report.document.facts
    assert (report.status, report.approved_by) == ("disetujui", cast.kabid_belu)
    assert facts["letterhead"]["office"] and [block["name"] for block in facts["signatures"]] == [
        "Penyuluh Belu Contoh", "Kabid Belu Contoh",
    ]  # fmt: skip
    assert facts["signatures"][1]["caption"] == "Mengetahui"
    with pytest.raises(Blocked, match="Disetujui"):
        actions.return_report(report, "terlambat", by=cast.kabid_belu)


def test_who_approves(cast: Cast) -> None:
    report = submitted(contracted(cast.tpl_belu))
    ende = factories.make_user("kabid_ende")
    factories.make_position(ende, "kabid_kab", factories.lead_agency("53.08"))
    for user in (ende, cast.kadis_belu, cast.operator_belu, cast.kabid, cast.admin, cast.tpl_belu, cast.observer):
        for act in (
            lambda u=user: actions.approve_report(report, by=u),
            lambda u=user: actions.return_report(report, "x", by=u),
        ):
            with pytest.raises(Denied):
                act()


def test_a_worker_who_moved_leaves_his_reports_with_the_office_of_that_contract(cast: Cast) -> None:
    worker = contracted(cast.tpl_belu)
    report = submitted(worker)
    ende = factories.make_user("kabid_ende")
    factories.make_position(ende, "kabid_kab", factories.lead_agency("53.08"))
    worker.contracts.update(status="berakhir", ended_on=this_month() - dt.timedelta(days=1))
    worker.regency, worker.placement = factories.regency("53.08"), "Sentra Ende"
    worker.save()
    report = MonthlyReport.objects.get(pk=report.pk)
    assert not MonthlyReport.objects.visible_to(ende).exists() and not list(approving_tasks(ende))
    assert (
        report in MonthlyReport.objects.visible_to(cast.kabid_belu) and len(list(approving_tasks(cast.kabid_belu))) == 1
    )
    assert list(listed(cast.panitia, regency=factories.regency("53.04").pk)) == [report]
    assert not listed(cast.panitia, text="Ende").exists()
    with pytest.raises(Denied):
        actions.approve_report(report, by=ende)
    actions.approve_report(report, by=cast.kabid_belu)
    report.refresh_from_db()
    assert report.document.facts["heading"][1] == "Kabupaten Belu" and "Ende" not in str(report.document.facts)


def test_nobody_approves_or_returns_his_own_report(cast: Cast) -> None:
    """A worker who is also acting division head."""
    factories.make_position(cast.tpl_belu, "kabid_kab", factories.lead_agency("53.04"))
    report = submitted(contracted(cast.tpl_belu))
    with pytest.raises(Denied, match="orang lain"):
        actions.approve_report(report, by=cast.tpl_belu)
    with pytest.raises(Denied, match="orang lain"):
        actions.return_report(report, "Kurang", by=cast.tpl_belu)
    report.refresh_from_db()
    assert (report.status, report.return_reason) == ("diajukan", "")


def test_return_and_recall(cast: Cast) -> None:
    report = submitted(contracted(cast.tpl_belu))
    with pytest.raises(Blocked, match="Alasan"):
        actions.return_report(report, "  ", by=cast.kabid_belu)
    actions.return_report(report, "Lengkapi lokasi", by=cast.kabid_belu)
    report.refresh_from_db()
    assert (report.status, report.return_reason) == ("dikembalikan", "Lengkapi lokasi")
    actions.save_report(report, {"plan": "Sudah"}, base=None, by=cast.tpl_belu)
    actions.submit_report(report, by=cast.tpl_belu)
    actions.recall_report(report, by=cast.tpl_belu)
    report.refresh_from_db()
    assert (report.status, report.submitted_at, report.return_reason) == ("konsep", None, "")
    assert not MonthlyReport.objects.visible_to(cast.kabid_belu).exists(), "a draft is the worker's alone"


def test_what_was_read_is_what_is_approved(cast: Cast) -> None:
    report = submitted(contracted(cast.tpl_belu))
    read = report.change
    actions.recall_report(report, by=cast.tpl_belu)
    actions.save_report(report, {"plan": "Lain"}, base=None, by=cast.tpl_belu)
    actions.submit_report(report, by=cast.tpl_belu)
    with pytest.raises(StaleVersion):
        actions.approve_report(report, by=cast.kabid_belu, base_change=read)


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once(cast: Cast) -> None:
    """One approves, one returns: one of them wins, the other reads a sentence."""
    report = submitted(contracted(cast.tpl_belu))
    second = factories.make_user("kabid_kedua")
    factories.make_position(second, "kabid_kab", factories.lead_agency("53.04"))
    gate, told = threading.Barrier(2), []

    def run(act: Any) -> None:
        gate.wait()
        try:
            told.append(act().status)
        except Blocked as error:
            told.append(str(error))
        finally:
            connection.close()

    acts = (
        lambda: actions.approve_report(report, by=cast.kabid_belu),
        lambda: actions.return_report(report, "Kurang", by=second),
    )
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sum("sudah berstatus" in said for said in told) == 1 and len(told) == 2


# -- the money --------------------------------------------------------------------------------------------------------


def test_only_approved_reports_are_paid(cast: Cast) -> None:
    paid = contracted(cast.tpl_belu)
    actions.approve_report(submitted(paid), by=cast.kabid_belu)
    silent = contracted(factories.make_user("tpl_ende"), "Penyuluh Ende", "53.08")
    contracted(factories.make_user("tpl_baru"), "Penyuluh Baru", "53.08", starts_on=this_month())
    rows = payments(last_month())
    assert [(row.worker, row.amount) for row in rows] == [(paid, 3_500_000), (silent, 0)]
    assert rows[1].standing == "Laporan belum diajukan" and rows[0].note == ""
    sums = sums_of(rows)
    assert (sums.count, sums.paid, sums.held) == (2, 1, 1)
    assert (sums.honorarium, sums.operational, sums.amount, sums.held_amount) == (
        3_000_000,
        500_000,
        3_500_000,
        3_500_000,
    )
    assert [row.worker for row in payments(last_month(), regency=factories.regency("53.08").pk)] == [silent]
    assert len(payments(this_month())) == 3


def test_a_part_of_a_month_is_pointed_out_and_a_renewal_counts_once(cast: Cast) -> None:
    worker = contracted(cast.tpl_belu, starts_on=months_after(last_month(), -12).replace(day=15))
    old = worker.contracts.get()
    old.ends_on = last_month().replace(day=14)
    old.save()
    new = make_contract(worker=worker, status="aktif", starts_on=last_month().replace(day=15), contract_year=2)
    (row,) = payments(last_month())
    assert row.contract == new and "periksa besarannya" in row.note
