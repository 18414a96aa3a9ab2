"""Proposals that become ready after their regency's desk was closed are told of until somebody decides them."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from programs.actions.moves import ready_all
from programs.models import Proposal
from rakor.actions.closing import close_desk
from rakor.actions.desks import agree_rest, confirm_desk, open_desk
from rakor.models import Agreement, Desk, Meeting, Session
from tests.factories import make_meeting
from tests.factories_programs import make_desk, make_proposal, make_round

pytestmark = pytest.mark.django_db
WARNING = "1 usulan siap desk, tetapi desk kabupaten/kotanya sudah ditutup"


def hold(desk: Desk, cast: Any) -> None:
    """Open the desk, agree everything, have it confirmed and close it."""
    desk = open_desk(desk, by=cast.verifikator)
    agree_rest(desk, by=cast.verifikator)
    desk.refresh_from_db()
    close_desk(confirm_desk(desk, by=cast.kadis_belu, change=desk.change), by=cast.verifikator)


@pytest.fixture
def meeting(cast: Any) -> Meeting:
    """The running edition; Belu's desk is closed, Ende's is open."""
    found = make_meeting(status="berlangsung")
    make_proposal(status="siap_desk")
    hold(make_desk(found), cast)
    make_proposal("53.08", status="siap_desk", title="Tidak terlambat")
    make_desk(found, "53.08")
    make_proposal(status="lolos", title="Susulan")
    return found


def plan(client: Any, meeting: Meeting) -> str:
    return client.get(f"/rakor/{meeting.slug}/desk/").content.decode()


def test_the_plan_names_them_until_they_are_decided(cast, client_of, meeting):
    client = client_of(cast.panitia)
    assert "desk kabupaten/kotanya sudah ditutup" not in plan(client, meeting)
    ready_all(2020, by=cast.panitia)
    page = plan(client, meeting)
    new = f"/rakor/{meeting.slug}/agenda/sesi-baru/?jenis=desk&amp;kabupaten=53.04"
    assert WARNING in page and "Susulan" in page and "Tidak terlambat" not in page and new in page
    form = client.get(new.replace("&amp;", "&")).content.decode()
    assert '<option value="desk" selected>' in form and "Desk Kabupaten Belu" in form
    second = make_desk(meeting, "53.07")
    Session.objects.filter(pk=second.session_id).update(regency=Proposal.objects.get(title="Susulan").regency)
    assert WARNING not in plan(client, meeting)
    hold(Desk.objects.get(pk=second.pk), cast)
    assert Proposal.objects.get(title="Susulan").status == "disepakati"
    assert WARNING not in plan(client, meeting)


def test_regencies_and_observers_are_not_told(cast, client_of, meeting):
    ready_all(2020, by=cast.panitia)
    for who in ("operator_belu", "observer"):
        assert "Susulan" not in plan(client_of(cast[who]), meeting)


def test_after_the_plenary_there_is_another_way(cast, client_of, meeting):
    Agreement.objects.create(
        meeting=meeting, status="disepakati", agreed_at=timezone.now(), chair=cast.kadis_prov.positions.get(),
        document=Desk.objects.get(status="ditutup").document,
    )  # fmt: skip
    ready_all(2020, by=cast.panitia)
    page = plan(client_of(cast.panitia), meeting)
    assert WARNING in page and "Keluarkan dari desk" in page and "sesi-baru/?jenis" not in page


@pytest.mark.parametrize("path", ["/putaran/2020/siap-desk/", "/verifikasi/siap-desk/"])
def test_who_readies_them_is_told_at_once(cast, client_of, meeting, path):
    make_round()
    client = client_of(cast.panitia)
    answer = client.post(path, {"tahun": "2020"}, follow=True).content.decode()
    assert "Desk Kabupaten Belu sudah dilaksanakan" in answer and "Kabupaten Ende" not in answer.split("<main")[0]
    assert client.post(path, {"tahun": "2020"}, follow=True).content.decode().count("sudah dilaksanakan") == (
        1 if path.startswith("/putaran") else 0
    )


def test_one_by_one_too(cast, client_of, meeting):
    late = Proposal.objects.get(title="Susulan")
    answer = client_of(cast.panitia).post(f"/usulan/{late.pk}/langkah/ready/", follow=True)
    assert "Desk Kabupaten Belu sudah dilaksanakan" in answer.content.decode()
