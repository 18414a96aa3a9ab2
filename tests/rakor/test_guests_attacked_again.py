"""What a second attacker tried on invitations, participants, the door and their papers, and what is said to him."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import Workbook

from portal.documents.actions import order_document, retry_document
from portal.documents.tasks import render_document
from rakor.actions.participants_import import import_participants
from rakor.actions.registrations import AlreadyRegistered, register
from rakor.facts.attendance_papers import Attendee, Event, cards, cards_of
from rakor.facts.people import WrongValue, tidy
from rakor.forms.participants_file import read_list
from rakor.models import Desk, Meeting, Registration
from rakor.queries.papers import agenda_paper
from tests.factories import make_session, regency
from tests.factories_attendance import make_registration
from tests.factories_ceremonies import make_ceremony
from tests.full_disk import no_room, stored

pytestmark = pytest.mark.django_db

HEADS = ("Nama", "Instansi", "NIP", "No. HP", "Kedatangan")


def listed(*rows: tuple[Any, ...]) -> Any:
    """A list of participants with these rows, as read."""
    book = Workbook()
    for row in (HEADS, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    found, errors = read_list("daftar.xlsx", stream.getvalue())
    assert not errors
    return found


@pytest.mark.parametrize("number", [198001012005032001, 198001012005032001.0])
def test_a_nip_that_excel_keeps_as_a_number_is_refused(number: Any, cast: Any, published_meeting: Any) -> None:
    """Excel keeps fifteen digits: the last three are lost before the file is written."""
    taken = import_participants(published_meeting, listed(("Ana Contoh", "RRI", number)), by=cast.panitia)
    assert [error.sentence for error in taken.errors] == ["Excel membulatkan angka ini. Ketik NIP sebagai teks."]


@pytest.mark.parametrize(
    ("cell", "said"),
    [(dt.datetime(2019, 4, 23), "23 April 2019"), (dt.datetime(2019, 4, 23, 17, 5), "23 April 2019, 17.05"),
     (dt.date(2019, 4, 23), "23 April 2019"), (dt.time(17, 5), "17.05")],
)  # fmt: skip
def test_a_day_of_arrival_is_read_as_people_say_it(cell: Any, said: str) -> None:
    [row] = listed(("Ana Contoh", "RRI", None, None, cell))
    assert row.texts["arrival"] == said


def test_two_of_one_name_in_one_office_are_not_taken_for_one(cast: Any, published_meeting: Any) -> None:
    first, second = "198001012005032001", "199001012015032002"
    rows = listed(("Maria Contoh", "RRI", first), ("Maria Contoh", "RRI", second))
    taken = import_participants(published_meeting, rows, by=cast.panitia)
    assert [(error.row, error.column) for error in taken.errors] == [(3, "C")]
    assert "NIP-nya lain" in taken.errors[0].sentence and not Registration.objects.exists()
    taken = import_participants(published_meeting, rows[:1], by=cast.panitia)
    assert (len(taken.made), len(import_participants(published_meeting, rows[:1], by=cast.panitia).known)) == (1, 1)
    taken = import_participants(published_meeting, rows[1:], by=cast.panitia)
    assert "NIP-nya lain" in taken.errors[0].sentence
    with pytest.raises(AlreadyRegistered, match="bedakan namanya"):
        register(
            published_meeting, {"name": "Maria Contoh", "institution": "RRI", "employee_number": second},
            by=cast.panitia, source="panitia",
        )  # fmt: skip


@pytest.mark.parametrize("name", ["\u200b\u200b", "\ufeff\u2060\u00ad", "\u202e\u2066\u200f", "\U000e0041\U000e0042"])
def test_a_name_that_nobody_can_see_is_none(name: str) -> None:
    with pytest.raises(WrongValue, match="Nama wajib diisi"):
        tidy({"name": name})


def test_a_name_does_not_turn_the_line_around() -> None:
    assert tidy({"name": "\u202eAna\u202c Con\u200btoh", "title": "Ketua\u2067"}) == {
        "name": "Ana Contoh",
        "title": "Ketua",
    }


def test_nobody_keeps_or_finds_the_calendar_page_of_a_card(client_of: Any, published_meeting: Any) -> None:
    place = make_registration(published_meeting)
    answer = client_of().get(reverse("calendar_pass", args=[place.token]))
    assert answer["Cache-Control"] == "private, no-store" and "noindex" in answer["X-Robots-Tag"]


def test_a_paper_that_finds_the_disk_full_says_so_at_once(cast: Any, published_meeting: Any) -> None:
    document = order_document("agenda", agenda_paper(published_meeting), subject=published_meeting, by=cast.panitia)
    before = stored()
    with no_room():
        assert render_document(document.pk) == "failed"
    document.refresh_from_db()
    assert "tidak dapat ditulis di server" in document.error and stored() == before
    retry_document(document, by=cast.panitia)
    assert render_document(document.pk) == "ready"


DEGREES = "PROF. DR. IR. MARIA MAGDALENA THERESIA NINGSIH WULANDARI DA COSTA SOARES, S.E., M.SI., AK., C.A., CPA., QIA"


@pytest.mark.parametrize(
    ("name", "printed"),
    [("Dr. Maria Goreti Contoh Fernandes Aikoli, S.E., M.M., M.Si.", ""), (f"{DEGREES}., CFrA", f"{DEGREES}…"),
     ("W" * 150, "W" * 40 + "…"), ("i" * 150, "")],
)  # fmt: skip
def test_no_name_covers_the_code_of_a_card(name: str, printed: str) -> None:
    who = Attendee(1, name, "", "RRI", "pers")
    [card] = cards_of(cards(Event("Rakor", "Rakor", "2019"), "Dinas", [(who, "https://portal/hadir/abc/")]))
    assert card["name"] == (printed or name)


def test_an_edition_with_papers_to_be_signed_is_not_deleted_under_them(
    cast: Any, client_of: Any, draft_meeting: Any
) -> None:
    ceremony = make_ceremony(1, by=cast.panitia, meeting=draft_meeting, opened=False)
    answer = client_of(cast.panitia).post(reverse("meeting_delete", args=[draft_meeting.slug]))
    assert answer.status_code == 409 and "penandatanganan" in answer.content.decode().lower()
    ceremony.items.all().delete()
    assert client_of(cast.panitia).post(reverse("meeting_delete", args=[draft_meeting.slug])).status_code == 302
    assert not Meeting.objects.filter(pk=draft_meeting.pk).exists()


def test_an_edition_with_desks_on_it_is_deleted_with_them(cast: Any, client_of: Any, draft_meeting: Any) -> None:
    session = make_session(draft_meeting, "Desk Belu", kind="desk", regency=regency("53.04"))
    Desk.objects.create(session=session)
    assert client_of(cast.panitia).post(reverse("meeting_delete", args=[draft_meeting.slug])).status_code == 302
    assert not Desk.objects.exists()
