"""`manage.py load_demo` and `demo_accounts`: what the sources say, no double, never in production."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from portal.accounts.models import User
from rakor.models import Meeting, MinuteEntry, Minutes, Session
from rakor.queries.papers import agenda_paper
from regencies.models import Position
from tests import factories


@pytest.fixture
def demo(db):
    """The demo, loaded."""
    factories.ensure_initial_data()
    call_command("load_demo", verbosity=0)


def counts() -> list[int]:
    """How many rows of each kind there are."""
    return [model.objects.count() for model in (User, Position, Meeting, Session, MinuteEntry, Minutes)]


def test_atambua_is_the_programme_of_the_scenario(demo):
    meeting = Meeting.objects.get(slug="atambua-2019")
    assert meeting.title == "Rapat Koordinasi Pelaksanaan Kegiatan 2019 dan Penyusunan Program IKM 2020"
    assert (meeting.dates, meeting.host_regency.code, meeting.status) == ("24–26 April 2019", "53.04", "berlangsung")
    kinds = Counter("desk" if kind == "desk" else "pleno" for kind in meeting.sessions.values_list("kind", flat=True))
    assert kinds == {"pleno": 12, "desk": 22}
    desks = meeting.sessions.filter(kind="desk")
    assert desks.values("regency").distinct().count() == 22 and desks.values("room").distinct().count() == 4
    assert desks.values("starts_at").distinct().count() == 6
    assert [row.agency.level for row in meeting.organisers.all()] == ["pusat", "provinsi", "kabupaten"]
    people = meeting.sessions.get(kind="sambutan").people.exclude(part="notulis").order_by("position")
    assert [str(row) for row in people] == [
        "Pemilik sambutan: Gubernur Nusa Tenggara Timur", "Dibacakan oleh: Willybrodus Lay, SH (Bupati Belu)",
    ]  # fmt: skip


def test_ende_is_the_edition_before(demo):
    ende = Meeting.objects.get(slug="ende-2016")
    assert Meeting.objects.get(slug="atambua-2019").previous == ende
    assert (ende.dates, ende.planning_year) == ("15 Maret 2016", 2017)
    assert "Penyebaran dan Penumbuhan Industri Kecil dan Menengah" in ende.funding_document
    assert len(ende.aim_list) == 4


def test_every_entry_names_its_source(demo):
    assert MinuteEntry.objects.count() == 12
    assert not MinuteEntry.objects.filter(source="").exists()
    assert set(Minutes.objects.values_list("status", flat=True)) == {"final"}
    text = " ".join(MinuteEntry.objects.values_list("text", flat=True))
    for word in ("pakan ternak", "garam", "potensi unggulan riil", "3 orang perwakilan", "M. Natsir Abdulah"):
        assert word in text


def test_papers_of_2019_have_a_signer(demo):
    assert agenda_paper(Meeting.objects.get(slug="atambua-2019"))["signatures"][0]["name"] == "Kepala Dinas Demo"


def test_one_edition_is_still_to_be_planned(demo):
    meeting = Meeting.objects.get(status="persiapan")
    assert meeting.previous.slug == "atambua-2019" and not meeting.published
    assert meeting.sessions.count() == 34


def test_again_adds_nothing_and_overwrites_nothing(demo):
    User.objects.filter(username="panitia").update(full_name="Diganti")
    Session.objects.filter(meeting__slug="atambua-2019", title="Laporan panitia").update(title="Diganti")
    before = counts()
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    assert counts() == before and "sudah lengkap" in out.getvalue()
    assert User.objects.get(username="panitia").full_name == "Diganti"


def test_accounts_log_in_with_the_printed_password(demo, client):
    out = io.StringIO()
    call_command("demo_accounts", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 12 and any("22 kabupaten/kota" in line and "operator-blu, …" in line for line in lines)
    for name in (
        "admin",
        "panitia",
        "notulis",
        "kabid",
        "kadis-prov",
        "verifikator",
        "pengamat",
        "operator-end",
        "kadis-blu",
    ):
        assert client.login(username=name, password="rakor-demo-2019"), name
    assert User.objects.count() == 7 + 44


@pytest.mark.parametrize("command", ["load_demo", "demo_accounts"])
def test_never_in_production(db, settings, command):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="hanya untuk mode lokal"):
        call_command(command)
    assert not User.objects.exists()
