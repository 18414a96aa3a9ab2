"""The list, the editor and the page of proposals over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from portal.journal.actions import make_move
from programs.actions.proposals import save_fields
from programs.models import Proposal
from programs.queries.proposals import timeline_of
from programs.workflow import PROPOSAL
from tests import factories
from tests.cast import Cast
from tests.factories_programs import make_line, make_proposal, make_round, sector

SCRIPT = {"headers": {"X-Requested-With": "fetch"}}


@pytest.fixture
def operator(cast: Cast, client_of: Callable) -> Client:
    """The browser of the operator of Belu."""
    return client_of(cast.operator_belu)


def post(client: Client, proposal: Proposal, **values: Any) -> Any:
    """What the editor's script sends."""
    return client.post(f"/usulan/{proposal.pk}/ubah/", values, **SCRIPT)


# -- list -----------------------------------------------------------------------------------------------------------


def test_the_list_shows_order_status_lacks_and_sums(operator: Client) -> None:
    make_round(note="Kirim **sebelum** rakor.")
    first = make_proposal(title="Pelatihan tenun")
    make_line(first, source="KUR")
    make_proposal(title="Mesin pakan", status="diajukan")
    html = operator.get("/usulan/").content.decode()
    assert html.index("Pelatihan tenun") < html.index("Mesin pakan")
    assert "Rp60.000.000" in html and "Rp10.000.000" in html
    assert "hal kurang" in html and "<strong>sebelum</strong>" in html
    assert "Batas waktu mengirim" in html


def test_search_filter_sort(operator: Client) -> None:
    make_proposal(title="Pelatihan tenun")
    make_proposal(title="Garam beryodium", product="Garam", sector=sector("garam"), status="diajukan", lines=1)
    for query, found in (
        ("q=tenun", ["Pelatihan tenun"]),
        ("q=3.31.02.02.01", ["Pelatihan tenun", "Garam beryodium"]),
        ("sector=garam", ["Garam beryodium"]),
        ("status=konsep", ["Pelatihan tenun"]),
        ("source=KUR", []),
        ("sort=title", ["Garam beryodium", "Pelatihan tenun"]),
        ("sort=-budget", ["Pelatihan tenun", "Garam beryodium"]),
    ):
        page = operator.get(f"/usulan/?tahun=2020&{query}").context["page"]
        assert [row.title for row in page.object_list] == found, query


def test_an_empty_list_says_what_to_do(operator: Client) -> None:
    assert "Usulan baru" in operator.get("/usulan/").content.decode()
    assert "Belum ada usulan" in operator.get("/usulan/?tahun=2031").content.decode()


def test_the_province_goes_to_the_comparison(cast: Cast, client_of: Callable) -> None:
    assert client_of(cast.verifikator).get("/usulan/").url == "/banding/"


@pytest.mark.parametrize("many", [2, 25])
def test_the_list_asks_the_database_the_same_for_few_and_many(
    operator: Client, many: int, assert_queries: Callable
) -> None:
    make_round()
    for _n in range(many):
        make_proposal(lines=2)
    operator.get("/usulan/")
    with assert_queries(30):
        assert operator.get("/usulan/").status_code == 200


def test_excel_has_every_row_and_the_sum(operator: Client) -> None:
    make_proposal(title="=1+1")
    make_proposal(title="Dua", status="disepakati")
    sheet = load_workbook(BytesIO(operator.get("/usulan/?tahun=2020&format=xlsx").content)).active
    rows = list(sheet.values)
    assert rows[1][2] == "=1+1" and sheet["C2"].data_type == "s"
    assert rows[-1][-3:] == (60_000_000, 0, 30_000_000)


# -- begin, order, throw away, copy -----------------------------------------------------------------------------------


def test_new_by_one_click_and_a_second_click(operator: Client) -> None:
    key = uuid.uuid4()
    urls = {operator.post("/usulan/baru/?tahun=2020", {"client_key": key}).url for _click in range(2)}
    assert urls == {f"/usulan/{Proposal.objects.get().pk}/ubah/"}
    assert operator.post("/usulan/baru/?tahun=2020", {}).status_code == 422


def test_order_by_buttons_and_by_dragging(operator: Client) -> None:
    a, b, c = (make_proposal(lines=0) for _n in range(3))
    operator.post("/usulan/urutan/?tahun=2020", {"pk": a.pk, "step": "1"})
    assert list(Proposal.objects.order_by("rank").values_list("pk", flat=True)) == [b.pk, a.pk, c.pk]
    answer = operator.post("/usulan/urutan/?tahun=2020", {"order": [c.pk, b.pk, a.pk]}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert list(Proposal.objects.order_by("rank").values_list("pk", flat=True)) == [c.pk, b.pk, a.pk]
    # on a page that shows only two of the three
    operator.post("/usulan/urutan/?tahun=2020", {"order": [a.pk, c.pk]})
    assert list(Proposal.objects.order_by("rank").values_list("pk", flat=True)) == [a.pk, b.pk, c.pk]


def test_steps_jump_over_what_was_sent_and_a_drag_over_it_is_refused(operator: Client) -> None:
    a, sent, c = make_proposal(lines=0), make_proposal(lines=0, status="diajukan"), make_proposal(lines=0)
    operator.post("/usulan/urutan/?tahun=2020", {"pk": c.pk, "step": "-1"})
    assert list(Proposal.objects.order_by("rank").values_list("pk", flat=True)) == [c.pk, sent.pk, a.pk]
    refused = operator.post("/usulan/urutan/?tahun=2020", {"order": [c.pk, a.pk, sent.pk]}, **SCRIPT)
    assert (refused.status_code, "tetap 2" in refused.content.decode()) == (409, True)


def test_thrown_away_with_undo(operator: Client) -> None:
    proposal = make_proposal(title="Salah ketik")
    page = operator.post(f"/usulan/{proposal.pk}/buang/", follow=True)
    assert f"/usulan/{proposal.pk}/kembalikan/" in page.content.decode()
    page = operator.post(f"/usulan/{proposal.pk}/kembalikan/", follow=True)
    assert Proposal.objects.kept().get() == proposal


def test_copy_from_last_year(operator: Client) -> None:
    old = [make_proposal(year=2019, title=f"Lama {n}", status="disepakati") for n in range(3)]
    assert "Lama 2" in operator.get("/usulan/salin/?tahun=2020").content.decode()
    assert operator.post("/usulan/salin/?tahun=2020", {}).status_code == 422
    chosen = {"salin": [old[0].pk, old[2].pk]}
    for _click in range(2):
        assert operator.post("/usulan/salin/?tahun=2020", chosen).status_code == 302
    titles = Proposal.objects.filter(year=2020).order_by("rank").values_list("title", flat=True)
    assert list(titles) == ["Lama 0", "Lama 2"]
    assert "Sudah disalin" in operator.get("/usulan/salin/?tahun=2020").content.decode()


def test_nobody_copies_what_belongs_to_another_regency(operator: Client) -> None:
    foreign = make_proposal("53.08", year=2019)
    make_proposal(year=2019)
    operator.post("/usulan/salin/?tahun=2020", {"salin": [foreign.pk]})
    assert Proposal.objects.filter(year=2020).count() == 0


# -- the editor -------------------------------------------------------------------------------------------------------


def test_one_field_by_script(operator: Client) -> None:
    proposal = make_proposal(title="Lama")
    answer = post(operator, proposal, **{"title": "Baru ", "base-title": ["Lama"]}).json()
    assert answer["values"] == {"title": "Baru"}
    assert Proposal.objects.get().title == "Baru"


def test_a_proposal_with_nothing_in_it_has_all_its_pages(operator: Client) -> None:
    operator.post("/usulan/baru/?tahun=2020", {"client_key": uuid.uuid4()})
    proposal = Proposal.objects.get()
    for url in ("/usulan/?tahun=2020", f"/usulan/{proposal.pk}/", f"/usulan/{proposal.pk}/ubah/"):
        assert operator.get(url).status_code == 200


def test_numbers_as_people_type_them(operator: Client) -> None:
    proposal = make_proposal(ikm_count=None, latitude=None)
    post(operator, proposal, **{"ikm_count": "1.250", "base-ikm_count": "", "latitude": "-9,1062", "base-latitude": ""})
    again = post(operator, proposal, **{"ikm_count": "1.300", "base-ikm_count": ["", "1.250"]})
    assert again.json()["values"] == {"ikm_count": "1300"}
    assert str(Proposal.objects.get().latitude) == "-9.10620"


def test_a_conflict_carries_the_stored_text(operator: Client) -> None:
    proposal = make_proposal(title="Dari Ani")
    answer = post(operator, proposal, **{"title": "Dari Budi", "base-title": "Lama"})
    assert answer.status_code == 409
    assert answer.json()["conflicts"] == {"title": {"value": "Dari Ani", "shown": "Dari Ani"}}
    assert Proposal.objects.get().title == "Dari Ani"


@pytest.mark.parametrize(
    ("name", "value"),
    [("ikm_count", "banyak"), ("ikm_count", "-5"), ("latitude", "95"), ("sector", "999999"), ("starts_month", "13"),
     ("sub_activity", "x"), ("title", "x" * 251)],
)  # fmt: skip
def test_what_cannot_be_is_a_sentence(operator: Client, name: str, value: str) -> None:
    proposal = make_proposal()
    answer = post(operator, proposal, **{name: value, f"base-{name}": ""})
    assert answer.status_code == 422
    assert answer.json()["errors"][name][0]


def test_late_saving_is_refused_with_the_rules_sentence(operator: Client) -> None:
    proposal = make_proposal(status="diajukan")
    answer = post(operator, proposal, **{"title": "Terlambat", "base-title": proposal.title})
    assert (answer.status_code, "tidak hilang" in answer.content.decode()) == (403, True)
    assert operator.get(f"/usulan/{proposal.pk}/ubah/").url == f"/usulan/{proposal.pk}/"
    assert "data-unsent-of" in operator.get(f"/usulan/{proposal.pk}/").content.decode()


def test_the_whole_form_without_scripts(operator: Client) -> None:
    """Everything that stands in the page is sent; what somebody else changed meanwhile comes back beside it."""
    proposal = make_proposal(title="Lama", problem="Lama")
    page = operator.get(f"/usulan/{proposal.pk}/ubah/")
    form, data = page.context["form"], {"tags-sent": "1"}
    for name in Proposal.FIELDS:
        value = form[name].value()
        data[name] = data[f"base-{name}"] = "" if value is None else str(getattr(value, "pk", value))
    Proposal.objects.update(problem="Dari orang lain")
    answer = operator.post(f"/usulan/{proposal.pk}/ubah/", data | {"title": "Baru", "problem": "Dari saya"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Dari orang lain" in html and "Dari saya" in html
    assert Proposal.objects.values_list("title", "problem").get() == ("Baru", "Dari orang lain")
    again = data | {"title": "Baru", "base-title": "Baru", "problem": "Dari saya", "base-problem": "Dari orang lain"}
    assert operator.post(f"/usulan/{proposal.pk}/ubah/", again).status_code == 302
    assert Proposal.objects.get().problem == "Dari saya"
    wrong = operator.post(f"/usulan/{proposal.pk}/ubah/", again | {"ikm_count": "banyak"})
    assert (wrong.status_code, 'value="banyak"' in wrong.content.decode()) == (422, True)


def test_alcohol_shows_its_regulation_at_once(operator: Client) -> None:
    proposal = make_proposal(sector=sector("minuman_beralkohol"))
    assert "Pergub NTT 44/2019" in operator.get(f"/usulan/{proposal.pk}/ubah/").content.decode()
    assert "Pergub NTT 44/2019" in operator.get(f"/usulan/{proposal.pk}/").content.decode()


def test_the_official_indicator_becomes_one(operator: Client) -> None:
    proposal = make_proposal()
    for _click in range(2):
        operator.post(f"/usulan/{proposal.pk}/indikator-resmi/")
    made = proposal.indicators.get(name=proposal.sub_activity.indicator[:250])
    assert (made.kind, made.unit) == ("keluaran", proposal.sub_activity.unit)


# -- who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["konsep", "menunggu_kadis"])
def test_drafts_are_invisible_to_everybody_else(cast: Cast, client_of: Callable, status: str) -> None:
    proposal = make_proposal(status=status)
    for name in ("verifikator", "kabid", "panitia", "observer", "operator_ende", "kadis_ende", "admin"):
        for url in (f"/usulan/{proposal.pk}/", f"/usulan/{proposal.pk}/ubah/"):
            assert client_of(cast[name]).get(url).status_code in (403, 404), (name, url)
    assert client_of(cast.kadis_belu).get(f"/usulan/{proposal.pk}/").status_code == 200


def test_the_province_reads_a_returned_proposal_as_it_was_sent(cast: Cast, client_of: Callable) -> None:
    proposal = make_proposal(status="dikembalikan", title="Seperti dikirim")
    post(client_of(cast.operator_belu), proposal, **{"title": "Sedang diubah", "base-title": "Seperti dikirim"})
    seen = client_of(cast.verifikator).get(f"/usulan/{proposal.pk}/").content.decode()
    assert "Seperti dikirim" in seen and "Sedang diubah" not in seen
    assert "Sedang diubah" in client_of(cast.operator_belu).get(f"/usulan/{proposal.pk}/").content.decode()
    assert factories.regency().name in seen


def test_the_province_reads_moves_that_concern_it_and_nothing_of_the_drafts(cast: Cast) -> None:
    proposal = make_proposal(status="menunggu_kadis")
    make_move(PROPOSAL, "decline", proposal, by=cast.kadis_belu, note="Judulnya memalukan")
    save_fields(proposal, {"title": "Judul lain"}, base=None, by=cast.operator_belu)
    make_move(PROPOSAL, "submit", proposal, by=cast.operator_belu)
    evidence = {"sent_at": timezone.now(), "sent_by": cast.kadis_belu}
    make_move(PROPOSAL, "send", proposal, by=cast.kadis_belu, **evidence)
    assert [row["what"] for row in timeline_of(proposal, cast.verifikator)] == ["Setujui dan kirim ke provinsi"]
    own = timeline_of(proposal, cast.operator_belu)
    assert len(own) == 4 and own[-1]["note"] == "Judulnya memalukan"


# -- budgets and bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 12])
def test_pages_of_one_ask_the_same_for_few_and_many_parts(
    operator: Client, many: int, assert_queries: Callable
) -> None:
    make_round()
    proposal = make_proposal(lines=many)
    for n in range(many):
        proposal.indicators.create(name=f"Indikator {n}", target=n, unit="unit", position=n)
        make_proposal(year=2019, lines=1)
    for url, budget in (
        (f"/usulan/{proposal.pk}/", 35),
        (f"/usulan/{proposal.pk}/ubah/", 34),
        (f"/usulan/{proposal.pk}/samping/", 16),
        ("/usulan/salin/?tahun=2020", 9),
    ):
        operator.get(url)
        with assert_queries(budget):
            assert operator.get(url).status_code == 200


HUGE = "9" * 40
ODD = [
    "",
    "0",
    "-1",
    "abc",
    HUGE,
    "1e400",
    "NaN",
    "Infinity",
    "١٢",
    "1.2.3",
    "\u202e",
    "<b>",
    "' OR 1=1 --",
    "null",
    "[]",
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_is_answered_and_changes_nothing_it_should_not(operator: Client, odd: str) -> None:
    proposal = make_proposal()
    for name in (*Proposal.NUMBER_FIELDS, *Proposal.CHOICE_FIELDS):
        answer = post(operator, proposal, **{name: odd, f"base-{name}": odd})
        assert answer.status_code in (200, 409, 422), (name, answer.status_code)
    for values in (
        {"tags-sent": "1", "tags": odd, "base-tags": odd},
        {"base-title": odd},
        {"title": odd, "base-title": [odd] * 50},
    ):
        assert post(operator, proposal, **values).status_code in (200, 409, 422)
    for url in (
        f"/usulan/?tahun={odd}&kabupaten={odd}&q={odd}&status={odd}&sector={odd}&source={odd}&sort={odd}&page={odd}",
        f"/usulan/salin/?tahun={odd}&dari={odd}",
        f"/usulan/baru/?tahun={odd}",
    ):
        assert operator.get(url).status_code == 200, url
    assert operator.post("/usulan/baru/", {"client_key": odd, "title": odd}).status_code == 422
    assert operator.post("/usulan/urutan/?tahun=2020", {"pk": odd, "step": odd}).status_code in (302, 404)
    assert operator.post("/usulan/urutan/?tahun=2020", {"order": odd}).status_code in (302, 404)
    assert operator.post("/usulan/salin/?tahun=2021", {"salin": odd}).status_code in (302, 422)
    assert Proposal.objects.get().rank == 1
