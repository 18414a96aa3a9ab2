"""The committee's seats: added, ordered, filled from positions, locked with the decree."""

from __future__ import annotations

from typing import Any

import pytest

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from rakor.actions import committee as actions
from rakor.models import CommitteeMember, Letter
from rakor.queries.committee import FIELDS, found_members, members_of
from rakor.workflow import LETTER
from regencies.queries import register_for
from tests import factories

pytestmark = pytest.mark.django_db


def values(seat: str = "ketua", name: str = "Maria Contoh", title: str = "Kepala Bidang", number: str = "") -> Any:
    return {"seat": seat, "name": name, "title": title, "employee_number": number}


def named(meeting: Any) -> list[tuple[str, str]]:
    return [(row.seat, row.name) for row in members_of(meeting)]


def make_decree(meeting: Any, cast: Any, **changes: Any) -> Letter:
    defaults = {"kind": "sk_panitia", "subject": "Pembentukan Panitia", "author": cast.panitia}
    defaults |= {"signer": cast.kadis_prov.positions.get(), "register": register_for("sk")}
    return Letter.objects.create(meeting=meeting, **defaults | changes)


def test_members_stand_by_seat_whatever_the_order_they_came_in(cast: Any, draft_meeting: Any) -> None:
    actions.add_member(draft_meeting, values("perumus", "A"), by=cast.panitia)
    actions.add_member(draft_meeting, values("ketua", "B"), by=cast.panitia)
    actions.add_member(draft_meeting, values("perumus", "C"), by=cast.kabid)
    actions.add_member(draft_meeting, values("pengarah", "D"), by=cast.panitia)
    assert named(draft_meeting) == [("pengarah", "D"), ("ketua", "B"), ("perumus", "A"), ("perumus", "C")]
    assert list(members_of(draft_meeting).values_list("order", flat=True)) == [1, 2, 3, 4]
    assert Entry.objects.filter(verb="Menambah anggota panitia").count() == 4


def test_a_double_click_adds_one_and_another_title_is_refused(cast: Any, draft_meeting: Any) -> None:
    one = actions.add_member(draft_meeting, values(), by=cast.panitia)
    assert actions.add_member(draft_meeting, values(), by=cast.panitia) == one
    with pytest.raises(Blocked, match="sudah tercatat sebagai Ketua"):
        actions.add_member(draft_meeting, values(name="MARIA CONTOH", title="Lain"), by=cast.panitia)
    assert CommitteeMember.objects.count() == 1


def test_moves_stay_within_the_seat(cast: Any, draft_meeting: Any) -> None:
    rows = [actions.add_member(draft_meeting, values("acara", name), by=cast.panitia) for name in "ABC"]
    actions.add_member(draft_meeting, values("ketua", "K"), by=cast.panitia)
    actions.move_member(rows[2], up=True, by=cast.panitia)
    assert [name for _seat, name in named(draft_meeting)] == ["K", "A", "C", "B"]
    actions.move_member(rows[0], up=True, by=cast.panitia)
    actions.move_member(rows[1], up=False, by=cast.panitia)
    assert [name for _seat, name in named(draft_meeting)] == ["K", "A", "C", "B"]


def test_another_seat_puts_a_member_behind_its_others(cast: Any, draft_meeting: Any) -> None:
    actions.add_member(draft_meeting, values("acara", "A"), by=cast.panitia)
    member = actions.add_member(draft_meeting, values("ketua", "B"), by=cast.panitia)
    actions.change_member(member, values("acara", "B"), base=values("ketua", "B"), by=cast.panitia)
    assert named(draft_meeting) == [("acara", "A"), ("acara", "B")]


def test_who_is_late_overwrites_nobody(cast: Any, draft_meeting: Any) -> None:
    member = actions.add_member(draft_meeting, values(), by=cast.panitia)
    actions.change_member(member, values(title="Kabid IKM"), base=values(), by=cast.kabid)
    with pytest.raises(StaleVersion) as stale:
        actions.change_member(member, values(title="Lain"), base=values(), by=cast.panitia)
    assert stale.value.current.title == "Kabid IKM"
    actions.change_member(member, values(title="Kabid IKM"), base=values(), by=cast.panitia)  # the same: harmless
    actions.remove_member(member, by=cast.panitia)
    actions.remove_member(member, by=cast.panitia)
    with pytest.raises(StaleVersion):
        actions.change_member(member, values(title="Lain"), base=values(title="Kabid IKM"), by=cast.panitia)


def test_positions_fill_the_seats_once(cast: Any, draft_meeting: Any) -> None:
    assert actions.fill_from_positions(draft_meeting, by=cast.panitia) == 5
    assert [seat for seat, _name in named(draft_meeting)] == [
        "penanggung_jawab", "ketua", "wakil_ketua", "sekretaris", "perumus",
    ]  # fmt: skip
    assert ("wakil_ketua", cast.kadis_belu.display_name) in named(draft_meeting)
    assert actions.fill_from_positions(draft_meeting, by=cast.panitia) == 0


def test_the_committee_of_the_edition_before_is_copied(cast: Any, draft_meeting: Any) -> None:
    before = factories.make_meeting(slug="rakor-waikabubak", execution_year=2018, planning_year=2019)
    actions.add_member(before, values(number="198001012005032001"), by=cast.panitia)
    draft_meeting.previous = before
    draft_meeting.save()
    assert actions.copy_from_previous(draft_meeting, by=cast.panitia) == 1
    assert CommitteeMember.objects.get(meeting=draft_meeting).employee_number == "198001012005032001"


@pytest.mark.parametrize("status", ["diparaf", "disetujui"])
def test_the_lampiran_does_not_change_under_an_initialled_decree(cast: Any, draft_meeting: Any, status: str) -> None:
    import datetime as dt

    from django.utils import timezone

    now = timezone.now()
    member = actions.add_member(draft_meeting, values(), by=cast.panitia)
    make_decree(
        draft_meeting, cast, status=status, initialled_at=now, initialled_by=cast.kabid, approved_at=now,
        approved_by=cast.kadis_prov, dated_on=dt.date(2019, 3, 12),
    )  # fmt: skip
    assert LETTER.status(status)
    for act in (
        lambda: actions.add_member(draft_meeting, values(name="Lain"), by=cast.panitia),
        lambda: actions.change_member(member, values(title="X"), base=values(), by=cast.panitia),
        lambda: actions.move_member(member, up=True, by=cast.panitia),
        lambda: actions.remove_member(member, by=cast.panitia),
        lambda: actions.fill_from_positions(draft_meeting, by=cast.panitia),
    ):
        with pytest.raises(Denied, match="sudah diparaf"):
            act()


@pytest.mark.parametrize("who", ["kadis_prov", "notulis", "operator_belu", "observer"])
def test_only_the_committee_writes_the_committee(cast: Any, draft_meeting: Any, who: str) -> None:
    with pytest.raises(Denied):
        actions.add_member(draft_meeting, values(), by=cast[who])
    with pytest.raises(Denied):
        actions.start_text(draft_meeting, "sk_panitia", by=cast[who])


def test_search_finds_name_and_title(cast: Any, draft_meeting: Any) -> None:
    actions.add_member(draft_meeting, values(), by=cast.panitia)
    actions.add_member(draft_meeting, values("acara", "Yosef", "Staf"), by=cast.panitia)
    assert [row.name for row in found_members(draft_meeting, q="bidang maria")] == ["Maria Contoh"]
    assert [row.name for row in found_members(draft_meeting, seat="acara")] == ["Yosef"]
    assert len(found_members(draft_meeting, seat="tidak-ada")) == 2
    assert set(FIELDS) == {"seat", "name", "title", "employee_number"}
