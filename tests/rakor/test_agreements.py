"""From closed desks to the signed agreement: what is missing, versions with reasons, the scan, and addenda."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion, WrongFile
from programs.models import Proposal, VerdictRevision
from programs.queries.agreed import recap
from rakor.actions import addenda, desks
from rakor.actions import agreements as actions
from rakor.models import Agreement, AgreementChange, Desk
from rakor.queries import agreements as queries
from tests import factories
from tests.factories_agreements import make_decided_meeting, make_pdf, make_scan
from tests.factories_programs import make_desk, make_line, make_proposal

pytestmark = pytest.mark.django_db
YEAR = 2020


# -- the world ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(cast):
    """The running edition of Atambua: Belu got two programs and lost one, Ende got one."""
    return make_decided_meeting()


def close(desk: Desk, by) -> None:
    """The desk as if it had been led to its end."""
    now = timezone.now()
    Desk.objects.filter(pk=desk.pk).update(
        status="ditutup", opened_at=now, leader=by, confirmed_at=now, confirmed_change=0, delegate_name="Utusan Desk",
        delegate_title="Sekretaris Dinas", closed_at=now, closed_by=by, document=paper(desk, by),
    )  # fmt: skip


def paper(subject, by):
    """Any stored paper."""
    from portal.documents.actions import order_document
    from rakor.queries.papers import agenda_paper

    return order_document("agenda", agenda_paper(subject.session.meeting), subject=subject, by=by)


@pytest.fixture
def agreement(meeting, cast) -> Agreement:
    return actions.start_agreement(meeting, by=cast.panitia)


@pytest.fixture
def agreed(agreement, cast) -> Agreement:
    return actions.agree(agreement, by=cast.kadis_prov)


@pytest.fixture
def signed(agreed, cast) -> Agreement:
    return actions.store_scan(agreed, make_scan(), day(agreed), by=cast.panitia)


def day(agreement: Agreement) -> dt.date:
    return agreement.meeting.ends_on


def proposal(code: str = "53.04", status: str = "disepakati") -> Proposal:
    return Proposal.objects.select_related("regency").filter(regency__code=code, status=status).first()


def refuse(agreement, found, by, **values):
    """The plenary takes a program back."""
    values = {"reason": "Sudah dibiayai APBN.", "base_version": found.verdict.version, **values}
    return actions.change_in_plenary(agreement, found, "tidak_disepakati", by=by, **values)


# -- beginning ---------------------------------------------------------------------------------------------------------


def test_the_recap_begins_once_with_all_22_representatives(meeting, cast):
    desk = make_desk(meeting, "53.08")
    close(desk, cast.verifikator)
    agreement = actions.start_agreement(meeting, by=cast.panitia)
    assert actions.start_agreement(meeting, by=cast.kabid) == agreement
    rows = {row.regency.code: row for row in queries.representatives(agreement)}
    assert len(rows) == 22
    assert (rows["53.04"].name, rows["53.04"].title) == ("Kadis Belu Contoh", "Kepala Dinas")
    assert (rows["53.08"].name, rows["53.08"].title) == ("Utusan Desk", "Sekretaris Dinas")
    assert rows["53.01"].name == "" and rows["53.01"].agency
    assert agreement.chair.person == cast.kadis_prov
    assert agreement.considerations.splitlines()[0] == "Sambutan Gubernur"
    assert Entry.objects.filter(verb="Memulai rekap kesepakatan").count() == 1


def test_heads_in_force_on_the_last_day_sign(meeting, cast):
    held = cast.kadis_belu.positions.get()
    held.ends_on = meeting.ends_on - dt.timedelta(days=1)
    held.save()
    stand_in = factories.make_user("plh_belu", full_name="Pelaksana Harian")
    factories.make_position(
        stand_in, "kadis_kab", factories.lead_agency("53.04"), standing="plh", title="Kepala Dinas",
        starts_on=meeting.ends_on,
    )  # fmt: skip
    row = next(row for row in queries.usual_representatives(meeting) if row["regency"].code == "53.04")
    assert (row["name"], row["title"]) == ("Pelaksana Harian", "Plh. Kepala Dinas")


@pytest.mark.parametrize("who", ["verifikator", "notulis", "admin", "kadis_belu", "operator_belu", "observer"])
def test_only_leaders_begin(meeting, cast, who):
    with pytest.raises(Denied):
        actions.start_agreement(meeting, by=cast[who])


def test_nobody_begins_before_the_rakor_runs(cast):
    with pytest.raises(Denied, match="setelah rakor berlangsung"):
        actions.start_agreement(factories.make_meeting(status="terjadwal"), by=cast.panitia)


# -- head and signatures -----------------------------------------------------------------------------------------------


def test_the_head_is_saved_once_and_a_late_writer_is_told(agreement, cast):
    head = {"number": "BA/1", "considerations": "satu", "clauses": "", "chair": agreement.chair}
    row = actions.save_head(agreement, head, head_version=1, by=cast.panitia)
    assert (row.number, row.head_version) == ("BA/1", 2)
    assert actions.save_head(agreement, head, head_version=1, by=cast.panitia).head_version == 2  # double click
    with pytest.raises(StaleVersion) as stale:
        actions.save_head(agreement, {**head, "number": "BA/2"}, head_version=1, by=cast.kabid)
    assert stale.value.current.number == "BA/1"
    with pytest.raises(Denied):
        actions.save_head(agreement, head, head_version=2, by=cast.verifikator)


def names(agreement) -> dict[int, dict[str, str]]:
    return {row.regency_id: actions.signer(row) for row in agreement.representatives.all()}


def test_two_people_fill_in_the_table_of_signatures_together(agreement, cast):
    base = names(agreement)
    belu, ende = factories.regency("53.04").pk, factories.regency("53.08").pk
    mine = base | {belu: base[belu] | {"name": "Utusan Belu"}}
    theirs = base | {ende: base[ende] | {"name": "Utusan Ende"}}
    assert actions.save_representatives(agreement, mine, base=base, by=cast.panitia) == 1
    assert actions.save_representatives(agreement, theirs, base=base, by=cast.kabid) == 1
    assert actions.save_representatives(agreement, theirs, base=base, by=cast.kabid) == 0  # double click
    now = names(agreement)
    assert (now[belu]["name"], now[ende]["name"]) == ("Utusan Belu", "Utusan Ende")
    other = base | {belu: base[belu] | {"name": "Orang lain"}}
    with pytest.raises(StaleVersion, match="Wakil Kabupaten Belu"):
        actions.save_representatives(agreement, other, base=base, by=cast.kadis_prov)
    assert names(agreement)[belu]["name"] == "Utusan Belu"


def test_the_table_can_be_filled_in_anew(agreement, cast):
    agreement.representatives.update(name="")
    assert actions.refill_representatives(agreement, by=cast.panitia) == 2  # heads of Belu and Ende
    assert agreement.representatives.exclude(name="").count() == 2


# -- changes in the plenary --------------------------------------------------------------------------------------------


def test_a_change_is_the_next_version_with_its_reason_and_both_lists_follow(agreement, meeting, cast):
    found = proposal()
    before = recap(YEAR, meeting.province_id)
    change = refuse(agreement, found, cast.kadis_prov)
    agreement.refresh_from_db()
    found.refresh_from_db()
    assert (agreement.version, change.version, found.status, found.agreed_rupiah) == (2, 2, "tidak_disepakati", 0)
    assert (change.before["decision"], change.after["decision"]) == ("disepakati", "tidak_disepakati")
    assert change.after["reason"] == change.reason == "Sudah dibiayai APBN."
    assert found.shares.get().agreed_rupiah == 0
    after = recap(YEAR, meeting.province_id)
    assert (before.agreed.count, after.agreed.count) == (3, 2)
    assert (before.not_agreed.count, after.not_agreed.count) == (1, 2)
    assert before.total.proposed_rupiah == after.total.proposed_rupiah
    assert VerdictRevision.objects.get(proposal=found).stage == "pleno"
    assert Entry.objects.filter(object_type="rakor.agreement", verb="Mengubah putusan di pleno").count() == 1


def test_money_of_single_lines_is_changed(agreement, cast):
    found = proposal()
    line = found.lines.first()
    lines = {line.pk: {"decision": "perbaikan", "agreed_rupiah": 4_000_000, "reason": "Volume dikurangi."}}
    change = actions.change_in_plenary(
        agreement, found, "perbaikan", reason="Volume dikurangi.", by=cast.kabid, base_version=1, lines=lines
    )
    found.refresh_from_db()
    assert (found.status, found.agreed_rupiah) == ("perbaikan", 24_000_000)
    assert change.after["lines"][str(line.pk)]["agreed_rupiah"] == 4_000_000
    assert found.shares.get().agreed_rupiah == 24_000_000


def test_nothing_at_all_is_not_agreed_with_changes(agreement, cast):
    found = proposal()
    lines = {line.pk: {"decision": "tidak_disepakati", "reason": "Ditunda."} for line in found.lines.kept()}
    with pytest.raises(Blocked, match="tidak ada rincian yang disepakati"):
        actions.change_in_plenary(
            agreement, found, "perbaikan", reason="Kosong.", by=cast.kabid, base_version=1, lines=lines
        )
    found.refresh_from_db()
    assert (found.status, found.agreed_rupiah) == ("disepakati", 30_000_000)


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_changes(agreement, cast, reason):
    with pytest.raises(Blocked, match="Alasan perubahan wajib diisi"):
        refuse(agreement, proposal(), cast.kabid, reason=reason)
    assert Agreement.objects.get().version == 1


def test_the_same_answer_is_no_change(agreement, cast):
    with pytest.raises(Blocked, match="tidak ada yang berubah"):
        actions.change_in_plenary(agreement, proposal(), "disepakati", reason="Tetap.", by=cast.kabid, base_version=1)
    assert (Agreement.objects.get().version, AgreementChange.objects.count()) == (1, 0)
    assert VerdictRevision.objects.count() == 0


def test_two_changing_the_same_proposal(agreement, cast):
    found = proposal()
    refuse(agreement, found, cast.kabid, base_version=1)
    with pytest.raises(StaleVersion, match="sudah diubah orang lain"):
        actions.change_in_plenary(
            agreement, found, "ditunda", reason="Tunggu lahan.", by=cast.kadis_prov, base_version=1
        )
    assert Agreement.objects.get().version == 2
    assert AgreementChange.objects.count() == 1


@pytest.mark.parametrize("who", ["panitia", "verifikator", "notulis", "admin", "kadis_belu", "observer"])
def test_only_the_heads_change_verdicts(agreement, cast, who):
    with pytest.raises(Denied):
        refuse(agreement, proposal(), cast[who])


def test_a_proposal_of_another_year_or_without_verdict_is_none_of_it(agreement, cast):
    with pytest.raises(Blocked, match="bukan bagian dari rakor ini"):
        refuse(agreement, make_proposal(year=2021, status="disepakati"), cast.kabid)
    waiting = make_proposal(status="siap_desk")
    with pytest.raises(Blocked, match="belum diputuskan di desk"):
        actions.change_in_plenary(agreement, waiting, "ditunda", reason="x", by=cast.kabid, base_version=0)


def test_the_database_wants_reasons_chairs_and_scans(agreement, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementChange.objects.create(
            agreement=agreement, version=2, proposal=proposal(), before={}, after={}, reason="", by=cast.kabid
        )
    for values in ({"status": "disepakati"}, {"status": "ditandatangani"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.filter(pk=agreement.pk).update(**values)


# -- agreeing ----------------------------------------------------------------------------------------------------------


def test_an_open_desk_and_an_undecided_proposal_are_named(agreement, meeting, cast):
    make_desk(meeting, "53.04")
    make_proposal("53.10", status="siap_desk", title="Tenun Manggarai")
    make_desk(meeting, "53.10")
    make_desk(meeting, "53.20")  # brought nothing: there is nothing to close
    with pytest.raises(Blocked) as refused:
        actions.agree(agreement, by=cast.kadis_prov)
    sentence = str(refused.value)
    assert "2 desk belum ditutup: Kabupaten Belu, Kabupaten Manggarai." in sentence
    assert "1 usulan belum diputuskan: Kabupaten Manggarai – Tenun Manggarai." in sentence
    assert Agreement.objects.get().status == "rekap"


@pytest.mark.parametrize("status", ["diajukan", "lolos"])
def test_what_the_province_still_has_before_it_is_undecided(agreement, status):
    make_proposal("53.10", status=status)
    assert "1 usulan belum diputuskan" in queries.missing_parts(agreement)[0]


def test_drafts_and_returned_proposals_hold_nothing_up(agreement):
    for status in ("konsep", "menunggu_kadis", "dikembalikan", "ditarik"):
        make_proposal("53.10", status=status)
    assert queries.missing_parts(agreement) == []


def test_nothing_decided_or_no_chair_is_not_enough(cast):
    meeting = factories.make_meeting(status="berlangsung")
    agreement = actions.start_agreement(meeting, by=cast.panitia)
    assert queries.missing_parts(agreement) == ["Belum ada usulan yang diputuskan untuk tahun 2020."]
    agreement.chair = None
    assert "Pimpinan sidang belum dipilih." in queries.missing_parts(agreement)
    held = cast.kabid.positions.get()
    held.ends_on = meeting.starts_on
    held.save()
    agreement.chair = held
    assert "tidak menjabat pada hari pleno" in queries.missing_parts(agreement)[-1]


def test_agreeing_orders_the_berita_acara_and_opens_it_to_all(agreement, cast):
    assert not Agreement.objects.visible_to(cast.operator_belu).exists()
    row = actions.agree(agreement, by=cast.kadis_prov)
    assert (row.status, row.document.kind, row.agreed_at.tzinfo) == ("disepakati", "ba_kesepakatan", dt.UTC)
    for who in ("operator_belu", "kadis_ende", "observer", "notulis"):
        assert Agreement.objects.visible_to(cast[who]).exists()
    with pytest.raises(Blocked, match="sudah berstatus “Disepakati pleno”"):
        actions.agree(agreement, by=cast.kabid)
    with pytest.raises(Denied, match="sudah disahkan"):
        refuse(agreement, proposal(), cast.kabid)
    with pytest.raises(Denied, match="sudah disahkan"):
        actions.save_head(agreement, {"number": "x"}, head_version=1, by=cast.panitia)


def test_no_desk_decides_behind_the_back_of_the_plenary(agreed, cast):
    make_proposal("53.10", status="siap_desk")
    desk = make_desk(agreed.meeting, "53.10")
    with pytest.raises(Blocked, match="Pleno sudah mengesahkan"):
        desks.open_desk(desk, by=cast.verifikator)
    actions.reopen(agreed, by=cast.kabid, note="Satu desk menyusul.")
    assert desks.open_desk(desk, by=cast.verifikator).status == "berlangsung"


def test_the_plenary_is_opened_again_with_a_reason(agreed, cast):
    first = agreed.document
    with pytest.raises(Blocked, match="Alasan wajib diisi"):
        actions.reopen(agreed, by=cast.kadis_prov, note=" ")
    with pytest.raises(Denied):
        actions.reopen(agreed, by=cast.panitia, note="Salah angka.")
    row = actions.reopen(agreed, by=cast.kadis_prov, note="Salah angka.")
    assert not Agreement.objects.visible_to(cast.operator_belu).exists()
    refuse(row, proposal(), cast.kabid)
    again = actions.agree(row, by=cast.kadis_prov)
    assert again.document != first
    assert Agreement.objects.get().version == 2


# -- the scan ----------------------------------------------------------------------------------------------------------


def test_the_scan_locks_the_agreement(agreed, cast):
    data = make_pdf(4)
    row = actions.store_scan(agreed, make_scan(data), day(agreed), by=cast.panitia)
    assert (row.status, row.scan_pages, row.signed_on, row.scanned_by) == (
        "ditandatangani", 4, day(agreed), cast.panitia
    )  # fmt: skip
    assert len(row.scan_sha256) == 64
    row = Agreement.objects.get()
    assert row.scan.read() == data
    with pytest.raises(Blocked, match="sudah berstatus “Ditandatangani”"):
        actions.store_scan(row, make_scan(), day(row), by=cast.panitia)
    with pytest.raises(Blocked, match="sudah berstatus"):
        actions.reopen(row, by=cast.kadis_prov, note="Salah angka.")
    with pytest.raises(Denied, match="adendum"):
        refuse(row, proposal(), cast.kabid)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "kosong.pdf", "kosong"),
        (b"bukan pdf sama sekali", "pindaian.pdf", "tidak diterima"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "pindaian.pdf", "PNG"),
        (None, "pindaian.exe", "tidak diterima"),
        (None, "pindaian.png", "isinya berkas PDF"),
        (make_pdf()[:200], "pindaian.pdf", "terpotong"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(agreed, cast, data, name, sentence):
    with pytest.raises(WrongFile, match=sentence):
        actions.store_scan(agreed, make_scan(data, name), day(agreed), by=cast.panitia)
    assert Agreement.objects.get().status == "disepakati"


def test_a_file_of_20_megabytes_is_refused(agreed, cast):
    with pytest.raises(WrongFile, match="20 MB terlalu besar; batasnya 15 MB"):
        actions.store_scan(agreed, make_scan(b"%PDF-1.7" + b"0" * (20 * 1024 * 1024 - 8)), day(agreed), by=cast.panitia)


def test_a_pdf_that_unpacks_to_gigabytes_is_refused(agreed, cast):
    import zlib

    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1024 * 1024)) for _n in range(64)) + packer.flush()
    bomb = (
        b"%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length "
        + str(len(packed)).encode() + b" >>\nstream\n" + packed + b"\nendstream\nendobj\nstartxref\n0\n%%EOF\n"
    )  # fmt: skip
    with pytest.raises(WrongFile, match="tidak wajar"):
        actions.store_scan(agreed, make_scan(bomb), day(agreed), by=cast.panitia)


def test_the_day_of_the_signature_is_possible(agreed, cast):
    for impossible in (agreed.meeting.starts_on - dt.timedelta(days=1), timezone.localdate() + dt.timedelta(days=1)):
        with pytest.raises(Blocked, match="Tanggal tanda tangan"):
            actions.store_scan(agreed, make_scan(), impossible, by=cast.panitia)


@pytest.mark.parametrize("who", ["verifikator", "notulis", "admin", "kadis_belu", "observer"])
def test_only_leaders_store_the_scan(agreed, cast, who):
    with pytest.raises(Denied):
        actions.store_scan(agreed, make_scan(), day(agreed), by=cast[who])


# -- addenda -----------------------------------------------------------------------------------------------------------


def test_an_addendum_changes_nothing_before_it_is_issued(signed, meeting, cast):
    found = proposal()
    draft = addenda.start_addendum(signed, reason="Pergeseran anggaran.", by=cast.kabid, number="ADD/1")
    change = addenda.change_by_addendum(
        draft, found, "ditunda", reason="Lahan belum siap.", by=cast.kabid, base_version=1
    )
    found.refresh_from_db()
    assert (found.status, found.agreed_rupiah) == ("disepakati", 30_000_000)
    assert (change.version, change.after["decision"]) == (2, "ditunda")
    assert VerdictRevision.objects.count() == 0
    assert queries.changes_of(signed) == []
    issued = addenda.issue_addendum(draft, by=cast.kadis_prov)
    found.refresh_from_db()
    assert (found.status, found.agreed_rupiah) == ("ditunda", 0)
    assert (issued.document.kind, Agreement.objects.get().version) == ("ba_adendum", 2)
    assert VerdictRevision.objects.get(proposal=found).stage == "adendum"
    assert [each.reason for each in queries.changes_of(signed)] == ["Lahan belum siap."]
    with pytest.raises(Blocked, match="Adendum ke-1 sudah ditetapkan"):
        addenda.issue_addendum(draft, by=cast.kadis_prov)
    assert addenda.start_addendum(signed, reason="Lagi.", by=cast.kabid).sequence == 2


def test_addenda_have_their_rules(agreed, cast):
    with pytest.raises(Denied, match="sesudah berita acara ditandatangani"):
        addenda.start_addendum(agreed, reason="x", by=cast.kabid)
    signed = actions.store_scan(agreed, make_scan(), day(agreed), by=cast.panitia)
    with pytest.raises(Denied):
        addenda.start_addendum(signed, reason="x", by=cast.panitia)
    with pytest.raises(Blocked, match="wajib diisi"):
        addenda.start_addendum(signed, reason=" ", by=cast.kabid)
    draft = addenda.start_addendum(signed, reason="x", by=cast.kabid)
    with pytest.raises(Blocked, match="Adendum ke-1 belum ditetapkan"):
        addenda.start_addendum(signed, reason="y", by=cast.kabid)
    with pytest.raises(Blocked, match="belum memuat perubahan"):
        addenda.issue_addendum(draft, by=cast.kabid)
    addenda.save_addendum(draft, reason="Alasan lain.", number="ADD/2", by=cast.kadis_prov)
    draft.refresh_from_db()
    assert (draft.reason, draft.number) == ("Alasan lain.", "ADD/2")


def test_one_proposal_has_one_change_in_an_addendum_and_it_can_be_taken_out(signed, cast):
    found = proposal()
    draft = addenda.start_addendum(signed, reason="x", by=cast.kabid)
    for decision in ("ditunda", "tidak_disepakati"):
        addenda.change_by_addendum(draft, found, decision, reason="Sebab.", by=cast.kabid, base_version=1)
    assert [change.after["decision"] for change in draft.changes.all()] == ["tidak_disepakati"]
    addenda.drop_change(draft, draft.changes.get().pk, by=cast.kabid)
    assert not draft.changes.exists()
    addenda.change_by_addendum(draft, found, "ditunda", reason="Sebab.", by=cast.kabid, base_version=1)
    addenda.discard_addendum(draft, by=cast.kabid)
    assert AgreementChange.objects.count() == 0
    assert Proposal.objects.get(pk=found.pk).status == "disepakati"


def test_lines_survive_until_the_addendum_is_issued(signed, cast):
    found = proposal()
    first, second = found.lines.all()[:2]
    lines = {
        first.pk: {"decision": "perbaikan", "agreed_rupiah": 1_000_000, "reason": "Kurang."},
        second.pk: {"decision": "dialihkan", "redirect_to": "DANA_DESA", "reason": "Dana desa."},
    }
    draft = addenda.start_addendum(signed, reason="x", by=cast.kabid)
    addenda.change_by_addendum(draft, found, "perbaikan", reason="Rinci.", by=cast.kabid, base_version=1, lines=lines)
    addenda.issue_addendum(draft, by=cast.kabid)
    found.refresh_from_db()
    assert (found.status, found.agreed_rupiah) == ("perbaikan", 11_000_000)
    assert second.__class__.objects.get(pk=second.pk).verdict.redirect_to.key == "DANA_DESA"


# -- two at once -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_plenary_agrees_once_when_two_click(cast):
    meeting = factories.make_programme(factories.make_meeting(slug="rakor-atambua", status="berlangsung"))
    make_line(make_proposal("53.04", status="disepakati"))
    agreement = actions.start_agreement(meeting, by=cast.panitia)
    answers = at_once(
        lambda: actions.agree(agreement, by=cast.kadis_prov), lambda: actions.agree(agreement, by=cast.kabid)
    )
    assert sorted(answers) == ["Agreement", "Blocked"]
    assert Entry.objects.filter(verb="Sahkan kesepakatan pleno").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_of_two_changes_of_the_same_proposal_wins(cast):
    meeting = factories.make_programme(factories.make_meeting(slug="rakor-atambua", status="berlangsung"))
    found = make_proposal("53.04", status="disepakati")
    agreement = actions.start_agreement(meeting, by=cast.panitia)
    answers = at_once(
        lambda: refuse(agreement, found, cast.kabid, base_version=1),
        lambda: actions.change_in_plenary(
            agreement, found, "ditunda", reason="Lahan.", by=cast.kadis_prov, base_version=1
        ),
    )
    assert sorted(answers) == ["AgreementChange", "StaleVersion"]
    assert Agreement.objects.get().version == 2


def at_once(*calls) -> list[str]:
    """What each call gave or raised, by name; all begin at the same moment."""
    barrier, found = threading.Barrier(len(calls)), []

    def run(call) -> None:
        try:
            barrier.wait(10)
            found.append(type(call()).__name__)
        except Exception as error:  # noqa: BLE001  whatever it is, its name is the answer
            found.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found
