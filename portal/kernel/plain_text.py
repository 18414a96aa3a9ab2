"""Text without characters that no paper, spreadsheet or database can hold."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile("[\x0b\x0c]")  # line and page breaks of word processors
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff"  # no XML, so no XLSX and no PDF/A
    "\u202a-\u202e\u2066-\u2069]"  # turn the line around: a paper would read otherwise than what was approved
)


def is_plain(text: str) -> bool:
    """Whether the text holds nothing but characters that can be stored and printed."""
    return not (_BREAKS.search(text) or _UNPRINTABLE.search(text))


def plain(text: str) -> str:
    """The text with breaks of word processors as spaces and without other control characters and halves of pairs."""
    return _UNPRINTABLE.sub("", _BREAKS.sub(" ", text))


def one_line(text: str) -> str:
    """The plain text on one line, without characters that nobody sees and with accents in one piece.

    So that a name is the same whether it was typed, pasted from WhatsApp or came from a Mac.
    """
    seen = "".join(each for each in plain(text) if unicodedata.category(each) != "Cf")
    return " ".join(unicodedata.normalize("NFC", seen).split())
