"""All proposals side by side, and the ceiling simulator."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.kernel.errors import Denied
from programs.actions.ceilings import save_ceilings
from programs.facts.simulation import Candidate, simulate
from programs.models import Ceiling, Proposal
from programs.queries.simulator import stored_ceilings
from tests.factories_programs import make_proposal, source

PAGE = "/banding/"


@pytest.fixture
def some(cast):
    """Belu: one agreed of APBD_II and a draft; Ende: one of APBN."""
    return {
        "agreed": make_proposal("53.04", status="disepakati", title="Tenun Belu"),
        "draft": make_proposal("53.04", title="Masih rahasia"),
        "ende": make_proposal("53.08", status="diajukan", source="APBN", title="Kopi Ende"),
    }


def shown(client, **query) -> str:
    """The page as text without tags."""
    answer = client.get(PAGE, query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_drafts_are_not_there_and_sums_hold_what_was_sent(some, cast, client_of):
    page = shown(client_of(cast.verifikator))
    assert "Tenun Belu" in page and "Kopi Ende" in page and "Masih rahasia" not in page
    assert "2 Usulan Rp60.000.000 Pagu usulan 1 Disepakati Rp30.000.000 Pagu disepakati" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "kopi"}, {"Kopi Ende"}),
        ({"q": "kopi rahasia"}, set()),
        ({"status": "disepakati"}, {"Tenun Belu"}),
        ({"tahun": "1999"}, set()),
        ({"tahun": "99999999999999999999", "kabupaten": "x", "sort": "'", "menurut": "<", "peta": "\x00"},
         {"Tenun Belu", "Kopi Ende"}),
    ],
)  # fmt: skip
def test_search_and_filters(some, cast, client_of, query, found):
    page = shown(client_of(cast.panitia), **query)
    assert {title for title in ("Tenun Belu", "Kopi Ende", "Masih rahasia") if title in page} == found


@pytest.mark.parametrize("by", ["regency", "source", "sector", "sub_activity", "status"])
def test_every_grouping_adds_up(some, cast, client_of, by):
    assert "Jumlah 2 Rp60.000.000 1 Rp30.000.000" in shown(client_of(cast.panitia), menurut=by)


def test_a_returned_proposal_is_shown_as_it_was_sent(cast, client_of):
    proposal = make_proposal("53.04", status="dikembalikan", title="Seperti dikirim")
    Proposal.objects.filter(pk=proposal.pk).update(title="Sedang diubah", budget_rupiah=1)
    page = shown(client_of(cast.verifikator), status="dikembalikan", tahun="2020")
    assert "Seperti dikirim" in page and "Sedang diubah" not in page and "Rp30.000.000" in page
    assert "Seperti dikirim" not in shown(client_of(cast.verifikator), tahun="2020")


@pytest.mark.parametrize("status", ["dikembalikan", "ditarik"])
def test_nothing_changed_since_is_told(cast, client_of, status):
    row = make_proposal("53.04", status=status, title="Seperti dikirim")
    Proposal.objects.filter(pk=row.pk).update(title="Sedang diubah", budget_rupiah=1, product="Rahasia")
    row.shares.update(share_rupiah=7_777)
    apbd, client = source("APBD_II").pk, client_of(cast.verifikator)
    for query in ({}, {"menurut": "source"}, {"q": "rahasia"}, {"sumber": apbd}, {"menurut": "sector"}):
        page = shown(client, status=status, tahun="2020", **query)
        assert "Sedang diubah" not in page and "7.777" not in page
        assert ("Seperti dikirim" in page) == (not {"q", "sumber"} & set(query))
    book = load_workbook(BytesIO(client.get(reverse("comparison_excel"), {"status": status, "tahun": 2020}).content))
    (line,) = list(book.active.iter_rows(values_only=True))[1:]
    assert line[3] == "Seperti dikirim" and line[9] == 30_000_000 and not any(line[4:9])


def test_a_source_shows_its_own_share(some, cast, client_of):
    page = shown(client_of(cast.panitia), sumber=source("APBN").pk)
    assert "Kopi Ende" in page and "Tenun Belu" not in page and "1 Usulan Rp30.000.000" in page


def test_excel_holds_the_same(some, cast, client_of):
    book = load_workbook(BytesIO(client_of(cast.observer).get(reverse("comparison_excel")).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[3] for row in rows[1:]] == ["Tenun Belu", "Kopi Ende"] and sum(row[9] for row in rows[1:]) == 60_000_000


@pytest.mark.parametrize("query", [{}, {"menurut": "source"}, {"sort": "score", "q": "tenun"}])
def test_budget_does_not_grow(cast, client_of, assert_queries, query):
    client = client_of(cast.panitia)
    make_proposal("53.04", status="diajukan")
    client.get(PAGE)  # what a session reads once
    expected = 15 if query.get("menurut") == "source" else 14
    with assert_queries(expected):
        client.get(PAGE, query)
    for number in range(60):
        make_proposal(["53.04", "53.08", "53.07"][number % 3], status="diajukan", source=["APBN", "APBD_I"][number % 2])
    with assert_queries(expected):
        client.get(PAGE, query)


# -- simulator --------------------------------------------------------------------------------------------------------


def candidate(pk: int, regency: int, rank: int, score: float | None, **shares: int) -> Candidate:
    """One proposal of the simulation."""
    return Candidate(pk, regency, f"Usulan {pk}", rank, score, shares)


THREE = [candidate(1, 1, 1, 80, APBN=60), candidate(2, 2, 1, 70, APBN=50, APBD_I=10), candidate(3, 2, 2, 60, APBN=30)]


def test_a_source_that_is_used_up_leaves_out_the_dear_one_and_pays_the_next():
    found = simulate(THREE, {"APBN": 100, "APBD_I": None})
    assert [(place.paid, place.lacking) for place in found.places] == [(True, ""), (False, "APBN"), (True, "")]
    assert found.used == {"APBN": 90} and found.with_nothing() == []


def test_the_cut_line_leaves_out_who_stands_below():
    found = simulate(THREE, {}, cut=1)
    assert found.paid == 1 and found.rupiah == 60 and found.with_nothing() == [2]
    assert [place.lacking for place in found.places] == ["", "", ""]


def test_order_by_priority_begins_with_everybodys_first():
    found = simulate(THREE, {}, order="rank")
    assert [place.candidate.pk for place in found.places] == [1, 2, 3]
    assert [p.candidate.pk for p in simulate(reversed(THREE), {}, order="score").places] == [1, 2, 3]


def test_page_with_typed_ceilings(some, cast, client_of):
    answer = client_of(cast.observer).get("/simulasi/", {"pagu_APBN": "10.000.000", "pagu_APBD_II": "", "potong": "9"})
    page = answer.content.decode()
    assert "1 dari 2" in page and "Pagu APBN habis" in page
    wrong = client_of(cast.observer).get("/simulasi/", {"pagu_APBN": "sepuluh juta", "urut": "'", "potong": "-1"})
    assert wrong.status_code == 200 and "bukan angka" in wrong.content.decode()


def test_only_the_division_head_keeps_ceilings(some, cast, client_of):
    with pytest.raises(Denied):
        save_ceilings(2020, {"APBN": 5}, by=cast.verifikator)
    data = {"tahun": "2020", "pagu_APBN": "Rp 6.450.000.000", "pagu_APBD_I": ""}
    assert client_of(cast.kabid).post("/simulasi/pagu/", data).status_code == 302
    assert stored_ceilings(2020) == {"APBN": 6_450_000_000}
    save_ceilings(2020, {"APBN": None}, by=cast.kabid)
    assert not Ceiling.objects.exists()
    client_of(cast.kabid).post("/simulasi/pagu/", {"tahun": "2020", "pagu_APBN": "banyak"})
    assert not Ceiling.objects.exists()


def test_simulator_budget(cast, client_of, assert_queries):
    client = client_of(cast.panitia)
    make_proposal("53.04", status="diajukan")
    client.get("/simulasi/")
    with assert_queries(9):
        client.get("/simulasi/")
    for _number in range(40):
        make_proposal("53.08", status="diajukan")
    with assert_queries(9):
        client.get("/simulasi/")


def test_sums_do_not_tell_what_a_returned_one_is_about_now(cast, client_of):
    from programs.models import Sector, SubActivity

    live = {"sector": Sector.objects.last(), "sub_activity": SubActivity.objects.filter(level="provinsi").last()}
    row = make_proposal("53.04", status="dikembalikan", title="Tenun Belu")
    Proposal.objects.filter(pk=row.pk).update(**live)
    for by, name in (("sector", live["sector"].name), ("sub_activity", live["sub_activity"].name)):
        answer = client_of(cast.verifikator).get(PAGE, {"status": "dikembalikan", "menurut": by})
        assert [group.label for group, _label, _url in answer.context["groups"]] == [], name
        assert "Tenun Belu" in answer.content.decode()
