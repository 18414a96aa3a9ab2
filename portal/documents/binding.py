"""Binding stored papers into one PDF for the printer: each begins on a sheet of its own, with a bookmark.

It is for printing alone: marks of archives and tags for screen readers stay in the papers themselves.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import PurePath
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from portal.documents.packing import Packed, content_of, put_away
from portal.kernel.errors import PortalError


class NoPaper(PortalError):
    """A file of the bundle is no PDF that could be bound."""


def bind(entries: Sequence[Mapping[str, Any]], name: str, told: Callable[[int], None]) -> Packed:
    """The PDF of these entries, kept under that name; `told` hears how many files are in it after each.

    Printed on both sides, no paper begins on the back of another one: an odd number of pages is followed by an empty
    one of the same size.
    Errors: MissingFile, NoPaper.
    """
    with ExitStack() as opened, tempfile.TemporaryFile() as stream:
        book = opened.enter_context(pikepdf.new())
        marks = []
        for number, entry in enumerate(entries, start=1):
            marks.append((PurePath(entry["name"]).stem, len(book.pages)))
            _append(book, opened.enter_context(_paper(entry)))
            told(number)
        with book.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(title, page) for title, page in marks)
        book.save(stream, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return put_away(stream, name)


def _paper(entry: Mapping[str, Any]) -> pikepdf.Pdf:
    """The entry as a PDF; it must stay open until the book is saved, which copies its pages only then."""
    try:
        return pikepdf.open(io.BytesIO(content_of(entry)))
    except pikepdf.PdfError as error:
        raise NoPaper(_("Berkas “%(name)s” bukan PDF yang dapat dicetak.") % {"name": entry["name"]}) from error


def _append(book: pikepdf.Pdf, paper: pikepdf.Pdf) -> None:
    for page in paper.pages:
        for key in ("/StructParents", "/Annots"):  # they would point into the paper's own tree
            if key in page:
                del page[key]
    book.pages.extend(paper.pages)
    if len(book.pages) % 2:
        width, height = (float(length) for length in list(book.pages[-1].mediabox)[2:])
        book.add_blank_page(page_size=(width, height))
