"""Who sees which proposal: its regency always, the province once it was sent, but never its live drafts."""

from __future__ import annotations

import pytest

from portal.kernel.errors import Denied
from programs.actions.moves import move_proposal
from programs.models import Proposal
from programs.workflow import PROPOSAL
from tests.factories_programs import make_proposal

NEVER_SENT = ("konsep", "menunggu_kadis")


@pytest.mark.parametrize("status", [status.key for status in PROPOSAL.statuses])
def test_the_province_sees_what_was_sent(cast, status):
    proposal = make_proposal("53.04", status=status)
    for name in ("panitia", "verifikator", "kabid", "observer"):
        assert Proposal.objects.visible_to(cast[name]).filter(pk=proposal.pk).exists() == (status not in NEVER_SENT)
    assert Proposal.objects.visible_to(cast.kadis_belu).filter(pk=proposal.pk).exists()
    for name in ("operator_ende", "kadis_ende", "stranger"):
        assert not Proposal.objects.visible_to(cast[name]).filter(pk=proposal.pk).exists()


@pytest.mark.parametrize("status", NEVER_SENT)
def test_a_returned_one_on_its_way_back_stays_as_it_was_sent(cast, client_of, status):
    """Submitted to the head again, or recalled once more: the province keeps reading the version it got."""
    proposal = make_proposal("53.04", status="dikembalikan", title="Seperti dikirim")
    Proposal.objects.filter(pk=proposal.pk).update(**{"status": status, "title": "Sedang diubah"})
    page = client_of(cast.verifikator).get(f"/usulan/{proposal.pk}/")
    text = page.content.decode()
    assert page.status_code == 200 and "Seperti dikirim" in text and "Sedang diubah" not in text
    answer = client_of(cast.verifikator).get(f"/usulan/{proposal.pk}/langkah/return/")
    assert "Sedang diubah" not in answer.content.decode()


@pytest.mark.parametrize("status", NEVER_SENT)
def test_what_was_sent_can_be_withdrawn_on_its_way_back(cast, status):
    proposal = make_proposal("53.04", status="dikembalikan")
    Proposal.objects.filter(pk=proposal.pk).update(**{"status": status})
    proposal.refresh_from_db()
    assert move_proposal(proposal, "withdraw", by=cast.kadis_belu, note="Tidak jadi.").status == "ditarik"


@pytest.mark.parametrize("status", NEVER_SENT)
def test_what_was_never_sent_is_not_withdrawn(cast, status):
    with pytest.raises(Denied):
        move_proposal(make_proposal("53.04", status=status), "withdraw", by=cast.kadis_belu, note="Tidak jadi.")
