"""What the province reads of a proposal that lies with its regency again: the version last sent, nothing newer."""

from __future__ import annotations

import pytest

from programs.models import Proposal
from programs.queries.verification import choices_of
from tests.factories_programs import make_line, make_proposal, sector, source, sub_activity

OTHER_CODE = "3.31.02.2.01.0006"


@pytest.fixture
def rewritten(cast):
    """A returned proposal whose regency has meanwhile changed sector, code and source of funds."""
    row = make_proposal(status="dikembalikan", title="Seperti dikirim")
    make_line(row, source="DAK_FISIK")
    Proposal.objects.filter(pk=row.pk).update(sector=sector("garam"), sub_activity=sub_activity(OTHER_CODE), rank=9)
    row.refresh_from_db()
    return row


class TestTheQueue:
    def test_offers_only_what_was_sent(self, rewritten):
        choices = choices_of(2020)
        assert [key for key, _name in choices["sector"]] == ["tenun_ikat"]
        assert [key for key, _name in choices["source"]] == ["APBD_II"]
        assert [code for code, _name in choices["sub_activity"]] == ["3.31.02.2.01.0005"]

    def test_offers_what_lies_with_the_province(self, cast):
        row = make_proposal(status="diajukan")
        make_line(row, source="APBN")
        Proposal.objects.filter(pk=row.pk).update(sector=sector("garam"))
        choices = choices_of(2020)
        assert [key for key, _name in choices["sector"]] == ["garam"]
        assert {key for key, _name in choices["source"]} == {"APBD_II", "APBN"}
