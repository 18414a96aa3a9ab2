"""What the province reads of a proposal that lies with its regency again: the version last sent, nothing newer."""

from __future__ import annotations

import pytest

from programs.models import Attachment, Proposal, ReadinessItem
from programs.queries.attachments import attachments_context, seen_attachments
from programs.queries.verification import choices_of
from tests.factories_programs import make_attachments, make_line, make_proposal, sector, sub_activity

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


class TestTheFiles:
    def test_keep_the_words_they_were_sent_with(self, cast, client_of):
        row = make_attachments(make_proposal(status="dikembalikan"))
        file = row.attachments.get(item__key="kak")
        Attachment.objects.filter(pk=file.pk).update(
            caption="Ditulis kemudian", item=ReadinessItem.objects.get(key="foto")
        )
        page = f"/usulan/{row.pk}/lampiran/"
        assert "Ditulis kemudian" in client_of(cast.operator_belu).get(page).content.decode()
        assert "Ditulis kemudian" not in client_of(cast.verifikator).get(page).content.decode()
        (seen,) = [each for each in seen_attachments(row, cast.verifikator) if each.pk == file.pk]
        assert (seen.item.key, seen.caption) == ("kak", "")
        ready = attachments_context(row, cast.verifikator)["attachments"]["readiness"]
        assert (ready.have, ready.needed) == (2, 2)

    def test_do_not_tell_of_a_source_added_since(self, cast, rewritten):
        shown = {
            who: attachments_context(rewritten, cast[who])["attachments"]["readiness"].special
            for who in ("verifikator", "observer", "operator_belu")
        }
        assert shown == {"verifikator": "", "observer": "", "operator_belu": "DAK Fisik bidang industri"}

    def test_tell_of_a_source_that_was_sent(self, cast):
        row = make_proposal(status="dikembalikan", source="DAK_FISIK")
        row.lines.all().delete()
        row.shares.all().delete()
        assert attachments_context(row, cast.verifikator)["attachments"]["readiness"].special
        assert not attachments_context(row, cast.operator_belu)["attachments"]["readiness"].special
