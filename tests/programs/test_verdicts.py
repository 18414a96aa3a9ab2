"""Verdicts on proposals and lines: what they need, what they come to, and that nothing is overwritten or lost."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from portal.kernel.errors import Blocked, Denied, StaleVersion
from programs.actions.verdicts import apply_verdicts, change_verdict, clear_verdict, put_line_verdict, put_verdict
from programs.models import Decision, LineVerdict, Proposal, Verdict, VerdictRevision
from programs.queries.verdicts import totals, totals_by_regency
from tests.factories import regency
from tests.factories_programs import make_line, make_proposal, source

pytestmark = pytest.mark.django_db
MILLION = 1_000_000


@pytest.fixture
def proposal(cast: Any) -> Proposal:
    """Belu's proposal of three lines of Rp10.000.000, ready for its desk."""
    return make_proposal(status="siap_desk")


def line_of(proposal: Proposal, number: int = 0) -> Any:
    return list(proposal.lines.order_by("position"))[number]


def test_agreeing_as_proposed_takes_the_whole_budget(cast, proposal):
    verdict = put_verdict(proposal, "disepakati", by=cast.verifikator, base_version=0)
    assert (verdict.decision, verdict.agreed_rupiah, verdict.version) == ("disepakati", 30 * MILLION, 1)
    assert verdict.applied_at is None
    proposal.refresh_from_db()
    assert proposal.status == "siap_desk"
    assert proposal.agreed_rupiah is None


@pytest.mark.parametrize("decision", ["perbaikan", "ditunda", "tidak_disepakati", "dialihkan"])
def test_every_other_answer_needs_a_reason(cast, proposal, decision):
    for empty in ("", "   "):
        with pytest.raises(Blocked, match="Alasan wajib diisi"):
            put_verdict(
                proposal, decision, by=cast.verifikator, reason=empty, redirect_to=source("APBN"), base_version=0
            )
    assert not Verdict.objects.exists()


def test_redirecting_needs_a_source_and_counts_nothing(cast, proposal):
    for wrong in (None, "", "TIDAK_ADA"):
        with pytest.raises(Blocked, match="sumber dana tujuan"):
            put_verdict(
                proposal, "dialihkan", by=cast.verifikator, reason="Bukan kewenangan.", redirect_to=wrong,
                base_version=0,
            )  # fmt: skip
    verdict = put_verdict(
        proposal, "dialihkan", by=cast.verifikator, reason="Ke desa.", redirect_to="DANA_DESA", base_version=0
    )
    assert verdict.redirect_to.key == "DANA_DESA"
    assert verdict.agreed_rupiah == 0


@pytest.mark.parametrize("decision", ["", "setuju", "disepakati'--", None, "DISEPAKATI"])
def test_an_unknown_answer_is_refused(cast, proposal, decision):
    with pytest.raises(Blocked):
        put_verdict(proposal, decision, by=cast.verifikator, reason="x", base_version=0)


def test_lines_that_differ_make_it_agreed_with_changes(cast, proposal):
    first, second, _third = proposal.lines.order_by("position")
    verdict = put_verdict(
        proposal, "disepakati", by=cast.verifikator, reason="Harga dan lingkup disesuaikan.", base_version=0,
        lines={
            first.pk: {"decision": "perbaikan", "agreed_rupiah": 7 * MILLION, "reason": "Harga pasar."},
            second.pk: {"decision": "ditunda", "reason": "Tahun depan."},
        },
    )  # fmt: skip
    assert verdict.decision == "perbaikan"
    assert verdict.agreed_rupiah == 17 * MILLION
    assert verdict.lines.count() == 2


def test_lines_of_another_proposal_are_refused(cast, proposal):
    other = make_proposal(status="siap_desk")
    with pytest.raises(Blocked, match="bukan bagian"):
        put_verdict(
            proposal, "perbaikan", by=cast.verifikator, reason="x", base_version=0,
            lines={line_of(other).pk: {"decision": "ditunda", "reason": "x"}},
        )  # fmt: skip


def test_one_line_changes_the_whole(cast, proposal):
    answer = put_line_verdict(
        line_of(proposal), "perbaikan", by=cast.verifikator, agreed_rupiah=4 * MILLION, reason="Harga pasar.",
        base_version=0,
    )  # fmt: skip
    verdict = Verdict.objects.get(proposal=proposal)
    assert (verdict.decision, verdict.reason, verdict.agreed_rupiah) == ("perbaikan", "Harga pasar.", 24 * MILLION)
    put_line_verdict(line_of(proposal), "disepakati", by=cast.verifikator, base_version=answer.version)
    verdict.refresh_from_db()
    assert (verdict.decision, verdict.reason, verdict.agreed_rupiah) == ("disepakati", "", 30 * MILLION)
    assert not LineVerdict.objects.exists()


def test_a_reason_of_its_own_keeps_the_amendment(cast, proposal):
    put_verdict(proposal, "perbaikan", by=cast.verifikator, reason="Lokasi dipindah ke Fatukbot.", base_version=0)
    answer = put_line_verdict(line_of(proposal), "ditunda", by=cast.verifikator, reason="Tahun depan.", base_version=0)
    put_line_verdict(line_of(proposal), "disepakati", by=cast.verifikator, base_version=answer.version)
    verdict = Verdict.objects.get(proposal=proposal)
    assert (verdict.decision, verdict.reason) == ("perbaikan", "Lokasi dipindah ke Fatukbot.")


def test_agreeing_to_one_line_says_nothing_about_the_whole(cast, proposal):
    assert put_line_verdict(line_of(proposal), "disepakati", by=cast.verifikator, base_version=0) is None
    assert not Verdict.objects.exists()


def test_lines_of_a_refused_proposal_have_no_answer(cast, proposal):
    put_verdict(proposal, "tidak_disepakati", by=cast.verifikator, reason="Ganda.", base_version=0)
    with pytest.raises(Blocked, match="Ubah dahulu putusan usulannya"):
        put_line_verdict(line_of(proposal), "ditunda", by=cast.verifikator, reason="x", base_version=0)


@pytest.mark.parametrize("amount", [None, -1, 10**15 + 1, 10**30])
def test_a_changed_amount_must_be_possible(cast, proposal, amount):
    with pytest.raises(Blocked):
        put_line_verdict(
            line_of(proposal), "perbaikan", by=cast.verifikator, agreed_rupiah=amount, reason="x", base_version=0
        )


def test_a_line_is_not_redirected_to_its_own_source(cast, proposal):
    with pytest.raises(Blocked, match="memang sudah"):
        put_line_verdict(
            line_of(proposal), "dialihkan", by=cast.verifikator, reason="x", redirect_to="APBD_II", base_version=0
        )


def test_money_outside_the_budget_is_counted_apart(cast):
    proposal = make_proposal(status="siap_desk", lines=1)
    make_line(proposal, source="KUR")
    proposal.refresh_from_db()
    verdict = put_verdict(proposal, "disepakati", by=cast.verifikator, base_version=0)
    assert verdict.agreed_rupiah == 10 * MILLION
    whole = totals(2020, proposal.regency_id)
    assert (whole.agreed_rupiah, whole.other_agreed_rupiah) == (10 * MILLION, 10 * MILLION)
    assert [(share.source.key, share.agreed_rupiah) for share in whole.shares] == [
        ("APBD_II", 10 * MILLION), ("KUR", 10 * MILLION),
    ]  # fmt: skip


def test_a_late_writer_overwrites_nothing(cast, proposal):
    put_verdict(proposal, "ditunda", by=cast.verifikator, reason="Menunggu lahan.", base_version=0)
    with pytest.raises(StaleVersion) as error:
        put_verdict(proposal, "disepakati", by=cast.kabid, base_version=0)
    assert error.value.current.reason == "Menunggu lahan."
    assert error.value.yours["decision"] == "disepakati"
    assert Verdict.objects.get().decision == "ditunda"


def test_a_version_is_never_given_twice(cast, proposal):
    first = put_verdict(proposal, "disepakati", by=cast.verifikator, base_version=0)
    clear_verdict(proposal, by=cast.verifikator, base_version=first.version)
    again = put_verdict(proposal, "ditunda", by=cast.kabid, reason="Lahan.", base_version=0)
    assert again.version == 3
    with pytest.raises(StaleVersion):
        put_verdict(proposal, "disepakati", by=cast.verifikator, base_version=first.version)


def test_a_line_answered_anew_does_not_look_like_the_old_answer(cast, proposal):
    line = line_of(proposal)
    old = put_line_verdict(line, "ditunda", by=cast.verifikator, reason="A", base_version=0)
    put_line_verdict(line, "disepakati", by=cast.verifikator, base_version=old.version)
    new = put_line_verdict(line, "ditunda", by=cast.kabid, reason="B", base_version=0)
    assert new.version > old.version
    with pytest.raises(StaleVersion):
        put_line_verdict(line, "tidak_disepakati", by=cast.verifikator, reason="C", base_version=old.version)


def test_every_answer_that_stood_is_kept(cast, proposal):
    one = put_verdict(proposal, "ditunda", by=cast.verifikator, reason="Lahan.", base_version=0)
    two = put_verdict(proposal, "disepakati", by=cast.kabid, base_version=one.version)
    clear_verdict(proposal, by=cast.kabid, base_version=two.version)
    told = [(row.version, row.content["decision"], row.by) for row in VerdictRevision.objects.order_by("pk")]
    assert told == [(1, "ditunda", cast.verifikator), (2, "disepakati", cast.kabid), (3, "", cast.kabid)]


def test_only_verifiers_and_the_division_head_decide(cast, proposal):
    for name in ("admin", "panitia", "notulis", "kadis_prov", "kadis_belu", "operator_belu", "observer", "stranger"):
        with pytest.raises(Denied):
            put_verdict(proposal, "disepakati", by=cast[name], base_version=0)
        with pytest.raises(Denied):
            put_line_verdict(line_of(proposal), "ditunda", by=cast[name], reason="x", base_version=0)
        with pytest.raises(Denied):
            clear_verdict(proposal, by=cast[name], base_version=0)
        with pytest.raises(Denied):
            apply_verdicts([proposal], by=cast[name])


@pytest.mark.parametrize("status", ["konsep", "diajukan", "dikembalikan", "lolos", "ditarik"])
def test_only_what_is_ready_is_decided(cast, status):
    with pytest.raises(Denied, match="siap desk"):
        put_verdict(make_proposal(status=status), "disepakati", by=cast.verifikator, base_version=0)


# --- in force ---


def test_applying_moves_the_status_and_writes_the_money(cast, proposal):
    make_line(proposal, source="APBN")
    proposal.refresh_from_db()
    put_line_verdict(
        line_of(proposal), "perbaikan", by=cast.verifikator, agreed_rupiah=12 * MILLION, reason="Naik.", base_version=0
    )
    put_line_verdict(line_of(proposal, 1), "ditunda", by=cast.verifikator, reason="Nanti.", base_version=0)
    apply_verdicts([proposal], by=cast.verifikator)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.agreed_rupiah) == ("perbaikan", 32 * MILLION)
    assert {row.source.key: row.agreed_rupiah for row in proposal.shares.all()} == {
        "APBN": 10 * MILLION, "APBD_II": 22 * MILLION,
    }  # fmt: skip
    assert Verdict.objects.get().applied_at is not None


@pytest.mark.parametrize("decision", Decision.values)
def test_every_answer_becomes_its_status(cast, proposal, decision):
    put_verdict(
        proposal, decision, by=cast.verifikator, reason="Sesuai pembahasan.", redirect_to="APBN", base_version=0
    )
    apply_verdicts([proposal], by=cast.verifikator)
    proposal.refresh_from_db()
    assert proposal.status == decision
    assert proposal.agreed_rupiah == (30 * MILLION if decision in ("disepakati", "perbaikan") else 0)


def test_nothing_is_applied_without_an_answer(cast, proposal):
    other = make_proposal(status="siap_desk")
    put_verdict(proposal, "disepakati", by=cast.verifikator, base_version=0)
    with pytest.raises(Blocked, match="belum diputuskan"):
        apply_verdicts([proposal, other], by=cast.verifikator)
    proposal.refresh_from_db()
    assert proposal.status == "siap_desk"
    assert Verdict.objects.get().applied_at is None


def test_lines_that_changed_after_the_answer_are_noticed(cast, proposal):
    put_verdict(proposal, "disepakati", by=cast.verifikator, base_version=0)
    make_line(proposal)
    with pytest.raises(Blocked, match="berubah sesudah diputuskan"):
        apply_verdicts([proposal], by=cast.verifikator)


def test_an_amendment_that_leaves_nothing_is_no_agreement(cast, proposal):
    for number in range(3):
        put_line_verdict(line_of(proposal, number), "ditunda", by=cast.verifikator, reason="x", base_version=0)
    with pytest.raises(Blocked, match="tidak ada rincian yang disepakati"):
        apply_verdicts([proposal], by=cast.verifikator)


def test_what_is_in_force_is_not_decided_at_a_desk_again(cast, proposal):
    verdict = put_verdict(proposal, "disepakati", by=cast.verifikator, base_version=0)
    apply_verdicts([proposal], by=cast.verifikator)
    with pytest.raises(Denied):
        put_verdict(proposal, "ditunda", by=cast.verifikator, reason="x", base_version=verdict.version)
    with pytest.raises(Blocked, match="pleno atau adendum"):
        clear_verdict(proposal, by=cast.verifikator, base_version=verdict.version)


def test_the_plenary_changes_with_a_reason(cast, proposal):
    verdict = put_verdict(proposal, "disepakati", by=cast.verifikator, base_version=0)
    apply_verdicts([proposal], by=cast.verifikator)
    wanted = {"stage": "pleno", "by": cast.kabid, "base_version": verdict.version}
    with pytest.raises(Blocked, match="Alasan perubahan"):
        change_verdict(proposal, "ditunda", reason="Lahan.", note=" ", **wanted)
    with pytest.raises(Denied):
        change_verdict(proposal, "ditunda", reason="Lahan.", note="x", **{**wanted, "by": cast.verifikator})
    changed = change_verdict(proposal, "ditunda", reason="Lahan.", note="Permintaan Bupati.", **wanted)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.agreed_rupiah, changed.version) == ("ditunda", 0, 2)
    assert {share.agreed_rupiah for share in proposal.shares.all()} == {0}
    revision = VerdictRevision.objects.first()
    assert (revision.stage, revision.note) == ("pleno", "Permintaan Bupati.")
    with pytest.raises(StaleVersion):
        change_verdict(proposal, "disepakati", note="Kembali.", **wanted)


def test_the_plenary_changes_nothing_a_desk_has_not_decided(cast, proposal):
    with pytest.raises(Denied, match="belum diputuskan"):
        change_verdict(proposal, "disepakati", stage="pleno", note="x", by=cast.kabid, base_version=0)


# --- totals ---


def test_totals_add_up_per_source_decision_and_regency(cast):
    belu = [make_proposal(status="siap_desk") for _number in range(3)]
    ende = make_proposal("53.08", status="siap_desk", source="APBN")
    put_verdict(belu[0], "disepakati", by=cast.verifikator, base_version=0)
    put_line_verdict(line_of(belu[1]), "ditunda", by=cast.verifikator, reason="x", base_version=0)
    put_verdict(ende, "tidak_disepakati", by=cast.verifikator, reason="Ganda.", base_version=0)
    each, whole = totals_by_regency(2020)
    assert (whole.count, whole.decided, whole.undecided, whole.agreed_count) == (4, 3, 1, 2)
    assert (whole.proposed_rupiah, whole.agreed_rupiah) == (120 * MILLION, 50 * MILLION)
    assert sum(share.agreed_rupiah for share in whole.shares) == whole.agreed_rupiah
    assert sum(answer.agreed_rupiah for answer in whole.answers) == whole.agreed_rupiah
    assert sum(part.agreed_rupiah for part in each.values()) == whole.agreed_rupiah
    assert each[regency("53.08").pk].answers[0].proposed_rupiah == 30 * MILLION


def test_totals_cost_the_same_for_few_and_many(cast, assert_queries):
    for count in (2, 8):
        for _number in range(count):
            proposal = make_proposal(status="siap_desk")
            put_verdict(proposal, "disepakati", by=cast.verifikator, base_version=0)
        with assert_queries(3):
            totals_by_regency(2020)


# --- the database's own refusals ---


@pytest.mark.parametrize(
    "values",
    [
        {"decision": "ditunda"},
        {"decision": "dialihkan", "reason": "x"},
        {"decision": "ditunda", "reason": "x", "agreed_rupiah": 1},
        {"decision": "disepakati", "agreed_rupiah": -1},
        {"decision": "disepakati", "agreed_rupiah": 10**15 + 1},
    ],
    ids=lambda values: "-".join(map(str, values.values())),
)
def test_the_tables_refuse_impossible_answers(cast, proposal, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(proposal=proposal, by=cast.verifikator, **values)
    verdict = Verdict.objects.create(proposal=proposal, by=cast.verifikator, decision="disepakati")
    with pytest.raises(IntegrityError), transaction.atomic():
        LineVerdict.objects.create(verdict=verdict, line=line_of(proposal), by=cast.verifikator, **values)


def test_a_redirection_target_only_with_a_redirection(cast, proposal):
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(
            proposal=proposal, by=cast.verifikator, decision="disepakati", redirect_to=source("APBN")
        )


@pytest.mark.django_db(transaction=True)
def test_two_deciding_the_same_line_at_once(cast):
    proposal = make_proposal(status="siap_desk")
    line, told, start = line_of(proposal), [], threading.Barrier(2)

    def decide(by: Any, reason: str) -> None:
        start.wait()
        try:
            put_line_verdict(line, "ditunda", by=by, reason=reason, base_version=0)
            told.append("stored")
        except StaleVersion as error:
            told.append(str(error))
        finally:
            connection.close()

    people = [
        threading.Thread(target=decide, args=each) for each in ((cast.verifikator, "Lahan."), (cast.kabid, "Harga."))
    ]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert sorted(told)[1] == "stored"
    assert "Tidak ada yang ditimpa" in sorted(told)[0]
    assert VerdictRevision.objects.count() == 1
    assert LineVerdict.objects.get().reason == VerdictRevision.objects.get().content["reason"]
