"""The yearly round: who opens it, who gets more time, who is late."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from programs.actions.rounds import extend, save_round, withdraw_extension
from programs.models import Extension, Round
from programs.queries.progress import progress, reminder
from programs.queries.rounds import current_round, current_year, window_of
from tests import factories
from tests.cast import Cast
from tests.factories_programs import make_proposal, make_round

NOW = timezone.now
DAY = dt.timedelta(days=1)
OTHERS = (
    "admin", "kadis_prov", "notulis", "verifikator", "kadis_belu", "operator_belu", "observer", "stranger",
)  # fmt: skip


def test_only_its_keepers_change_the_round(cast: Cast) -> None:
    found, belu = make_round(), factories.regency()
    given = extend(found, belu, until=found.closes_at + DAY, reason="Padam", by=cast.kabid)
    times = {"opens_at": NOW(), "closes_at": NOW() + DAY}
    for name in OTHERS:
        with pytest.raises(Denied):
            save_round(2021, **times, by=cast[name])
        with pytest.raises(Denied):
            extend(found, belu, until=found.closes_at + DAY, reason="x", by=cast[name])
        with pytest.raises(Denied):
            withdraw_extension(given, by=cast[name])
    assert save_round(2021, **times, by=cast.panitia).version == 1


def test_a_round_is_changed_by_version(cast: Cast) -> None:
    first = save_round(2020, opens_at=NOW(), closes_at=NOW() + DAY, by=cast.panitia)
    with pytest.raises(StaleVersion):
        save_round(2020, opens_at=NOW(), closes_at=NOW() + 2 * DAY, by=cast.kabid)
    second = save_round(2020, opens_at=NOW(), closes_at=NOW() + 2 * DAY, version=first.version, by=cast.kabid)
    with pytest.raises(StaleVersion) as error:
        save_round(2020, opens_at=NOW(), closes_at=NOW() + 3 * DAY, version=first.version, by=cast.panitia)
    assert error.value.current.version == second.version == 2
    with pytest.raises(Blocked):
        save_round(2020, opens_at=NOW(), closes_at=NOW() - DAY, version=2, by=cast.kabid)
    assert Entry.objects.about(second).count() == 2


def test_more_time_needs_a_reason_and_gives_time(cast: Cast) -> None:
    found, belu = make_round(), factories.regency()
    for until, reason in ((found.closes_at + DAY, "  "), (found.closes_at, "x"), (found.closes_at - DAY, "x")):
        with pytest.raises(Blocked):
            extend(found, belu, until=until, reason=reason, by=cast.panitia)
    old = make_round(2019, opens_at=NOW() - 30 * DAY, closes_at=NOW() - 20 * DAY)
    with pytest.raises(Blocked, match="akan datang"):
        extend(old, belu, until=NOW() - 10 * DAY, reason="x", by=cast.panitia)
    extend(found, belu, until=found.closes_at + DAY, reason="Satu", by=cast.panitia)
    given = extend(found, belu, until=found.closes_at + 2 * DAY, reason="Dua", by=cast.kabid)
    assert Extension.objects.count() == 1
    assert window_of(belu.pk, 2020).until == found.closes_at + 2 * DAY
    assert window_of(factories.regency("53.08").pk, 2020).until == found.closes_at
    withdraw_extension(given, by=cast.panitia)
    withdraw_extension(given, by=cast.panitia)
    assert window_of(belu.pk, 2020).until == found.closes_at
    assert Entry.objects.about(found).count() == 3


def test_the_window_of_a_regency(cast: Cast) -> None:
    belu = factories.regency().pk
    assert not window_of(belu, 2020).decision(sent_before=True)
    assert window_of(belu, 2020).days_left is None
    make_round()
    assert window_of(belu, 2020).open
    assert window_of(belu, 2020).days_left == 30
    make_round(open=False)
    assert not window_of(belu, 2020).decision(sent_before=False)
    assert window_of(belu, 2020).decision(sent_before=True)
    assert window_of(belu, 2020).days_left == -1


def test_the_year_people_work_on(cast: Cast) -> None:
    assert current_year() == timezone.localdate().year + 1
    make_round(2020)
    make_round(2022, opens_at=NOW() + DAY, closes_at=NOW() + 2 * DAY)
    assert current_year() == 2020
    assert current_year([2021, 2020, 2019]) == 2020, "the current round, if it is among them"
    assert current_year([2023, 2021]) == 2023, "else the newest of them"
    make_round(2019)
    assert current_year() == current_year([2020, 2019]) == current_round().year == 2020, "the latest of those opened"


def test_who_is_late(cast: Cast, assert_queries: Callable) -> None:
    made = {"53.04": ["konsep"], "53.08": ["menunggu_kadis"], "53.01": ["diajukan"], "53.02": ["lolos", "konsep"],
            "53.03": ["dikembalikan"], "53.05": ["ditarik"]}  # fmt: skip
    for code, statuses in made.items():
        for status in statuses:
            make_proposal(code, status=status)
    make_proposal("53.06", deleted_at=NOW(), rank=None)

    def states() -> dict[str, str]:
        return {row.regency.code: row.state.key for row in progress(2020)}

    with assert_queries(2):
        without = states()
    assert without["53.04"] == "konsep"
    found = make_round()
    with assert_queries(3):
        before = states()
    assert len(before) == 22
    wanted = {"53.04": "konsep", "53.08": "menunggu", "53.01": "terkirim", "53.02": "sebagian", "53.03": "sebagian",
              "53.05": "belum", "53.06": "belum", "53.07": "belum"}  # fmt: skip
    assert {code: before[code] for code in wanted} == wanted
    make_round(open=False)
    found.refresh_from_db()
    extend(found, factories.regency("53.07"), until=NOW() + DAY, reason="Kapal", by=cast.panitia)
    after = states()
    assert [after[code] for code in ("53.04", "53.08", "53.05", "53.01", "53.07")] == [
        "terlambat", "terlambat", "terlambat", "terkirim", "belum",
    ]  # fmt: skip


def test_only_the_silent_are_reminded(cast: Cast) -> None:
    found = make_round()
    make_proposal(status="diajukan")
    make_proposal("53.08")
    text = reminder(found, progress(2020))
    assert "Kabupaten Belu" not in text
    assert "Kabupaten Ende" in text
    for regency in {row.regency.code for row in progress(2020)} - {"53.04"}:
        make_proposal(regency, status="diajukan", lines=0)
    assert reminder(found, progress(2020)) == ""


def test_the_page_and_its_excel(cast: Cast, client_of: Callable, assert_queries: Callable) -> None:
    make_round(open=False, note="Lampirkan KAK.")
    make_proposal(status="diajukan", title="Rahasia Belu")
    make_proposal("53.08", title="Rahasia Ende")
    page = client_of(cast.panitia).get("/putaran/2020/").content.decode()
    assert "Terlambat" in page
    assert "Rahasia" not in page
    assert "Lampirkan KAK." in page
    client = client_of(cast.observer)
    assert "Perpanjang<" not in client.get("/putaran/2020/").content.decode()
    narrowed = client.get("/putaran/2020/?state=terkirim&q=belu&sort=activity").content.decode()
    assert "1 kabupaten/kota" in narrowed
    sheet = load_workbook(io.BytesIO(client.get("/putaran/2020/?format=xlsx").content)).active
    rows = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert len(rows) == 22
    assert rows["53.04"][2:6] == ("Terkirim semua", 0, 0, 1)
    assert rows["53.08"][2:6] == ("Terlambat", 1, 0, 0)


@pytest.mark.parametrize("many", [1, 40])
def test_the_page_asks_as_often_for_many(cast: Cast, client_of: Callable, assert_queries: Callable, many: int) -> None:
    make_round()
    for _number in range(many):
        make_proposal(status="lolos", lines=0)
    client = client_of(cast.panitia)
    client.get("/putaran/2020/")
    with assert_queries(9):
        client.get("/putaran/2020/")


def _times(opens: dt.datetime, closes: dt.datetime) -> dict[str, str]:
    return {
        name: f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"
        for name, moment in (("opens_at", opens), ("closes_at", closes))
    }


def test_a_round_by_its_form(cast: Cast, client_of: Callable) -> None:
    client = client_of(cast.panitia)
    values = {"year": "2027", **_times(NOW(), NOW() + DAY), "note": "Petunjuk"}
    assert client.post("/putaran/baru/", values).headers["Location"] == "/putaran/2027/"
    assert client.post("/putaran/baru/", values).status_code == 422
    assert client.post("/putaran/baru/", values | _times(NOW(), NOW() - DAY) | {"year": "2028"}).status_code == 422
    changed = {**_times(NOW(), NOW() + 5 * DAY), "version": "1"}
    assert client.post("/putaran/2027/ubah/", changed).status_code == 302
    stale = client.post("/putaran/2027/ubah/", changed | _times(NOW(), NOW() + 9 * DAY))
    assert stale.status_code == 409
    assert "Orang lain sudah menyimpan" in stale.content.decode()
    assert Round.objects.get(year=2027).version == 2


def test_more_time_by_its_form(cast: Cast, client_of: Callable) -> None:
    found, client = make_round(), client_of(cast.kabid)
    late = f"{timezone.localtime(found.closes_at + DAY):%Y-%m-%dT%H:%M}"
    address = "/putaran/2020/perpanjangan/53.04/"
    assert client.post(address, {"until": late}).status_code == 422
    early = f"{timezone.localtime(found.closes_at - DAY):%Y-%m-%dT%H:%M}"
    assert client.post(address, {"until": early, "reason": "x"}).status_code == 409
    assert client.post(address, {"until": late, "reason": "Listrik padam"}).status_code == 302
    assert "Listrik padam" in client.get("/putaran/2020/").content.decode()
    assert client.get("/putaran/2020/perpanjangan/99.99/").status_code == 404
    assert client.post(f"{address}tarik/").status_code == 302
    assert client.post(f"{address}tarik/").status_code == 302
    assert not Extension.objects.exists()


def test_everything_passed_becomes_ready(cast: Cast, client_of: Callable) -> None:
    make_round()
    rows: list[Any] = [make_proposal(code, status="lolos") for code in ("53.04", "53.08")]
    client = client_of(cast.panitia)
    assert "Siapkan 2 usulan" in client.get("/putaran/2020/").content.decode()
    assert client.post("/putaran/2020/siap-desk/").status_code == 302
    for row in rows:
        row.refresh_from_db()
        assert row.status == "siap_desk"
    assert client_of(cast.operator_belu).post("/putaran/2020/siap-desk/").status_code == 403


ODD = ("", " ", "\x00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30T09:00", "T", "-1", "1e9", "∞", "'; --",
       "9" * 400, "2027-01-01T09:00", "<b>", "😀" * 3000)  # fmt: skip


def test_no_input_breaks_the_forms(cast: Cast, client_of: Callable) -> None:
    make_round()
    draw = random.Random(3)  # noqa: S311  the same inputs in each run
    client = client_of(cast.panitia)
    addresses = ("/putaran/baru/", "/putaran/2020/ubah/", "/putaran/2020/perpanjangan/53.04/")
    names = ("year", "opens_at", "closes_at", "note", "version", "until", "reason")
    for _number in range(150):
        values = {name: draw.choice(ODD) for name in names if draw.random() > 0.1}
        assert client.post(draw.choice(addresses), values).status_code in (302, 409, 422)
    for odd in ODD:
        assert client.get("/putaran/2020/", {"q": odd, "state": odd, "sort": odd}).status_code == 200
    for address in ("/putaran/99999999999999999999/", "/putaran/0/", "/putaran/2020/perpanjangan/…/"):
        assert client.get(address).status_code == 404
