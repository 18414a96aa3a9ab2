"""Every page in both languages: nothing English on an Indonesian page, none of our Indonesian words on an English one.

`make lint` checks the catalogue against the sources (portal.launch.catalogue); here it is what people read.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.launch import catalogue
from tests.access_objects import OBJECTS, World
from tests.addresses import addresses
from tests.cast import PASSWORD, Cast
from tests.portal.accounts.test_second_factor import BASE, NOON, code_for, connect
from tests.reading import wrong_language
from tests.sources import ROOT
from tests.test_access import ROWS, Row

LANGUAGES = ("id", "en")
SHOWN = (200, 422, 409)
PAGES = [row for row in ROWS if set(SHOWN) & set(row.codes.values())]
WRITERS = ("notulis", "panitia")  # they see more of a page than others


def _mixed(client: Client, method: str, path: str, *values: dict) -> dict[str, set[str]]:
    """What is in the wrong language in the answers to the same request, by the language asked for.

    What the requests stored is taken back.
    """
    found = {}
    for language in LANGUAGES:
        client.cookies["bahasa"] = language
        with transaction.atomic():
            answer = getattr(client, method.lower())(path, *values, follow=True)
            transaction.set_rollback(True)
        if not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html"):
            found[language] = wrong_language(answer.content.decode(), language)
    return {language: texts for language, texts in found.items() if texts}


def _path(row: Row, cast: Cast) -> str:
    thing, *given = row.thing.split(",")
    found = {**OBJECTS[thing](World(cast)), **dict(pair.split("=") for pair in given)}
    address = next(address for address in addresses() if address.name == row.name)
    return reverse(row.name, kwargs={key: found[key] for key in address.parameters})


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_a_page_speaks_one_language(row: Row, cast: Cast, client_of) -> None:
    path = _path(row, cast)
    people = [name for name, code in row.codes.items() if code in SHOWN]
    person = next((name for name in WRITERS if name in people), people[0])
    assert not _mixed(client_of(cast[person]), row.method, path)


@pytest.mark.parametrize("query", ["?rencana=1", "?jenis=pleno", "?hari=1&ruang=Aula"])
def test_the_agenda_in_all_its_forms(query: str, draft_meeting, cast: Cast, client_of) -> None:
    path = reverse("agenda", args=[draft_meeting.slug]) + query
    assert not _mixed(client_of(cast.panitia), "get", path)


@pytest.mark.parametrize("path", ["/tidak-ada/", "/jurnal/", "/rakor/tidak-ada/"])
def test_refusals(path: str, cast: Cast, client_of) -> None:
    assert not _mixed(client_of(cast.panitia), "get", path)


def test_a_form_from_elsewhere(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert not _mixed(client, "post", "/masuk/")


def test_two_texts_for_one_entry(draft_meeting, cast: Cast, client_of) -> None:
    entry = World(cast).minutes(draft_meeting).entries.get()
    entry.version = 3
    entry.save()
    path = reverse("entry", args=[draft_meeting.slug, entry.minutes.session_id, entry.pk])
    values = {"kind": "keputusan", "text": "Data saya dikirim.", "base_version": 1}
    assert not _mixed(client_of(cast.notulis), "post", path, values)


# -- entrance and second factor, with their errors -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/masuk/", {}),
        ("/masuk/", {"login": "panitia", "password": "salah"}),
        ("/sandi/lupa/", {}),
        ("/sandi/lupa/", {"login": "panitia"}),
        ("/sandi/baru/tautan-lama/", {}),
    ],
)
def test_errors_at_the_entrance(path: str, values: dict, cast: Cast, client: Client) -> None:
    assert not _mixed(client, "post", path, values)


def test_a_door_that_shut(cast: Cast, client: Client) -> None:
    wrong = {"login": "panitia", "password": "salah"}
    for _ in range(12):
        client.post("/masuk/", wrong)
    assert not _mixed(client, "post", "/masuk/", wrong)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/masuk/ulang/", {"password": "salah"}),
        ("/sandi/ubah/", {"oldpassword": "salah", "password1": "12345678", "password2": "x"}),
        ("/sandi/ubah/", {"oldpassword": PASSWORD, "password1": "panitia", "password2": "panitia"}),
        ("/sandi/ubah/", {"oldpassword": PASSWORD, "password1": "password", "password2": "password"}),
        ("/akun/", {"full_name": "", "email": "bukan surel", "phone": "x" * 99}),
        ("/akun/verifikasi-dua-langkah/aktifkan/", {"code": "1"}),
        ("/akun/verifikasi-dua-langkah/kode/baru/", {}),
        ("/keluar/", {}),
    ],
)
def test_errors_of_ones_own_account(path: str, values: dict, cast: Cast, client: Client) -> None:
    client.post("/masuk/", {"login": "panitia", "password": PASSWORD})
    assert not _mixed(client, "post", path, values)


def test_the_second_factor(cast: Cast, client: Client, time_machine) -> None:
    time_machine.move_to(NOON, tick=False)
    client.post("/masuk/", {"login": "panitia", "password": PASSWORD})
    secret = connect(client)
    for path in (BASE, f"{BASE}kode/", f"{BASE}kode/baru/", f"{BASE}matikan/", "/masuk/ulang/kode/"):
        assert not _mixed(client, "get", path), path
    for path in (f"{BASE}kode/baru/", f"{BASE}matikan/"):
        assert not _mixed(client, "post", path), path
    client.cookies["bahasa"] = "id"
    client.post("/keluar/")
    time_machine.shift(60)
    client.post("/masuk/", {"login": "panitia", "password": PASSWORD})
    assert not _mixed(client, "get", "/masuk/kode/")
    assert not _mixed(client, "post", "/masuk/kode/", {"code": "000000"})
    client.cookies["bahasa"] = "en"
    page = client.post("/masuk/kode/", {"code": code_for(secret)}, follow=True).content.decode()
    assert not wrong_language(page, "en")


# -- the catalogues ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs the gettext tools")
def test_every_text_of_the_sources_is_translated() -> None:
    assert catalogue.faults(catalogue.collected()) == []


def test_faults_of_a_translation_are_found() -> None:
    entries = polib.POFile()
    entries.append(polib.POEntry(msgid="Hapus", msgstr=""))
    entries.append(polib.POEntry(msgid="Simpan", msgstr="Save", flags=["fuzzy"]))
    entries.append(polib.POEntry(msgid="Versi %(number)s", msgstr="Version %(nomor)s"))
    entries.append(polib.POEntry(msgid=" dan", msgstr="and"))
    entries.append(
        polib.POEntry(msgid="%d sesi", msgid_plural="%d sesi", msgstr_plural={0: "%d session", 1: "sessions"})
    )
    entries.append(polib.POEntry(msgid="Ubah %(name)s", msgstr="Change %(name)s"))
    found = catalogue.faults(entries)
    assert [line.split(":")[0].split(" '")[0] for line in found] == [
        "not translated", "not translated", "other placeholders than", "other spaces around it than",
        "other placeholders than",
    ]  # fmt: skip


def test_corrections_of_the_libraries_still_meet_something() -> None:
    """locale/id holds nothing but library texts; one that the library no longer has would be dead."""
    known = set()
    for package, folder in ((django, "conf/locale"), (django, "contrib/auth/locale"), (allauth, "locale")):
        for language in ("en", "id"):
            file = Path(package.__file__).parent / folder / language / "LC_MESSAGES" / "django.po"
            known |= {entry.msgid for entry in polib.pofile(str(file)) if not entry.obsolete}
    ours = polib.pofile(str(ROOT / "locale" / "id" / "LC_MESSAGES" / "django.po"))
    assert {entry.msgid for entry in ours} - known == set()
    assert catalogue.faults(ours) == []


# -- what is stored has one language ----------------------------------------------------------------------------------


def test_a_paper_ordered_in_english_is_the_same_paper(published_meeting, cast: Cast, client_of) -> None:
    from portal.documents.models import Document

    client = client_of(cast.panitia)
    path = reverse("agenda_pdf", args=[published_meeting.slug])
    for language in ("id", "en"):
        client.cookies["bahasa"] = language
        assert client.post(path).status_code == 302
    paper = Document.objects.get()
    assert paper.facts["days"][0]["name"] == "Hari pertama" and paper.title.startswith("Susunan Acara")


def test_draft_minutes_printed_in_english_are_the_same_paper(published_meeting, cast: Cast, client_of) -> None:
    from portal.documents.models import Document

    minutes = World(cast).minutes(published_meeting)
    client = client_of(cast.notulis)
    path = reverse("minutes_print", args=[published_meeting.slug, minutes.session_id])
    for language in ("id", "en"):
        client.cookies["bahasa"] = language
        assert client.post(path).status_code == 302
    assert Document.objects.get().title.startswith("Konsep Notula")


def test_the_journal_is_stored_in_indonesian_and_read_in_ones_own_language(
    draft_meeting, cast: Cast, client_of
) -> None:
    from portal.journal.models import Entry

    client = client_of(cast.panitia)
    client.cookies["bahasa"] = "en"
    assert client.post(reverse("meeting_move", args=[draft_meeting.slug, "schedule"])).status_code == 302
    entry = Entry.objects.get()
    assert (entry.verb, entry.changes) == ("Tetapkan jadwal", {"Status": ["Persiapan", "Terjadwal"]})
    admin = client_of(cast.admin)
    admin.cookies["bahasa"] = "en"
    page = admin.get(reverse("journal_entry", args=[entry.pk])).content.decode()
    assert "Confirm the schedule" in page and "In preparation" in page and "Scheduled" in page


# -- choosing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["panitia", "anonymous"])
def test_the_choice_is_on_the_page_and_comes_back_to_it(person: str, cast: Cast, client_of) -> None:
    client = client_of(cast[person])
    path = "/rakor/?q=Belu" if cast[person] else "/masuk/?next=/rakor/"
    page = client.get(path).content.decode()
    assert 'action="/bahasa/"' in page and 'name="language" value="en"' in page
    answer = client.post("/bahasa/", {"language": "en", "next": path})
    assert answer.url == path
    assert '<html lang="en"' in client.get(path).content.decode()
