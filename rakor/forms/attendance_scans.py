"""Reading what a device at the door sends: a list of scans in JSON, each of which may be broken by itself."""

from __future__ import annotations

import datetime as dt
import json
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked
from portal.kernel.plain_text import plain
from portal.web.parameters import LARGEST
from rakor.facts.attendance import Broken, Scan, moment_of_scan
from rakor.models import AttendanceList, CheckIn, Registration

MOST = 200
"""Scans in one sending."""

DOOR_METHODS = (CheckIn.Method.QR, CheckIn.Method.NAME)
NEWCOMER = ("name", "institution", "title", "category")
HEX = frozenset("0123456789abcdef")


class Unreadable(Blocked):
    """The sending as a whole cannot be read."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What a device sent: its name, what it knows already (`since`), and its scans."""

    device: str
    since: int
    items: list[Scan | Broken]


def read_sending(body: bytes, attendance_list: AttendanceList) -> Sending:
    """The sending with every scan's moment by our clock.

    Errors: Unreadable. A scan that makes no sense is a Broken among the others.
    """
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("Kiriman perangkat tidak terbaca.")) from error
    items = sent.get("items", []) if isinstance(sent, dict) else None
    if not isinstance(items, list):
        raise Unreadable(_("Kiriman perangkat tidak terbaca."))
    if len(items) > MOST:
        raise Unreadable(_("Paling banyak %(n)s pemindaian sekali kirim.") % {"n": MOST})
    sent_at = _number(sent.get("sent_at"))
    if sent_at is None and items:
        raise Unreadable(_("Kiriman perangkat tidak menyebut jamnya sendiri."))
    since, now = sent.get("since"), timezone.now()
    midnight = timezone.make_aware(dt.datetime.combine(attendance_list.on, dt.time()))
    return Sending(
        device=_text(sent.get("device"), 40),
        since=since if isinstance(since, int) and not isinstance(since, bool) and since >= 0 else 0,
        items=[_scan(item, sent_at or 0.0, now, midnight) for item in items],
    )


def _scan(item: Any, sent_at: float, now: dt.datetime, earliest: dt.datetime) -> Scan | Broken:
    if not isinstance(item, Mapping):
        return Broken("", _("Pemindaian ini tidak terbaca."))
    named = _text(item.get("key"), 64)
    try:
        key = uuid.UUID(named)
    except ValueError:
        return Broken(named, _("Pemindaian ini tidak mempunyai kunci yang sah."))
    at, method = _number(item.get("at")), item.get("method")
    if at is None:
        return Broken(named, _("Pemindaian ini tidak menyebut jamnya."))
    if method not in DOOR_METHODS:
        return Broken(named, _("Cara pemindaian ini tidak dikenal."))
    moment = moment_of_scan(at, sent_at, now, earliest)
    if item.get("new") is not None:
        return _newcomer(key, moment, item["new"])
    if item.get("pass"):
        known = item["pass"]
        if not isinstance(known, str) or len(known) != 16 or not HEX.issuperset(known):
            return Broken(named, _("Kode QR ini bukan kartu peserta."))
        return Scan(key, moment, method, pass_hash=known)
    person = item.get("person")
    if not isinstance(person, int) or isinstance(person, bool) or not 0 < person <= LARGEST:
        return Broken(named, _("Pemindaian ini tidak menyebut siapa yang datang."))
    return Scan(key, moment, method, person=person)


def _newcomer(key: uuid.UUID, moment: dt.datetime, sent: Any) -> Scan | Broken:
    if not isinstance(sent, Mapping) or not all(isinstance(sent.get(name) or "", str) for name in NEWCOMER):
        return Broken(str(key), _("Data peserta baru ini tidak terbaca."))
    values: dict[str, Any] = {name: plain(sent.get(name) or "") for name in NEWCOMER}
    if values["category"] not in Registration.Category.values:
        values["category"] = Registration.Category.OTHER
    instead = sent.get("stands_in_for")
    if isinstance(instead, int) and not isinstance(instead, bool) and 0 < instead <= LARGEST:
        values["stands_in_for"] = instead
    return Scan(key, moment, CheckIn.Method.NAME, newcomer=values)


def _text(value: Any, longest: int) -> str:
    """The text on one line, "" for anything else."""
    return " ".join(plain(value).split())[:longest] if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    """A finite number, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
