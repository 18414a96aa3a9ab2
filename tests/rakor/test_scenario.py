"""The synthetic edition (domain §8.3): the totals on screen, in PDF and Excel are exactly those written down here."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook

from portal.documents.actions import render_now
from portal.kernel.money import thousands
from programs.models import CostLine, Proposal
from rakor.actions.demo import demo_user
from rakor.actions.scenario import load_proposals
from rakor.facts.scenario import amount_of, planned
from rakor.management.commands.load_scenario import tables
from rakor.models import Agreement, Desk, Meeting
from tests import factories

pytestmark = pytest.mark.django_db

# Literal, from the acceptance scenario. Source: proposals, proposed; decision: proposals, proposed;
# regency: proposed, agreed programs, agreed money.
SOURCES = {
    "APBN": (26, "6.450.000.000"),
    "DAK_FISIK": (27, "65.500.000.000"),
    "DAK_NONFISIK": (27, "6.950.000.000"),
    "APBD_I": (26, "6.650.000.000"),
    "APBD_II": (26, "6.100.000.000"),
}
DECISIONS = {
    "Disepakati": (65, "41.800.000.000"),
    "Disepakati dengan perbaikan": (26, "24.550.000.000"),
    "Ditunda": (15, "15.000.000.000"),
    "Tidak disepakati": (18, "8.750.000.000"),
    "Dialihkan": (8, "1.550.000.000"),
}
REGENCIES = {
    "53.01": ("3.450.000.000", 4, "2.900.000.000"),
    "53.02": ("3.750.000.000", 4, "1.000.000.000"),
    "53.03": ("5.850.000.000", 4, "5.250.000.000"),
    "53.04": ("3.000.000.000", 4, "2.300.000.000"),
    "53.05": ("5.100.000.000", 5, "5.000.000.000"),
    "53.06": ("7.200.000.000", 4, "2.250.000.000"),
    "53.07": ("3.000.000.000", 4, "800.000.000"),
    "53.08": ("5.100.000.000", 4, "4.900.000.000"),
    "53.09": ("3.150.000.000", 4, "2.550.000.000"),
    "53.10": ("4.350.000.000", 5, "4.150.000.000"),
    "53.11": ("6.000.000.000", 4, "1.600.000.000"),
    "53.12": ("3.150.000.000", 4, "2.700.000.000"),
    "53.13": ("4.350.000.000", 4, "4.250.000.000"),
    "53.14": ("2.400.000.000", 4, "1.900.000.000"),
    "53.15": ("4.500.000.000", 4, "4.200.000.000"),
    "53.16": ("4.800.000.000", 4, "950.000.000"),
    "53.17": ("2.400.000.000", 4, "1.900.000.000"),
    "53.18": ("4.500.000.000", 4, "3.600.000.000"),
    "53.19": ("1.650.000.000", 4, "1.100.000.000"),
    "53.20": ("3.750.000.000", 4, "3.550.000.000"),
    "53.21": ("8.550.000.000", 5, "8.250.000.000"),
    "53.71": ("1.650.000.000", 4, "1.250.000.000"),
}
TOTAL, AGREED = (132, "91.650.000.000"), (91, "66.350.000.000")


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """What `load_scenario atambua --through` prints, with the edition in the database for this module's tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        factories.ensure_initial_data()
        out = io.StringIO()
        call_command("load_scenario", "atambua", "--through", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def agreement(printed) -> Agreement:
    """The agreement that the plenary took."""
    return Agreement.objects.select_related("meeting", "document").get(meeting__slug="atambua-2019")


def client_of(username: str) -> Client:
    """A browser in which that demo person is signed in."""
    client = Client()
    client.force_login(demo_user(username))
    return client


def flat(text: str) -> str:
    """The text with single spaces."""
    return re.sub(r"\s+", " ", text)


def words(html: str) -> str:
    """What a page says, cell after cell."""
    return flat(re.sub(r"<[^>]+>", " ", html.split("<main", 1)[1]).replace("Rp", ""))


def test_the_rule_gives_the_totals():
    assert len(planned()) == 132 and thousands(sum(plan.rupiah for plan in planned())) == TOTAL[1]
    for plan in planned():
        assert len(plan.lines) == 12 and sum(map(amount_of, plan.lines)) == plan.rupiah


def test_every_proposal_has_twelve_lines_in_the_database(printed):
    assert Proposal.objects.filter(year=2020).count() == 132
    assert CostLine.objects.filter(proposal__year=2020, deleted_at=None).count() == 132 * 12
    assert Desk.objects.filter(status="ditutup").count() == 22


def test_desks_close_on_their_day_of_the_meeting(printed):
    days = {desk.document.facts["opening"][:73] for desk in Desk.objects.select_related("document")}
    assert days == {"Pada hari ini Kamis, tanggal dua puluh lima, bulan April, tahun dua ribu "[:73]}
    desk = Desk.objects.select_related("session", "document").order_by("session__starts_at").first()
    assert desk.closed_at == desk.session.ends_at
    assert [block["place_date"] for block in desk.document.facts["signatures"]] == ["", "Atambua, 25 April 2019"]


def test_the_command_prints_them(printed):
    text = flat(printed)
    for source, (count, money) in SOURCES.items():
        assert f"{source} {count} {money} " in text
    for decision, (count, money) in DECISIONS.items():
        assert f" {decision} {count} {money} " in text
    for code, (money, count, agreed) in REGENCIES.items():
        assert re.search(rf"{code} \w+ 6 {money} {count} {agreed} ", text)
    assert f"Jumlah {TOTAL[0]} {TOTAL[1]} {AGREED[0]} {AGREED[1]}" in text
    assert f"Disepakati: {AGREED[0]} program, Rp{AGREED[1]}" in text and "Belum diputuskan: 0" in text


def test_the_screen_shows_them(agreement):
    text = words(client_of("panitia").get("/rakor/atambua-2019/kesepakatan/").content.decode())
    for source, (count, money) in SOURCES.items():
        assert f" {source} {count} {money} " in text
    for decision, (count, money) in DECISIONS.items():
        assert f" {decision} {count} {money} " in text
    for code, (money, count, agreed) in REGENCIES.items():
        assert f" {code} 6 {money} {count} {agreed} " in text
    assert f"Jumlah {TOTAL[0]} {TOTAL[1]} {AGREED[0]} {AGREED[1]}" in text


def test_the_comparison_shows_them(agreement):
    client = client_of("pengamat")
    text = words(client.get("/banding/?tahun=2020&menurut=source").content.decode())
    for source, (count, money) in SOURCES.items():
        assert f" {source} {count} {money} " in text
    text = words(client.get("/banding/?tahun=2020&menurut=status").content.decode())
    for decision, (count, money) in DECISIONS.items():
        assert f" {decision} {count} {money} " in text
    assert f"Jumlah {TOTAL[0]} {TOTAL[1]} {AGREED[0]} {AGREED[1]}" in text


def test_the_pdf_says_them(agreement):
    document = render_now(agreement.document)
    assert document.is_ready, (document.status, document.error)
    text = flat(" ".join(page.extract_text() for page in pypdf.PdfReader(document.file).pages))
    names = {source.key: source.name for source in _sources()}
    for source, (count, money) in SOURCES.items():
        assert f"{names[source]} {count} {money} " in text
    for decision, (count, money) in DECISIONS.items():
        assert f" {decision} {count} {money} " in text
    for code, (money, count, agreed) in REGENCIES.items():
        assert re.search(rf"{code} K[\w ]+ 6 {money} {count} {agreed} {6 - count}\b", text)
    assert f"Jumlah {TOTAL[0]} {TOTAL[1]} {AGREED[0]} {AGREED[1]} 41" in text
    assert f"sebanyak {AGREED[0]} (sembilan puluh satu) program dengan jumlah pagu Rp{AGREED[1]}" in text


def _sources():
    from programs.models import FundingSource

    return FundingSource.objects.all()


def test_excel_holds_them(agreement):
    answer = client_of("panitia").get("/rakor/atambua-2019/kesepakatan/putusan/?format=xlsx")
    header, *rows = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    rows = [dict(zip(header, row, strict=True)) for row in rows if row[0] and str(row[0]).startswith("53.")]
    assert len(rows) == TOTAL[0] and thousands(sum(row["Pagu usulan (Rp)"] for row in rows)) == TOTAL[1]
    agreed = [row for row in rows if row["Putusan"].startswith("Disepakati")]
    assert (len(agreed), thousands(sum(row["Pagu disepakati (Rp)"] for row in agreed))) == AGREED
    for decision, (count, money) in DECISIONS.items():
        found = [row["Pagu usulan (Rp)"] for row in rows if row["Putusan"] == decision]
        assert (len(found), thousands(sum(found))) == (count, money)
    for source, (count, money) in SOURCES.items():
        found = [row["Pagu usulan (Rp)"] for row in rows if row["Sumber dana"] == source]
        assert (len(found), thousands(sum(found))) == (count, money)
    for code, (money, count, agreed_money) in REGENCIES.items():
        home = [row for row in rows if row[header[0]] == code]
        part = [row for row in home if row["Putusan"].startswith("Disepakati")]
        assert thousands(sum(row["Pagu usulan (Rp)"] for row in home)) == money
        assert (len(part), thousands(sum(row["Pagu disepakati (Rp)"] for row in part))) == (count, agreed_money)


def test_sipd_holds_the_agreed_money_per_regency(agreement):
    answer = client_of("panitia").get("/rakor/atambua-2019/kesepakatan/sipd/")
    book = load_workbook(io.BytesIO(answer.content))
    sums = {}
    for sheet in book.worksheets[1:]:
        header, *rows = sheet.iter_rows(values_only=True)
        place = header.index("Pagu disepakati (Rp)")
        lines = [row for row in rows if row[0] and str(row[0]).startswith("53.")]
        for row in lines:
            sums[row[0]] = sums.get(row[0], 0) + row[place]
    assert {code: thousands(money) for code, money in sums.items()} == {c: row[2] for c, row in REGENCIES.items()}


def test_loading_again_changes_nothing(agreement):
    before = Proposal.objects.count(), Agreement.objects.get(pk=agreement.pk).version
    assert load_proposals(Meeting.objects.get(slug="atambua-2019")) == 0
    assert (Proposal.objects.count(), Agreement.objects.get(pk=agreement.pk).version) == before


def test_two_reasons_were_changed_live(agreement):
    assert agreement.version == 3 and agreement.changes.count() == 2
    assert [change.before["decision"] == change.after["decision"] for change in agreement.changes.all()] == [True, True]


def test_a_figure_that_is_wrong_is_seen():
    """The tables are made from the figures they are given: another figure is another text."""
    from programs.queries.agreed import Recap

    assert "91 program" not in tables(Recap())
