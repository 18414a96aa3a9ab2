"""Every page in both languages: nothing English on an Indonesian page, none of our Indonesian words on an English one.

`make lint` checks the catalogue against the sources (portal.launch.catalogue); here it is what people read.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from html.parser import HTMLParser
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
from tests.cast import PARTS, PASSWORD, Cast
from tests.sources import ROOT
from tests.test_access import ROWS, Row

PAGES = [row for row in ROWS if 200 in row.codes.values() or 422 in row.codes.values()]
READ_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt", "data-confirm", "data-label", "content")
SILENT = ("script", "style", "kbd")
# Words that make a sentence English and are no Indonesian ones.
ENGLISH = re.compile(
    r"\b(the|your|you|please|enter|field|required|is|are|was|not|and|or|with|this|that|must|choose|select|invalid|"
    r"password|username|user|log|sign|save|delete|cancel|change|add|search|next|previous|page|today|yes|no)\b",
    re.IGNORECASE,
)
# What the tests type themselves, and names of things.
TYPED = {word for part in PARTS.values() for word in part} | {
    "Notulis", "Operator", "Pembukaan", "Sambutan Gubernur", "Pleno", "Aula", "Peserta", "Panitia", "Admin Portal",
}  # fmt: skip


class Texts(HTMLParser):
    """The texts of a page as people read or hear them, in `found`; parts in another language are left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0
        self._foreign: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes that are read aloud or shown."""
        values = dict(attrs)
        if tag in SILENT:
            self._silent += 1
        if tag != "html" and "lang" in values:
            self._foreign.append(tag)
        if not self._foreign and values.get("name") not in ("viewport", "htmx-config", "theme-color"):
            shown = (*READ_ATTRIBUTES, *(name for name in values if tag == "template"))
            self.found += [value.strip() for name in shown if (value := values.get(name)) and value.strip()]

    def handle_endtag(self, tag: str) -> None:
        """The end of a silent or foreign part."""
        if tag in SILENT:
            self._silent -= 1
        if self._foreign and self._foreign[-1] == tag:
            self._foreign.pop()

    def handle_data(self, data: str) -> None:
        """A piece of text."""
        if not self._silent and not self._foreign and data.strip():
            self.found.append(" ".join(data.split()))


@cache
def _our_words() -> frozenset[str]:
    """Our Indonesian texts that read differently in English."""
    entries = polib.pofile(str(ROOT / catalogue.CATALOGUE))
    return frozenset(
        entry.msgid.strip() for entry in entries if entry.msgstr != entry.msgid and "%(" not in entry.msgid
    )


def _pages(row: Row, cast: Cast) -> dict[str, list[str]]:
    """What the first person who may open it reads, by language."""
    thing, *given = row.thing.split(",")
    found = {**OBJECTS[thing](World(cast)), **dict(pair.split("=") for pair in given)}
    address = next(address for address in addresses() if address.name == row.name)
    path = reverse(row.name, kwargs={key: found[key] for key in address.parameters})
    person = next(name for name, code in row.codes.items() if code in (200, 422))
    client, texts = Client(), {}
    if cast[person]:
        client.force_login(cast[person])
    for language in ("id", "en"):
        client.cookies["bahasa"] = language
        with transaction.atomic():
            answer = getattr(client, row.method.lower())(path)
            transaction.set_rollback(True)
        is_page = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
        texts[language] = Texts(answer.content.decode()).found if is_page else []
    return texts


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_a_page_speaks_one_language(row: Row, cast: Cast) -> None:
    texts = _pages(row, cast)
    indonesian_left = {text for text in texts["en"] if text.strip(" :·–().") in _our_words() - TYPED}
    english_left = {text for text in texts["id"] if ENGLISH.search(text)}
    assert not indonesian_left and not english_left


# -- entrance and second factor, with their errors --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/masuk/", {}),
        ("/masuk/", {"login": "panitia", "password": "salah"}),
        ("/sandi/lupa/", {}),
    ],
)
def test_errors_at_the_entrance_are_indonesian(path: str, values: dict, cast: Cast, client: Client) -> None:
    texts = Texts(client.post(path, values).content.decode()).found
    assert not {text for text in texts if ENGLISH.search(text)}


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
    ],
)
def test_errors_of_ones_own_account_are_indonesian(path: str, values: dict, cast: Cast) -> None:
    client = Client()
    client.post("/masuk/", {"login": "panitia", "password": PASSWORD})
    answer = client.post(path, values, follow=True)
    texts = Texts(answer.content.decode()).found
    assert answer.status_code in (200, 409, 422) and texts
    assert not {text for text in texts if ENGLISH.search(text)}


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
