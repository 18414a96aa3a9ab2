"""What people read or hear on a page, and in which language it is."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

import polib

from portal.launch import catalogue
from tests.cast import PARTS
from tests.sources import ROOT

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
    "Data",
    # words of lists that are data and stay Indonesian: units, readiness files, steps of the rubric
    "Dokumen", "Foto", "Laporan", "Berkas lain", "Belum ada", "Tidak ada",
    # names of registers and wordings, and what papers call who signs them
    "Berita acara", "Kontrak kerja TPL-IKM", "PIHAK KESATU", "PIHAK KEDUA", "Saksi",
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
def our_words() -> frozenset[str]:
    """Our Indonesian texts that read differently in English."""
    entries = polib.pofile(str(ROOT / catalogue.CATALOGUE))
    return frozenset(
        entry.msgid.strip() for entry in entries if entry.msgstr != entry.msgid and "%(" not in entry.msgid
    )


def wrong_language(html: str, language: str) -> set[str]:
    """The texts that do not belong on a page in that language: English ones, or our Indonesian ones."""
    texts = Texts(html).found
    if language == "en":
        return {text for text in texts if text.strip(" :·–().") in our_words() - TYPED}
    return {text for text in texts if ENGLISH.search(text.replace("(Delete)", ""))}
