"""Verbs on proposals: nothing lost, nothing doubled, nobody else's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied
from programs.actions.proposals import (
    bring_back,
    copy_proposal,
    reorder,
    save_fields,
    set_tags,
    start_proposal,
    throw_away,
)
from programs.models import HelpKind, Proposal, Tag
from tests import factories
from tests.cast import Cast
from tests.factories_programs import make_line, make_proposal, sector


def ranks(regency: Any, year: int = 2020) -> list[tuple[int, int | None]]:
    """(number, rank) of the kept proposals, first priority first."""
    rows = Proposal.objects.kept().filter(regency=regency, year=year).order_by("rank")
    return list(rows.values_list("number", "rank"))


# -- beginning --------------------------------------------------------------------------------------------------------


def test_a_new_proposal_is_last_and_has_an_author(cast: Cast) -> None:
    belu = factories.regency()
    first = start_proposal(belu, 2020, title="  Sentra   tenun ", by=cast.operator_belu)
    second = start_proposal(belu, 2020, by=cast.operator_belu)
    assert (first.title, first.number, first.rank, second.number, second.rank) == ("Sentra tenun", 1, 1, 2, 2)
    assert first.author_ids == {cast.operator_belu.pk}
    assert Entry.objects.about(first).get().verb == "Membuat usulan"


def test_a_double_click_makes_one_proposal(cast: Cast) -> None:
    key = uuid4()
    made = [start_proposal(factories.regency(), 2020, by=cast.operator_belu, client_key=key) for _click in range(2)]
    assert made[0] == made[1]
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize("name", ["operator_ende", "kadis_belu", "verifikator", "admin", "stranger"])
def test_nobody_else_begins_one(cast: Cast, name: str) -> None:
    with pytest.raises(Denied):
        start_proposal(factories.regency("53.04"), 2020, by=cast[name])


# -- fields -----------------------------------------------------------------------------------------------------------


def test_fields_that_two_people_fill_in_are_merged(cast: Cast) -> None:
    """Both opened the same page; each sends only what he changed."""
    proposal = make_proposal(title="Lama", problem="Lama")
    one = save_fields(proposal, {"title": "Baru"}, base={"title": "Lama"}, by=cast.operator_belu)
    two = save_fields(proposal, {"problem": "Baru juga"}, base={"problem": "Lama"}, by=cast.operator_belu)
    stored = Proposal.objects.get()
    assert (stored.title, stored.problem, stored.change) == ("Baru", "Baru juga", 2)
    assert (one.saved, two.saved, one.conflicts, two.conflicts) == (["title"], ["problem"], {}, {})


def test_the_same_field_changed_by_two_is_a_conflict_and_nothing_is_overwritten(cast: Cast) -> None:
    proposal = make_proposal(title="Lama", product="Lama")
    save_fields(proposal, {"title": "Dari Ani"}, base={"title": "Lama"}, by=cast.operator_belu)
    result = save_fields(
        proposal, {"title": "Dari Budi", "product": "Kain"}, base={"title": "Lama", "product": "Lama"},
        by=cast.operator_belu,
    )  # fmt: skip
    assert result.conflicts == {"title": "Dari Ani"}
    assert result.saved == ["product"]
    assert Proposal.objects.values_list("title", "product").get() == ("Dari Ani", "Kain")


def test_a_repeated_save_after_a_lost_answer_is_no_conflict(cast: Cast) -> None:
    """The server stored "satu", the answer was lost, the user typed on."""
    proposal = make_proposal(title="")
    save_fields(proposal, {"title": "satu"}, base={"title": ""}, by=cast.operator_belu)
    result = save_fields(proposal, {"title": "satu dua"}, base={"title": ["", "satu "]}, by=cast.operator_belu)
    assert (result.saved, Proposal.objects.get().title) == (["title"], "satu dua")
    before = Entry.objects.count()
    again = save_fields(proposal, {"title": "satu dua"}, base={"title": ""}, by=cast.operator_belu)
    assert (again.saved, again.conflicts, Entry.objects.count()) == (["title"], {}, before)


def test_choices_and_numbers_are_compared_by_what_they_are(cast: Cast) -> None:
    proposal = make_proposal(ikm_count=1250, latitude="-9.10000")
    weaving, salt = proposal.sector, sector("garam")
    result = save_fields(
        proposal, {"sector": salt, "ikm_count": 10, "latitude": None, "kbli": None},
        base={"sector": weaving.pk, "ikm_count": "1250", "latitude": "-9.1", "kbli": proposal.kbli_id},
        by=cast.operator_belu,
    )  # fmt: skip
    stored = Proposal.objects.get()
    assert result.conflicts == {}
    assert (stored.sector, stored.ikm_count, stored.latitude, stored.kbli) == (salt, 10, None, None)
    assert save_fields(proposal, {"sector": weaving}, base={"sector": ""}, by=cast.operator_belu).conflicts == {
        "sector": salt
    }


def test_without_a_base_the_values_stand(cast: Cast) -> None:
    proposal = make_proposal(title="Lama")
    save_fields(proposal, {"title": "Dari Excel"}, base=None, by=cast.operator_belu)
    assert Proposal.objects.get().title == "Dari Excel"


@pytest.mark.parametrize("values", [{"starts_month": 13}, {"ikm_count": -1}, {"title": "x" * 251}, {"sector": 999_999}])
def test_impossible_values_are_refused_with_a_sentence(cast: Cast, values: dict) -> None:
    proposal = make_proposal()
    with pytest.raises(Blocked, match=":"):
        save_fields(proposal, values, base=None, by=cast.operator_belu)


@pytest.mark.parametrize("status", ["menunggu_kadis", "diajukan", "lolos", "siap_desk", "disepakati", "ditarik"])
def test_a_late_save_after_sending_is_refused_and_says_the_text_is_not_lost(cast: Cast, status: str) -> None:
    proposal = make_proposal(status=status)
    with pytest.raises(Denied, match="tidak hilang"):
        save_fields(proposal, {"title": "Terlambat"}, base={"title": proposal.title}, by=cast.operator_belu)
    assert Proposal.objects.get().title != "Terlambat"


@pytest.mark.parametrize("name", ["operator_ende", "kadis_belu", "kabid", "observer"])
def test_only_its_own_operators_write(cast: Cast, name: str) -> None:
    proposal = make_proposal()
    for act in (
        lambda: save_fields(proposal, {"title": "x"}, base=None, by=cast[name]),
        lambda: set_tags(proposal, [], by=cast[name]),
        lambda: throw_away(proposal, by=cast[name]),
        lambda: copy_proposal(proposal, year=2021, by=cast[name]),
        lambda: reorder(proposal.regency, 2020, [proposal.pk], by=cast[name]),
    ):
        with pytest.raises(Denied):
            act()


def test_whoever_fills_in_becomes_an_author(cast: Cast) -> None:
    """Approver ≠ author (domain §7)."""
    other = factories.make_user("operator_dua")
    factories.make_position(other, "operator_kab", factories.lead_agency("53.04"))
    proposal = make_proposal()
    save_fields(proposal, {"title": "Lain"}, base=None, by=other)
    assert Proposal.objects.get().author_ids == {cast.operator_belu.pk, other.pk}


def test_tags_of_two_people_are_united(cast: Cast) -> None:
    stunting, gender, ovop = (Tag.objects.get(key=key) for key in ("stunting", "gender", "ovop"))
    proposal = make_proposal()
    set_tags(proposal, [stunting, gender], by=cast.operator_belu)
    set_tags(proposal, [stunting, ovop], base=[stunting], by=cast.operator_belu)
    assert set(set_tags(proposal, [gender], base=[stunting, gender], by=cast.operator_belu)) == {gender, ovop}


# -- order ------------------------------------------------------------------------------------------------------------


def test_order_is_written_without_gaps(cast: Cast) -> None:
    a, b, c = (make_proposal(lines=0) for _n in range(3))
    assert reorder(a.regency, 2020, [c.pk, a.pk, b.pk], by=cast.operator_belu) == [c.pk, a.pk, b.pk]
    assert ranks(a.regency) == [(3, 1), (1, 2), (2, 3)]
    # somebody added one meanwhile, and one that is named is gone
    d = make_proposal(lines=0)
    throw_away(a, by=cast.operator_belu)
    assert reorder(a.regency, 2020, [b.pk, a.pk, c.pk, 999], by=cast.operator_belu) == [b.pk, c.pk, d.pk]
    assert ranks(a.regency) == [(2, 1), (3, 2), (4, 3)]


def test_what_was_sent_keeps_its_rank(cast: Cast) -> None:
    a, sent, c = make_proposal(lines=0), make_proposal(lines=0, status="diajukan"), make_proposal(lines=0)
    reorder(a.regency, 2020, [c.pk, sent.pk, a.pk], by=cast.operator_belu)
    assert ranks(a.regency) == [(3, 1), (2, 2), (1, 3)]
    with pytest.raises(Blocked, match="tetap 2"):
        reorder(a.regency, 2020, [c.pk, a.pk, sent.pk], by=cast.operator_belu)
    assert ranks(a.regency) == [(3, 1), (2, 2), (1, 3)]


def test_thrown_away_and_brought_back(cast: Cast) -> None:
    a, _b = make_proposal(lines=0), make_proposal(lines=0)
    throw_away(a, by=cast.operator_belu)
    throw_away(a, by=cast.operator_belu)
    assert ranks(a.regency) == [(2, 1)]
    with pytest.raises(Denied, match="dibuang"):
        save_fields(a, {"title": "x"}, base=None, by=cast.operator_belu)
    bring_back(a, by=cast.operator_belu)
    bring_back(a, by=cast.operator_belu)
    assert ranks(a.regency) == [(2, 1), (1, 2)]
    with pytest.raises(Blocked, match="menariknya"):
        throw_away(make_proposal(status="dikembalikan"), by=cast.operator_belu)


@pytest.mark.django_db(transaction=True)
def test_two_who_order_and_add_at_once_leave_each_rank_once(cast: Cast) -> None:
    rows = [make_proposal(lines=0) for _n in range(6)]
    belu, errors = rows[0].regency, []
    pks = [row.pk for row in rows]
    acts: list[Callable[[], Any]] = [
        lambda: reorder(belu, 2020, pks[::-1], by=cast.operator_belu),
        lambda: reorder(belu, 2020, pks[3:] + pks[:3], by=cast.operator_belu),
        lambda: start_proposal(belu, 2020, by=cast.operator_belu),
        lambda: start_proposal(belu, 2020, by=cast.operator_belu),
        lambda: throw_away(rows[2], by=cast.operator_belu),
    ]

    def run(act: Callable[[], Any]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  the test tells which
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    found = ranks(belu)
    assert [rank for _number, rank in found] == [1, 2, 3, 4, 5, 6, 7]
    assert sorted(number for number, _rank in found) == [1, 2, 4, 5, 6, 7, 8]


# -- copying ----------------------------------------------------------------------------------------------------------


def test_a_copy_brings_everything_but_files_and_verdict(cast: Cast) -> None:
    old = make_proposal(year=2019, status="disepakati", help_kind=HelpKind.objects.get(key="halal"))
    old.tags.set(Tag.objects.filter(key="gender"))
    make_line(old, source="KUR")
    copy = copy_proposal(old, year=2020, by=cast.operator_belu)
    copy = Proposal.objects.get(pk=copy.pk)
    assert (copy.status, copy.year, copy.number, copy.rank, copy.copied_from) == ("konsep", 2020, 1, 1, old)
    assert [getattr(copy, name) for name in Proposal.FIELDS] == [getattr(old, name) for name in Proposal.FIELDS]
    assert (copy.budget_rupiah, copy.other_rupiah, copy.agreed_rupiah) == (30_000_000, 10_000_000, None)
    assert list(copy.lines.values_list("description", "amount_rupiah")) == list(
        old.lines.values_list("description", "amount_rupiah")
    )
    assert list(copy.shares.values_list("source", "share_rupiah", "agreed_rupiah")) == [
        (pk, share, None) for pk, share in old.shares.values_list("source", "share_rupiah")
    ]
    assert copy.indicators.count() == 2
    assert [tag.key for tag in copy.tags.all()] == ["gender"]
    assert copy_proposal(old, year=2020, by=cast.operator_belu) == copy
    assert Proposal.objects.count() == 2
