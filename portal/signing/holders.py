"""Whose certificate a signature was made with, and whether that is the person who signed in the portal.

A certificate of the government's service names its holder as the civil register does, without titles, and may carry the
NIK. An account of the portal has the name as it is printed. So the NIK decides where there is one, else the name.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from pyhanko.pdf_utils.reader import PdfFileReader

NIK_FIELDS = ("serial_number", "user_id", "unique_identifier")
"""Parts of a certificate's subject in which a NIK may stand."""

NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")
TITLES = {"h", "hj", "dr", "drs", "dra", "ir", "prof", "kh", "r", "rr", "apt", "ny", "tn"}
"""What may stand before a name and is none; what follows the first comma is none either."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The name in a certificate, and the NIK when it carries one."""

    name: str
    nik: str = ""

    def is_person(self, full_name: str, nik: str) -> bool:
        """Whether that is the person with this NIK and name."""
        return self.nik == nik if self.nik else same_name(self.name, full_name)


def newest_holder(content: bytes) -> Holder:
    """The holder of the certificate of a file's last signature."""
    signature = PdfFileReader(io.BytesIO(content)).embedded_regular_signatures[-1]
    subject = signature.signer_cert.subject.native
    found = (NIK.search(str(subject.get(field, ""))) for field in NIK_FIELDS)
    return Holder(str(subject.get("common_name", "")), next((match[0] for match in found if match), ""))


def same_name(one: str, other: str) -> bool:
    """Whether two ways of writing a name can be the same person's: titles do not count, a part may be left out or be
    an initial, but the first word stands in both, and some word in full."""
    short, long = sorted((_words(one), _words(other)), key=len)
    if not set(short) & set(long) or not _fits(short[0], long[0]):
        return False
    rest = iter(long)
    return all(any(_fits(word, each) for each in rest) for word in short)


def _words(name: str) -> list[str]:
    words = [word.strip(".'’`-") for word in re.split(r"[\s.]+", name.partition(",")[0].casefold())]
    words = [word for word in words if word]
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    return words


def _fits(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
