"""What a message is made of, and how it reads: plain values, the same words by e-mail, WhatsApp and in the portal."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

ICS = "text/calendar"

PERSON = "orang@"
"""So the key of a single account begins."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for. `key` is the same for the same recipient of a topic.

    `audience` says who reads it in the portal: keys of posts and offices, answered for on the day it is read
    (portal.outbox.rules.register_audiences), and of single persons (`person_key`).
    """

    key: str
    name: str
    email: str = ""
    phone: str = ""
    audience: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the message has to say, in stored Indonesian. `url` is a path of the portal, or "" for none."""

    key: str
    title: str
    text: str
    url: str = ""

    def stored(self) -> dict[str, str]:
        """What JSON keeps."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a part by e-mail: a paper of the portal by its number, or bytes."""

    name: str
    document_id: int | None = None
    content: bytes = b""
    mime: str = "application/pdf"

    @property
    def digest(self) -> str:
        """sha256 of the bytes; "" for a paper."""
        return hashlib.sha256(self.content).hexdigest() if self.content else ""


def person_key(pk: int) -> str:
    """The key of an audience that is one account."""
    return f"{PERSON}{pk}"


def persons_in(keys: Iterable[str]) -> list[int]:
    """The primary keys of the accounts that are named by themselves among these keys."""
    return [int(key.removeprefix(PERSON)) for key in keys if key.startswith(PERSON)]


def subject_of(parts: list[dict[str, Any]]) -> str:
    """The subject: the first thing said, and how many others."""
    first = parts[0]["title"] if parts else ""
    others = len(parts) - 1
    return f"{first} (dan {others} hal lain)" if others > 0 else first


def text_of(name: str, parts: Iterable[dict[str, Any]], *, site: str) -> str:
    """The whole message as plain text. `site` is the portal's address without a final slash."""
    blocks = [f"Yth. {name},"]
    rows = list(parts)
    for number, part in enumerate(rows, 1):
        title = f"{number}. {part['title']}" if len(rows) > 1 else part["title"]
        lines = [title, part["text"].strip()]
        if part["url"]:
            lines.append(absolute(part["url"], site))
        blocks.append("\n".join(line for line in lines if line))
    return "\n\n".join(blocks)


def absolute(url: str, site: str) -> str:
    """The address with the portal's name before it, unless it has one."""
    return url if "://" in url else f"{site}{url}"


def whatsapp_url(phone: str, text: str) -> str:
    """The address that opens WhatsApp with this text to this number; "" when the number is no mobile number.

    Indonesian numbers are given with 0 or 62 in front.
    """
    digits = re.sub(r"\D", "", phone)
    digits = f"62{digits[1:]}" if digits.startswith("0") else digits
    if not re.fullmatch(r"628\d{7,11}", digits):
        return ""
    return f"https://wa.me/{digits}?text={quote(text)}"
