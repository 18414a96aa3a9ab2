"""Moves: one by one or several at once, each checked against the table and each with its entry."""

from __future__ import annotations

from typing import Any

import pytest

from portal.journal.actions import Step, make_moves
from portal.journal.models import Entry
from portal.kernel.errors import Blocked
from programs.models import Proposal
from programs.workflow import PROPOSAL
from tests.factories_programs import make_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposals(cast: Any) -> list[Proposal]:
    return [make_proposal(status="siap_desk") for _number in range(3)]


def steps(proposals: list[Proposal], **values: Any) -> list[Step]:
    """Agree to the first, refuse the second, postpone the third."""
    return [
        Step(proposals[0], "agree", evidence={"agreed_rupiah": 5}),
        Step(proposals[1], "refuse", "Sudah dibiayai.", {"agreed_rupiah": 0}),
        Step(proposals[2], **{"move_key": "postpone", "note": "Nanti.", "evidence": {"agreed_rupiah": 0}, **values}),
    ]


def nothing_moved(proposals: list[Proposal], entries: int) -> bool:
    in_memory = {proposal.status for proposal in proposals} | {proposal.agreed_rupiah for proposal in proposals}
    stored = set(Proposal.objects.values_list("status", flat=True))
    return in_memory == {"siap_desk", None} and "disepakati" not in stored and Entry.objects.count() == entries


def test_all_move_and_each_has_its_entry(cast, proposals):
    before = Entry.objects.count()
    make_moves(PROPOSAL, steps(proposals), by=cast.verifikator)
    moved = [("disepakati", 5), ("tidak_disepakati", 0), ("ditunda", 0)]
    assert [(proposal.status, proposal.agreed_rupiah) for proposal in proposals] == moved
    assert list(Proposal.objects.order_by("pk").values_list("status", "agreed_rupiah")) == moved
    entries = Entry.objects.order_by("pk")[before:]
    assert [(entry.verb, entry.note, entry.object_id) for entry in entries] == [
        ("Disepakati", "", str(proposals[0].pk)),
        ("Tidak disepakati", "Sudah dibiayai.", str(proposals[1].pk)),
        ("Ditunda", "Nanti.", str(proposals[2].pk)),
    ]
    assert entries[1].changes == {"Status": ["Siap desk", "Tidak disepakati"]}
    assert {entry.actor for entry in entries} == {cast.verifikator}


def test_one_that_cannot_move_keeps_all_where_they_are(cast, proposals):
    before = Entry.objects.count()
    Proposal.objects.filter(pk=proposals[2].pk).update(status="lolos")
    with pytest.raises(Blocked, match="sudah berstatus “Lolos verifikasi”"):
        make_moves(PROPOSAL, steps(proposals), by=cast.verifikator)
    assert nothing_moved(proposals, before)


def test_a_missing_reason_or_evidence_stops_all(cast, proposals):
    before = Entry.objects.count()
    with pytest.raises(Blocked, match="Alasan wajib diisi untuk “Ditunda”"):
        make_moves(PROPOSAL, steps(proposals, note=" "), by=cast.verifikator)
    with pytest.raises(TypeError, match="agreed_rupiah"):
        make_moves(PROPOSAL, steps(proposals, evidence={}), by=cast.verifikator)
    assert nothing_moved(proposals, before)


def test_as_many_statements_for_few_and_many(cast, proposals, assert_queries):
    with assert_queries(3):
        make_moves(PROPOSAL, steps(proposals)[:1], by=cast.verifikator)
    more = [make_proposal(status="siap_desk") for _number in range(20)]
    with assert_queries(3):
        make_moves(PROPOSAL, [Step(each, "agree", evidence={"agreed_rupiah": 1}) for each in more], by=cast.verifikator)
    make_moves(PROPOSAL, [], by=cast.verifikator)
