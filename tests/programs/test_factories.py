"""The factories make what the database allows, in every status."""

from __future__ import annotations

import pytest

from programs.workflow import PROPOSAL
from tests.cast import Cast
from tests.factories_programs import make_desk, make_line, make_proposal, make_round


@pytest.mark.parametrize("status", [status.key for status in PROPOSAL.statuses])
def test_a_proposal_of_every_status(cast: Cast, status: str) -> None:
    """Sums, shares and ranks fit; a sent one has its version."""
    first, second = make_proposal(status=status), make_proposal(status=status, lines=1)
    assert (first.rank, second.rank) == (1, 2)
    assert first.budget_rupiah == 30_000_000
    assert first.shares.get().share_rupiah == 30_000_000
    assert first.submissions.count() == (status not in ("konsep", "menunggu_kadis"))
    make_line(first, source="KUR")
    assert (first.budget_rupiah, first.other_rupiah) == (30_000_000, 10_000_000)


def test_a_round_and_a_desk(published_meeting: object) -> None:
    """They exist."""
    assert make_round().closes_at > make_round(2021, open=False).closes_at
    assert make_desk(published_meeting).session.regency.code == "53.04"
