"""Closing a desk: what it costs however many proposals there are, and that each of them keeps its own history."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from portal.journal.models import Entry
from portal.kernel.errors import Blocked
from programs.models import Funding, Proposal
from rakor.actions.closing import close_confirmed, close_desk
from rakor.actions.desks import Delegate, confirm_desk, decide, open_desk
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


def confirmed(cast: Any, count: int, *, code: str = "53.04", meeting: Any = None) -> Desk:
    """A regency's desk with so many proposals, all five answers in turn, and the regency's yes."""
    desk = open_desk(make_desk(meeting or make_meeting(status="berlangsung"), code), by=cast.verifikator)
    for number in range(count):
        proposal = make_proposal(code, status="siap_desk")
        decision, more = ANSWERS[number % len(ANSWERS)]
        if decision == "perbaikan":
            line = {"decision": "perbaikan", "agreed_rupiah": 6 * MILLION, "reason": "Harga satuan turun."}
            more = {**more, "lines": {proposal.lines.first().pk: line}}
        decide(desk, proposal, decision, by=cast.verifikator, base_version=0, **more)
    desk.refresh_from_db()
    return confirm_desk(desk, by=cast.verifikator, change=desk.change, delegate=Delegate("Utusan", "Sekretaris Dinas"))


def many(cast: Any, codes: tuple[str, ...]) -> tuple[Any, dict[int, int]]:
    """An edition with a confirmed desk for each of these regencies, and the desks as somebody read them."""
    meeting = make_meeting(status="berlangsung")
    desks = [confirmed(cast, 5, code=code, meeting=meeting) for code in codes]
    return meeting, {desk.pk: Desk.objects.get(pk=desk.pk).change for desk in desks}


@pytest.mark.parametrize("codes", [("53.04",), ("53.04", "53.08", "53.01", "53.71")])
def test_closing_all_that_are_confirmed_costs_the_same_for_one_and_many(
    cast: Any, assert_queries: Any, codes: tuple[str, ...]
) -> None:  # fmt: skip
    meeting, seen = many(cast, codes)
    with assert_queries(30):
        closed = close_confirmed(meeting, seen, by=cast.kabid)
    assert {desk.status for desk in Desk.objects.all()} == {"ditutup"}
    papers = [desk.document for desk in Desk.objects.order_by("pk")]
    assert len({paper.pk for paper in papers}) == len(closed) == len(codes)
    assert [paper.subject_id for paper in papers] == [str(desk.pk) for desk in Desk.objects.order_by("pk")]
    for desk in closed:
        told = Entry.objects.about(desk).first()
        assert (told.verb, told.actor) == ("Tutup desk", cast.kabid)
        assert desk.document.facts["heading"][1] == desk.session.regency.name
        assert len(desk.document.facts["rows"]) == 5


def test_only_desks_as_they_were_read_are_closed_together(cast: Any) -> None:
    meeting, seen = many(cast, ("53.04", "53.08", "53.01"))
    first, second, third = sorted(seen)
    desk = Desk.objects.get(pk=first)
    again = Proposal.objects.filter(regency=desk.session.regency).order_by("rank").first()
    decide(desk, again, "ditunda", by=cast.verifikator, reason="Menunggu lahan.", base_version=1)
    assert [row.pk for row in close_confirmed(meeting, {**seen, third: seen[third] - 1}, by=cast.kabid)] == [second]
    assert Desk.objects.get(pk=first).status == Desk.objects.get(pk=third).status == "berlangsung"
    with pytest.raises(Blocked, match="Tidak ada desk"):
        close_confirmed(meeting, {second: seen[second]}, by=cast.kabid)


def test_a_leader_closes_his_own_desks_only_and_the_page_says_why(cast: Any, client_of: Any) -> None:
    meeting, seen = many(cast, ("53.04", "53.08"))
    theirs, own = sorted(seen)
    Desk.objects.filter(pk=theirs).update(leader=cast.kabid)
    page = client_of(cast.verifikator)
    url = reverse("desk_close_all", args=[meeting.slug])
    text = page.get(url).content.decode()
    assert f'value="{own}-{seen[own]}"' in text and f'value="{theirs}-' not in text
    assert "Desk ini dipimpin oleh orang lain" in text
    assert page.post(url, {"desk": "1-x"}).status_code == page.post(url).status_code == 422
    assert page.post(url, {"desk": f"{theirs}-{seen[theirs]}"}).status_code == 422
    both = [f"{pk}-{change}" for pk, change in seen.items()]
    assert "1 desk ditutup" in page.post(url, {"desk": both}, follow=True).content.decode()
    assert Desk.objects.get(pk=theirs).status == "berlangsung"
    assert "Tutup bersama" in client_of(cast.kabid).get(reverse("desks", args=[meeting.slug])).content.decode()


@pytest.mark.parametrize("count", [6, 60])
def test_closing_costs_the_same_for_few_and_many(cast: Any, assert_queries: Any, count: int) -> None:
    desk = confirmed(cast, count)
    with assert_queries(28):
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
