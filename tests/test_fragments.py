"""A fragment that htmx loads is word for word a part of the page that people without JavaScript get (habit 9)."""

from __future__ import annotations

import re

import pytest

from portal.journal.actions import record
from tests.access_objects import World
from tests.cast import Cast
from tests.factories import lead_agency

# What is new with every answer, and the heading that a dialog needs but a page has already.
CHANGING = re.compile(
    r'<input type="hidden" name="(csrfmiddlewaretoken|client_key)"[^>]*>|hx-headers=\'[^\']*\'|<h2>[^<]*</h2>'
)


def words(html: str) -> str:
    return " ".join(CHANGING.sub("", html).split())


def history(world: World) -> tuple[str, str, str]:
    agency = lead_agency("53.04")
    record("Mengubah data kantor", agency, by=world.cast.admin, changes={"Nama": ["Lama", "Baru"]})
    return f"/jurnal/riwayat/regencies.agency/{agency.pk}/", f"/kantor/{agency.pk}/", ""


def progress(world: World) -> tuple[str, str, str]:
    paper = world.agenda_paper(world.published)
    return f"/dokumen/{paper.public_id}/kemajuan/", f"/dokumen/{paper.public_id}/", ""


def programme(world: World) -> tuple[str, str, str]:
    address = f"/rakor/{world.published.slug}/agenda/?hari=1"
    return address, address, "programme"


def planning(world: World) -> tuple[str, str, str]:
    address = f"/rakor/{world.published.slug}/agenda/?rencana=1"
    return address, address, "programme"


def session_form(world: World) -> tuple[str, str, str]:
    address = f"/rakor/{world.published.slug}/sesi/{world.published.sessions.first().pk}/ubah/"
    return address, address, ""


def new_session_form(world: World) -> tuple[str, str, str]:
    address = f"/rakor/{world.published.slug}/agenda/sesi-baru/"
    return address, address, ""


@pytest.mark.parametrize("make", [history, progress, programme, planning, session_form, new_session_form])
def test_the_fragment_is_a_part_of_its_page(make, cast: Cast, client_of) -> None:
    fragment_url, page_url, target = make(World(cast))
    client = client_of(cast.panitia)
    headers = {"HX-Request": "true"} | ({"HX-Target": target} if target else {})
    fragment, page = client.get(fragment_url, headers=headers), client.get(page_url)
    assert fragment.status_code == page.status_code == 200
    assert "<html" not in fragment.text and "<html" in page.text
    assert words(fragment.text) in words(page.text)
