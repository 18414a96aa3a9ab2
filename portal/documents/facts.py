"""What a paper is made of, in canonical form: the same envelope always gives the same bytes, hash and code."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from portal.documents.shapes import FactsError, check_shape

MAX_BYTES = 1_000_000
"""Facts of one paper: about 230 pages of minutes, which take most of a minute to render."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code survives being read aloud or copied by hand."""

CODE_LENGTH = 10


@dataclass(frozen=True)
class Envelope:
    """Everything that decides what a paper looks like, except where it can be verified."""

    kind: str
    version: int
    paper: str
    facts: dict[str, Any] = field(hash=False)

    @cached_property
    def canonical(self) -> bytes:
        """The bytes that are hashed and attached to the PDF: JSON with sorted keys, no spaces, UTF-8.

        Errors: FactsError when the facts are not plain JSON data, too large, or not of the template's shape.
        """
        check_shape(self.kind, self.version, self.facts)
        content = {"facts": self.facts, "kind": self.kind, "paper": self.paper, "version": self.version}
        try:
            text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
            encoded = text.encode()
        except (TypeError, ValueError) as error:
            raise FactsError(_("Isi dokumen tidak dapat disimpan: %(why)s.") % {"why": error}) from error
        if len(encoded) > MAX_BYTES:
            raise FactsError(
                _("Isi dokumen terlalu panjang (%(size)s kB); batasnya %(limit)s kB. Bagilah menjadi beberapa dokumen.")
                % {"size": len(encoded) // 1000, "limit": MAX_BYTES // 1000}
            )
        return encoded

    @cached_property
    def digest(self) -> str:
        """sha256 of the canonical bytes, in hexadecimal."""
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def code(self) -> str:
        """The short code printed on the paper: the first 50 bits of the digest, without the dash."""
        number = int(self.digest[:16], 16) >> (64 - 5 * CODE_LENGTH)
        return "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * CODE_LENGTH - 5, -1, -5))


def show_code(code: str) -> str:
    """The code as people see it: ABCDE-FGHJK."""
    return f"{code[:5]}-{code[5:]}"


def read_code(typed: str) -> str:
    """The code in what somebody typed: any case, with or without dash, O for 0 and I or L for 1; "" when it is none."""
    letters = "".join(typed.upper().split()).replace("-", "").replace("–", "")
    letters = letters.translate(str.maketrans("OIL", "011"))
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(ALPHABET) else ""
