"""Cost lines, shares and indicators: the verbs."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from portal.kernel.errors import Blocked, Denied, PortalError, StaleVersion
from programs.actions import lines as verbs
from programs.actions.indicators import (
    MOST_INDICATORS,
    delete_indicator,
    save_indicator,
    take_official_indicator,
    undelete_indicator,
)
from programs.actions.shares import set_shares, shares_from_lines
from programs.models import CostLine, Proposal
from programs.models.proposals import LARGEST_RUPIAH
from programs.queries.snapshots import content_of
from tests.cast import Cast
from tests.factories_programs import make_line, make_proposal

VALUES = {
    "account_code": "5.1.02.01.01.0024",
    "description": "Honor narasumber",
    "quantity_text": "30 orang x 3 hari",
    "unit": "orang-hari",
    "unit_price_rupiah": 150_000,
    "source": "APBD_II",
    "note": "",
}


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    """A draft of Belu without lines."""
    return make_proposal(lines=0)


# -- one line ---------------------------------------------------------------------------------------------------------


def test_a_line_keeps_its_product_and_the_proposal_its_sums(proposal: Proposal, cast: Cast) -> None:
    line = verbs.save_line(proposal, VALUES, by=cast.operator_belu)
    assert (line.quantity_text, line.quantity, line.amount_rupiah) == ("30 orang × 3 hari", 90, 13_500_000)
    verbs.save_line(proposal, VALUES | {"source": "KUR"}, by=cast.operator_belu)
    verbs.save_line(proposal, VALUES | {"source": None}, by=cast.operator_belu)
    proposal.refresh_from_db()
    assert (proposal.budget_rupiah, proposal.other_rupiah, proposal.change) == (13_500_000, 13_500_000, 3)
    assert cast.operator_belu.pk in proposal.author_ids


def test_half_a_rupiah_is_rounded_away_from_zero(proposal: Proposal, cast: Cast) -> None:
    line = verbs.save_line(
        proposal, VALUES | {"quantity_text": "0,5 kg", "unit_price_rupiah": 3}, by=cast.operator_belu
    )
    assert line.amount_rupiah == 2


def test_a_line_sent_twice_is_there_once(proposal: Proposal, cast: Cast) -> None:
    key = uuid.uuid4()
    first = verbs.save_line(proposal, VALUES, by=cast.operator_belu, key=key)
    again = verbs.save_line(proposal, VALUES, by=cast.operator_belu, key=key)
    longer = verbs.save_line(proposal, VALUES | {"note": "pajak"}, by=cast.operator_belu, key=key)
    assert first.pk == again.pk == longer.pk
    assert (proposal.lines.count(), longer.version, longer.note) == (1, 2, "pajak")


def test_an_older_version_overwrites_nothing(proposal: Proposal, cast: Cast) -> None:
    line = make_line(proposal)
    verbs.save_line(proposal, {"note": "baru"}, by=cast.operator_belu, line_id=line.pk, base_version=1)
    with pytest.raises(StaleVersion) as late:
        verbs.save_line(proposal, {"note": "lama"}, by=cast.operator_belu, line_id=line.pk, base_version=1)
    assert (late.value.current.note, late.value.yours["note"]) == ("baru", "lama")
    line.refresh_from_db()
    assert (line.note, line.version) == ("baru", 2)
    same = verbs.save_line(proposal, {"note": "baru"}, by=cast.operator_belu, line_id=line.pk, base_version=1)
    assert same.version == 2


def test_the_same_again_changes_nothing(proposal: Proposal, cast: Cast) -> None:
    line = verbs.save_line(proposal, VALUES, by=cast.operator_belu)
    change = proposal.change
    same = verbs.save_line(proposal, VALUES, by=cast.operator_belu, line_id=line.pk, base_version=line.version)
    proposal.refresh_from_db()
    assert (same.version, proposal.change) == (1, change)


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity_text": "banyak"},
        {"unit_price_rupiah": LARGEST_RUPIAH + 1},
        {"unit_price_rupiah": -1},
        {"unit_price_rupiah": None},
        {"quantity_text": "1000", "unit_price_rupiah": LARGEST_RUPIAH},
        {"source": "TIDAK_ADA"},
        {"description": "a" * 251},
        {"account_code": "5" * 31},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(proposal: Proposal, cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(PortalError) as refusal:
        verbs.save_line(proposal, VALUES | wrong, by=cast.operator_belu)
    assert str(refusal.value).endswith(".")
    assert not proposal.lines.exists()


def test_the_sum_of_a_proposal_has_a_limit(proposal: Proposal, cast: Cast) -> None:
    dear = VALUES | {"quantity_text": "1", "unit_price_rupiah": LARGEST_RUPIAH}
    verbs.save_line(proposal, dear, by=cast.operator_belu)
    with pytest.raises(Blocked, match="melebihi"):
        verbs.save_line(proposal, dear, by=cast.operator_belu)
    assert proposal.lines.count() == 1


def test_delete_and_undo(proposal: Proposal, cast: Cast) -> None:
    line = make_line(proposal)
    with pytest.raises(StaleVersion):
        verbs.delete_line(proposal, line.pk, base_version=7, by=cast.operator_belu)
    gone = verbs.delete_line(proposal, line.pk, base_version=1, by=cast.operator_belu)
    assert gone.deleted_at
    assert proposal.budget_rupiah == 0
    verbs.delete_line(proposal, line.pk, base_version=1, by=cast.operator_belu)
    with pytest.raises(StaleVersion, match="dihapus"):
        verbs.save_line(proposal, {"note": "x"}, by=cast.operator_belu, line_id=line.pk, base_version=2)
    verbs.undelete_line(proposal, line.pk, by=cast.operator_belu)
    assert proposal.budget_rupiah == 10_000_000
    assert proposal.lines.kept().count() == 1


def test_lines_move_relative_to_others(proposal: Proposal, cast: Cast) -> None:
    one, two, three = (make_line(proposal).pk for _n in range(3))
    assert verbs.move_line(proposal, three, before=one, by=cast.operator_belu) == [three, one, two]
    assert verbs.move_line(proposal, three, before=None, by=cast.operator_belu) == [one, two, three]
    verbs.delete_line(proposal, two, base_version=1, by=cast.operator_belu)
    with pytest.raises(Blocked):
        verbs.move_line(proposal, two, before=one, by=cast.operator_belu)


def test_at_most_300_lines(proposal: Proposal, cast: Cast) -> None:
    verbs.paste_lines(proposal, [VALUES] * 299, by=cast.operator_belu)
    with pytest.raises(Blocked, match="300"):
        verbs.paste_lines(proposal, [VALUES] * 2, by=cast.operator_belu)
    verbs.save_line(proposal, VALUES, by=cast.operator_belu)
    with pytest.raises(Blocked, match="300"):
        verbs.save_line(proposal, VALUES, by=cast.operator_belu)
    first = proposal.lines.first()
    verbs.delete_line(proposal, first.pk, base_version=1, by=cast.operator_belu)
    verbs.save_line(proposal, VALUES, by=cast.operator_belu)
    with pytest.raises(Blocked, match="300"):
        verbs.undelete_line(proposal, first.pk, by=cast.operator_belu)


@pytest.mark.parametrize("status", ["menunggu_kadis", "diajukan", "lolos", "siap_desk", "disepakati"])
def test_nobody_writes_after_it_was_sent(cast: Cast, status: str) -> None:
    proposal = make_proposal(status=status, lines=1)
    line, by = proposal.lines.get(), cast.operator_belu
    for attempt in (
        lambda: verbs.save_line(proposal, VALUES, by=by),
        lambda: verbs.delete_line(proposal, line.pk, base_version=1, by=by),
        lambda: verbs.undelete_line(proposal, line.pk, by=by),
        lambda: verbs.move_line(proposal, line.pk, before=None, by=by),
        lambda: verbs.paste_lines(proposal, [VALUES], by=by),
        lambda: verbs.replace_lines(proposal, [VALUES], by=by),
        lambda: set_shares(proposal, {"APBD_II": 1}, by=by),
        lambda: shares_from_lines(proposal, by=by),
        lambda: save_indicator(proposal, {"name": "x"}, by=by),
        lambda: delete_indicator(proposal, proposal.indicators.first().pk, by=by),
        lambda: take_official_indicator(proposal, by=by),
    ):
        with pytest.raises(Denied):
            attempt()
    assert proposal.lines.kept().count() == 1


@pytest.mark.parametrize("name", ["operator_ende", "kadis_belu", "verifikator", "panitia", "stranger"])
def test_only_the_operators_of_the_regency_write(proposal: Proposal, cast: Cast, name: str) -> None:
    with pytest.raises(Denied):
        verbs.save_line(proposal, VALUES, by=cast[name])


# -- many lines -------------------------------------------------------------------------------------------------------


def test_pasted_rows_come_all_or_not_at_all(proposal: Proposal, cast: Cast) -> None:
    with pytest.raises(PortalError):
        verbs.paste_lines(proposal, [VALUES, VALUES | {"quantity_text": "?"}], by=cast.operator_belu)
    assert not proposal.lines.exists()
    key = uuid.uuid4()
    first = verbs.paste_lines(proposal, [VALUES] * 12, by=cast.operator_belu, key=key)
    again = verbs.paste_lines(proposal, [VALUES] * 12, by=cast.operator_belu, key=key)
    assert {line.pk for line in first} == {line.pk for line in again}
    assert [line.position for line in proposal.lines.kept()] == list(range(1, 13))
    assert proposal.budget_rupiah == 12 * 13_500_000


def test_replaced_lines_are_exactly_the_rows(proposal: Proposal, cast: Cast) -> None:
    old = make_line(proposal)
    make_line(proposal)
    make_line(proposal)
    rows = [VALUES, VALUES | {"description": "Sewa aula", "source": "CSR"}]
    kept = verbs.replace_lines(proposal, rows, by=cast.operator_belu)
    assert [line.description for line in kept] == ["Honor narasumber", "Sewa aula"]
    assert kept[0].pk == old.pk
    assert (proposal.budget_rupiah, proposal.other_rupiah) == (13_500_000, 13_500_000)
    change = proposal.change
    verbs.replace_lines(proposal, rows, by=cast.operator_belu)
    assert proposal.change == change
    assert len(verbs.replace_lines(proposal, rows * 3, by=cast.operator_belu)) == 6
    assert verbs.replace_lines(proposal, [], by=cast.operator_belu) == []
    assert proposal.budget_rupiah == 0


# -- shares -----------------------------------------------------------------------------------------------------------


def test_shares_are_exactly_what_was_said(proposal: Proposal, cast: Cast) -> None:
    set_shares(proposal, {"APBD_II": 5, "KUR": 7, "APBN": 0}, by=cast.operator_belu)
    set_shares(proposal, {"APBD_II": 6, "CSR": 1}, by=cast.operator_belu)
    assert dict(proposal.shares.values_list("source__key", "share_rupiah")) == {"APBD_II": 6, "CSR": 1}
    for wrong in ({"APBD_II": -1}, {"APBD_II": LARGEST_RUPIAH + 1}, {"ENTAH": 1}):
        with pytest.raises(Blocked):
            set_shares(proposal, wrong, by=cast.operator_belu)


def test_shares_changed_by_two_people(proposal: Proposal, cast: Cast) -> None:
    set_shares(proposal, {"APBD_II": 5, "KUR": 7}, by=cast.operator_belu)
    seen = {"APBD_II": 5, "KUR": 7}
    set_shares(proposal, {"APBD_II": 6, "KUR": 7}, by=cast.operator_belu, base=seen)
    both = set_shares(proposal, {"APBD_II": 5, "KUR": 8}, by=cast.operator_belu, base=seen)
    assert both == {"APBD_II": 6, "KUR": 8}
    with pytest.raises(StaleVersion) as late:
        set_shares(proposal, {"APBD_II": 9, "KUR": 8}, by=cast.operator_belu, base=seen)
    assert late.value.current == {"APBD_II": 6, "KUR": 8}


def test_shares_from_the_lines(proposal: Proposal, cast: Cast) -> None:
    make_line(proposal)
    make_line(proposal, source="KUR")
    make_line(proposal, source=None)
    proposal.shares.all().delete()
    assert shares_from_lines(proposal, by=cast.operator_belu) == {"APBD_II": 10_000_000, "KUR": 10_000_000}


# -- indicators -------------------------------------------------------------------------------------------------------


def test_indicators_have_versions_too(proposal: Proposal, cast: Cast) -> None:
    key, by = uuid.uuid4(), cast.operator_belu
    new = save_indicator(proposal, {"kind": "hasil", "name": "Omzet naik", "unit": "%"}, by=by, key=key)
    assert save_indicator(proposal, {"name": "Omzet naik"}, by=by, key=key).version == 1
    save_indicator(proposal, {"target": 10}, by=by, indicator_id=new.pk, base_version=1)
    with pytest.raises(StaleVersion):
        save_indicator(proposal, {"target": 11}, by=by, indicator_id=new.pk, base_version=1)
    with pytest.raises(StaleVersion):
        delete_indicator(proposal, new.pk, by=by, base_version=1)
    delete_indicator(proposal, new.pk, by=by, base_version=2)
    assert delete_indicator(proposal, new.pk, by=by, base_version=2).version == 3, "deleted once"
    for wrong in ({"kind": "x"}, {"name": "a" * 251}, {"target": "abc"}, {"target": 10**20}):
        with pytest.raises(Blocked):
            save_indicator(proposal, wrong, by=by)


def test_a_deleted_indicator_keeps_what_another_typed_and_comes_back(proposal: Proposal, cast: Cast) -> None:
    by, row = cast.operator_belu, proposal.indicators.get(kind="hasil")
    delete_indicator(proposal, row.pk, by=by, base_version=1)
    assert [each["kind"] for each in content_of(proposal)["indicators"]] == ["keluaran"]
    with pytest.raises(StaleVersion, match="dihapus oleh") as late:
        save_indicator(proposal, {"target": 11}, by=by, indicator_id=row.pk, base_version=1)
    assert (late.value.current.pk, late.value.yours) == (row.pk, {"target": 11})
    back = undelete_indicator(proposal, row.pk, by=by)
    assert (back.deleted_at, back.version, back.position) == (None, 3, row.position)
    assert undelete_indicator(proposal, row.pk, by=by).version == 3, "brought back once"
    assert len(content_of(proposal)["indicators"]) == 2
    for number in range(MOST_INDICATORS - 2):
        save_indicator(proposal, {"name": f"Indikator {number}"}, by=by)
    delete_indicator(proposal, row.pk, by=by, base_version=3)
    save_indicator(proposal, {"name": "Yang terakhir"}, by=by)
    with pytest.raises(Blocked, match="paling banyak"):
        undelete_indicator(proposal, row.pk, by=by)


def test_the_official_indicator_is_taken_once(proposal: Proposal, cast: Cast) -> None:
    first = take_official_indicator(proposal, by=cast.operator_belu)
    assert (first.unit, first.kind) == (proposal.sub_activity.unit, "keluaran")
    assert take_official_indicator(proposal, by=cast.operator_belu).pk == first.pk
    Proposal.objects.filter(pk=proposal.pk).update(sub_activity=None)
    with pytest.raises(Blocked):
        take_official_indicator(proposal, by=cast.operator_belu)


# -- two people at once -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_the_same_line(cast: Cast) -> None:
    proposal = make_proposal(lines=1)
    line = proposal.lines.get()
    start, answers = threading.Barrier(2), []

    def write(note: str) -> None:
        start.wait()
        try:
            verbs.save_line(proposal, {"note": note}, by=cast.operator_belu, line_id=line.pk, base_version=1)
            answers.append(("stored", note))
        except StaleVersion:
            answers.append(("stale", note))
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(note,)) for note in ("satu", "dua")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stored = dict(answers)
    assert set(stored) == {"stored", "stale"}
    assert CostLine.objects.get(pk=line.pk).note == stored["stored"]


@pytest.mark.django_db(transaction=True)
def test_the_same_new_line_from_two_tabs_at_once(cast: Cast) -> None:
    proposal, key = make_proposal(lines=0), uuid.uuid4()
    start = threading.Barrier(2)

    def write() -> None:
        start.wait()
        try:
            verbs.save_line(proposal, VALUES, by=cast.operator_belu, key=key)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _n in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    proposal.refresh_from_db()
    assert (proposal.lines.count(), proposal.budget_rupiah) == (1, 13_500_000)
