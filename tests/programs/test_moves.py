"""Moves between regency and province: who, when, and what stands in the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied
from programs.actions.moves import move_proposal, ready_all, send_all
from programs.actions.rounds import extend
from programs.models import RubricItem, Score, Submission, Verdict
from programs.queries.snapshots import content_of, shown_content
from tests import factories
from tests.cast import Cast
from tests.factories_programs import make_attachments, make_proposal, make_round

EVERYBODY = (
    "admin", "kadis_prov", "kabid", "panitia", "notulis", "verifikator", "kadis_belu", "operator_belu", "kadis_ende",
    "operator_ende", "observer", "stranger",
)  # fmt: skip

MOVERS = {
    "submit": {"operator_belu"},
    "recall": {"operator_belu"},
    "decline": {"kadis_belu"},
    "send": {"kadis_belu"},
    "withdraw": {"kadis_belu"},
    "return": {"verifikator", "kabid"},
    "pass": {"verifikator", "kabid"},
    "reopen": {"verifikator", "kabid"},
    "ready": {"panitia", "verifikator", "kabid"},
    "unready": {"panitia", "verifikator", "kabid"},
}

PATHS = {
    "submit": {"konsep", "dikembalikan"},
    "recall": {"menunggu_kadis"},
    "decline": {"menunggu_kadis"},
    "send": {"menunggu_kadis"},
    "withdraw": {"diajukan", "dikembalikan", "lolos"},
    "return": {"diajukan", "lolos"},
    "pass": {"diajukan"},
    "reopen": {"lolos"},
    "ready": {"lolos"},
    "unready": {"siap_desk"},
}

STATUSES = (
    "konsep", "menunggu_kadis", "diajukan", "dikembalikan", "lolos", "siap_desk", "ditarik", "disepakati", "perbaikan",
    "ditunda", "tidak_disepakati", "dialihkan",
)  # fmt: skip


@pytest.fixture
def complete(cast: Cast) -> Any:
    """Makes a proposal of Belu that passes the self-check, in an open round."""
    make_round()

    def make(status: str = "konsep", **values: Any) -> Any:
        return make_attachments(make_proposal(status=status, **values))

    return make


def scored(row: Any) -> Any:
    """The proposal with the best points of every indicator that a reviewer fills in."""
    for item in RubricItem.objects.filter(computed=""):
        step = item.steps.first()
        Score.objects.create(proposal=row, item=item, step=step, points=step.points)
    return row


def test_only_the_right_people_move_it(cast: Cast, complete: Any) -> None:
    for move, movers in MOVERS.items():
        source = sorted(PATHS[move])[0]
        for name in EVERYBODY:
            row = scored(complete(source))
            if name in movers:
                move_proposal(row, move, by=cast[name], note="Alasan.")
            else:
                with pytest.raises(Denied):
                    move_proposal(row, move, by=cast[name], note="Alasan.")
                row.refresh_from_db()
                assert row.status == source, (move, name)


def test_only_from_the_right_status(cast: Cast, complete: Any) -> None:
    for move, sources in PATHS.items():
        who = cast[sorted(MOVERS[move])[0]]
        for status in STATUSES:
            row = scored(complete(status))
            if status in sources:
                move_proposal(row, move, by=who, note="Alasan.")
            else:
                never_sent = move == "withdraw" and row.sent_at is None
                refusal = (Denied, "belum pernah dikirim") if never_sent else (Blocked, "sudah berstatus")
                with pytest.raises(refusal[0], match=refusal[1]):
                    move_proposal(row, move, by=who, note="Alasan.")


@pytest.mark.parametrize("move", ["agree", "amend", "postpone", "refuse", "redirect", "tidak-ada"])
def test_verdicts_and_unknown_moves_are_refused(cast: Cast, complete: Any, move: str) -> None:
    with pytest.raises(Denied):
        move_proposal(complete("siap_desk"), move, by=cast.kabid, note="x")


def test_the_way_to_the_desk(cast: Cast, complete: Any) -> None:
    row = move_proposal(complete(), "submit", by=cast.operator_belu)
    row = move_proposal(row, "send", by=cast.kadis_belu)
    assert (row.status, row.sent_by) == ("diajukan", cast.kadis_belu)
    first = Submission.objects.get(proposal=row)
    assert (first.number, first.title, first.budget_rupiah) == (1, row.title, row.budget_rupiah)
    assert first.content == content_of(row)
    row = move_proposal(row, "return", by=cast.verifikator, note="Perbaiki harga.")
    row.title = "Judul diperbaiki"
    row.save()
    row = move_proposal(move_proposal(row, "submit", by=cast.operator_belu), "send", by=cast.kadis_belu)
    assert list(row.submissions.values_list("number", "title")) == [(2, "Judul diperbaiki"), (1, first.title)]
    row = move_proposal(move_proposal(scored(row), "pass", by=cast.verifikator), "ready", by=cast.panitia)
    assert row.status == "siap_desk"
    assert Entry.objects.about(row).count() == 7
    assert row.change >= 7


def test_who_wrote_it_does_not_send_it(cast: Cast, complete: Any) -> None:
    row = complete("menunggu_kadis")
    row.authors.add(cast.kadis_belu)
    with pytest.raises(Denied, match="ikut menulis"):
        move_proposal(row, "send", by=cast.kadis_belu)


def test_who_submits_becomes_an_author(cast: Cast, complete: Any) -> None:
    row = complete()
    factories.make_position(cast.kadis_belu, "operator_kab", factories.lead_agency("53.04"))
    row = move_proposal(row, "submit", by=cast.kadis_belu)
    with pytest.raises(Denied, match="ikut menulis"):
        move_proposal(row, "send", by=cast.kadis_belu)


def test_a_reason_where_one_is_needed(cast: Cast, complete: Any) -> None:
    for move in ("decline", "withdraw", "return", "reopen", "unready"):
        row = complete(sorted(PATHS[move])[0])
        with pytest.raises(Blocked, match="Alasan"):
            move_proposal(row, move, by=cast[sorted(MOVERS[move])[0]], note="  ")


@pytest.mark.parametrize("move", ["submit", "send"])
def test_blockers_hold_it(cast: Cast, move: str) -> None:
    make_round()
    row = make_proposal(status="konsep" if move == "submit" else "menunggu_kadis", title="")
    with pytest.raises(Blocked, match="Judul"):
        move_proposal(row, move, by=cast.operator_belu if move == "submit" else cast.kadis_belu)
    row.refresh_from_db()
    assert row.sent_at is None
    assert not row.submissions.exists()


def test_no_round_no_sending(cast: Cast) -> None:
    row = make_attachments(make_proposal(status="menunggu_kadis"))
    with pytest.raises(Denied, match="belum dibuka"):
        move_proposal(row, "send", by=cast.kadis_belu)


def test_before_the_opening(cast: Cast, complete: Any) -> None:
    make_round(opens_at=timezone.now() + dt.timedelta(days=1))
    with pytest.raises(Denied, match="baru dibuka"):
        move_proposal(complete("menunggu_kadis"), "send", by=cast.kadis_belu)


def test_after_the_deadline_only_with_more_time(cast: Cast, complete: Any) -> None:
    row, closed = complete("menunggu_kadis"), make_round(open=False)
    with pytest.raises(Denied, match="sudah lewat"):
        move_proposal(row, "send", by=cast.kadis_belu)
    soon = timezone.now() + dt.timedelta(days=2)
    extend(closed, factories.regency("53.08"), until=soon, reason="Ende", by=cast.panitia)
    with pytest.raises(Denied, match="sudah lewat"):
        move_proposal(row, "send", by=cast.kadis_belu)
    extend(closed, row.regency, until=soon, reason="Listrik padam", by=cast.panitia)
    assert move_proposal(row, "send", by=cast.kadis_belu).status == "diajukan"


def test_a_returned_one_after_the_deadline_until_the_desk_is_prepared(cast: Cast, complete: Any) -> None:
    make_round(open=False)
    first, second = complete("dikembalikan"), complete("dikembalikan")
    sent = move_proposal(move_proposal(first, "submit", by=cast.operator_belu), "send", by=cast.kadis_belu)
    assert sent.status == "diajukan"
    complete("siap_desk")
    waiting = move_proposal(second, "submit", by=cast.operator_belu)
    with pytest.raises(Denied, match="sudah disiapkan"):
        move_proposal(waiting, "send", by=cast.kadis_belu)


def test_unscored_does_not_pass_and_judged_stays_ready(cast: Cast, complete: Any) -> None:
    with pytest.raises(Blocked, match="Belum semua indikator"):
        move_proposal(complete("diajukan"), "pass", by=cast.verifikator)
    ready = complete("siap_desk")
    Verdict.objects.create(proposal=ready, decision="disepakati", by=cast.verifikator)
    with pytest.raises(Blocked, match="Putusan desk"):
        move_proposal(ready, "unready", by=cast.panitia, note="Keliru.")


def test_thrown_away_ones_do_not_move(cast: Cast, complete: Any) -> None:
    row = complete(rank=None, deleted_at=timezone.now())
    with pytest.raises(Blocked, match="dibuang"):
        move_proposal(row, "submit", by=cast.operator_belu)


def test_send_all_sends_what_can_be_sent(cast: Cast, complete: Any) -> None:
    good, drafts = [complete("menunggu_kadis") for _ in range(3)], complete()
    bad = complete("menunggu_kadis", title="")
    own = complete("menunggu_kadis")
    own.authors.add(cast.kadis_belu)
    outcome = send_all(factories.regency(), 2020, by=cast.kadis_belu)
    assert [row.pk for row in outcome.moved] == [row.pk for row in good]
    assert [row.pk for row, _why in outcome.held] == [bad.pk, own.pk]
    drafts.refresh_from_db()
    assert drafts.status == "konsep"
    with pytest.raises(Denied):
        send_all(factories.regency(), 2020, by=cast.kadis_ende)


def test_ready_all(cast: Cast, complete: Any) -> None:
    belu, ende = complete("lolos"), complete("lolos", regency="53.08")
    complete("diajukan")
    assert [row.pk for row in ready_all(2020, by=cast.panitia, regency=belu.regency).moved] == [belu.pk]
    assert [row.pk for row in ready_all(2020, by=cast.panitia).moved] == [ende.pk]
    with pytest.raises(Denied):
        ready_all(2020, by=cast.operator_belu)


def test_the_province_reads_what_was_sent(cast: Cast, complete: Any) -> None:
    row = complete("dikembalikan")
    row.title = "Rahasia"
    row.save()
    assert shown_content(row, cast.operator_belu)["fields"]["title"] == "Rahasia"
    for name in ("verifikator", "observer", "kabid"):
        assert "Rahasia" not in str(shown_content(row, cast[name]))
    gone = move_proposal(row, "withdraw", by=cast.kadis_belu, note="Batal.")
    assert "Rahasia" not in str(shown_content(gone, cast.verifikator))
    live = complete("lolos", title="Yang dikerjakan")
    assert shown_content(live, cast.verifikator)["fields"]["title"] == "Yang dikerjakan"


def test_the_content_is_whole(cast: Cast, complete: Any) -> None:
    row = complete("diajukan", latitude="-9.10000")
    found = content_of(row)
    assert found["fields"]["sub_activity"]["code"] == "3.31.02.2.01.0005"
    assert found["fields"]["latitude"] == "-9.10000"
    assert [line["amount_rupiah"] for line in found["lines"]] == [10_000_000] * 3
    assert found["shares"] == [
        {"source": "APBD_II", "source_name": "APBD Kabupaten/Kota", "in_budget": True, "share_rupiah": 30_000_000}
    ]
    assert {file["item"] for file in found["attachments"]} == {"kak", "rab"}
    assert all(len(file["sha256"]) == 64 for file in found["attachments"])
    assert [row["kind"] for row in found["indicators"]] == ["keluaran", "hasil"]
