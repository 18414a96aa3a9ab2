"""Closing a desk: what it costs however many proposals there are, and that each of them keeps its own history."""

from __future__ import annotations

from typing import Any

import pytest

from portal.journal.models import Entry
from programs.models import Funding, Proposal
from rakor.actions.desks import close_desk, confirm_desk, decide, open_desk
from rakor.models import Desk
from tests.factories import make_meeting
from tests.factories_programs import make_desk, make_proposal, source

pytestmark = pytest.mark.django_db
MILLION = 1_000_000
ANSWERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("disepakati", {}),
    ("perbaikan", {"reason": "Harga satuan turun."}),
    ("ditunda", {"reason": "Lahan belum siap."}),
    ("tidak_disepakati", {"reason": "Sudah dibiayai."}),
    ("dialihkan", {"reason": "Lebih tepat APBN.", "redirect_to": "APBN"}),
)


def confirmed(cast: Any, count: int) -> Desk:
    """Belu's desk with so many proposals, all five answers in turn, and the regency's yes."""
    desk = open_desk(make_desk(make_meeting(status="berlangsung")), by=cast.verifikator)
    for number in range(count):
        proposal = make_proposal(status="siap_desk")
        decision, more = ANSWERS[number % len(ANSWERS)]
        if decision == "perbaikan":
            line = {"decision": "perbaikan", "agreed_rupiah": 6 * MILLION, "reason": "Harga satuan turun."}
            more = {**more, "lines": {proposal.lines.first().pk: line}}
        decide(desk, proposal, decision, by=cast.verifikator, base_version=0, **more)
    desk.refresh_from_db()
    return confirm_desk(desk, by=cast.kadis_belu, change=desk.change)


@pytest.mark.parametrize("count", [6, 60])
def test_closing_costs_the_same_for_few_and_many(cast: Any, assert_queries: Any, count: int) -> None:
    desk = confirmed(cast, count)
    with assert_queries(29):
        close_desk(desk, by=cast.verifikator)
    assert not Proposal.objects.filter(status="siap_desk").exists()


def test_every_proposal_has_its_own_entry_with_its_reason(cast: Any) -> None:
    desk = confirmed(cast, 5)
    proposals = list(Proposal.objects.order_by("rank"))
    close_desk(desk, by=cast.verifikator)
    told = {proposal.pk: Entry.objects.about(proposal).first() for proposal in proposals}
    entries = [told[proposal.pk] for proposal in proposals]
    assert [entry.changes for entry in entries] == [
        {"Status": ["Siap desk", label]}
        for label in ("Disepakati", "Disepakati dengan perbaikan", "Ditunda", "Tidak disepakati", "Dialihkan")
    ]
    assert [entry.note for entry in entries] == [more.get("reason", "") for _decision, more in ANSWERS]
    assert {entry.actor for entry in entries} == {cast.verifikator}
    assert [entry.object_label for entry in entries] == [proposal.title for proposal in proposals]


def test_money_is_written_per_source_and_the_version_rises(cast: Any) -> None:
    desk = confirmed(cast, 5)
    before = dict(Proposal.objects.values_list("rank", "change"))
    lost = Funding.objects.create(
        proposal=Proposal.objects.get(rank=1), source=source("APBN"), share_rupiah=7 * MILLION
    )  # fmt: skip
    close_desk(desk, by=cast.verifikator)
    found = {row.rank: row for row in Proposal.objects.all()}
    assert [found[rank].agreed_rupiah for rank in range(1, 6)] == [30 * MILLION, 26 * MILLION, 0, 0, 0]
    given = Funding.objects.filter(source=source("APBD_II")).order_by("proposal__rank")
    assert list(given.values_list("agreed_rupiah", flat=True)) == [30 * MILLION, 26 * MILLION, 0, 0, 0]
    assert set(given.values_list("share_rupiah", flat=True)) == {30 * MILLION}
    lost.refresh_from_db()
    assert (lost.share_rupiah, lost.agreed_rupiah) == (7 * MILLION, 0)
    assert all(row.change == before[rank] + 1 for rank, row in found.items())
