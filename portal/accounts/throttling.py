"""Slows down and locks out guessing: each door lets one in again only after a wait that grows with the failures.

Counted in PostgreSQL (decision 0001), before the secret is looked at, so that many tries at once do not slip through.
A door is one person from one address, one person from anywhere, or one address. Who guesses at an account closes that
door for himself; neither others at his address nor the owner elsewhere are locked out.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.models import Throttle
from portal.kernel.errors import Blocked


@dataclass(frozen=True, slots=True)
class Limit:
    """How a kind of door answers. Units: seconds.

    `steps`: (failures, wait) – from so many failures on, so long a wait; `forget`: quiet time after which all is new.
    """

    name: str
    steps: tuple[tuple[int, int], ...]
    forget: int

    def wait(self, failures: int) -> int:
        """How long the door stays shut after that many failures."""
        return max((wait for least, wait in self.steps if failures >= least), default=0)


PERSON_HERE = Limit("person-here", ((3, 10), (4, 30), (5, 300)), forget=900)
PERSON = Limit("person", ((50, 60),), forget=3600)
ADDRESS = Limit("address", ((200, 5),), forget=600)
CODE = Limit("code", ((3, 10), (4, 30), (5, 300)), forget=900)
PASSPHRASE = Limit("passphrase", ((3, 10), (4, 30), (5, 300)), forget=900)
MAIL = Limit("mail", ((3, 300),), forget=3600)
HALL_CODE = Limit("hall-code", ((5, 30), (8, 300)), forget=900)


class TooSoon(Blocked):
    """The door is still shut; the sentence says for how long."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            _("Terlalu banyak percobaan yang gagal. Silakan coba lagi dalam %(time)s.") % {"time": spoken(seconds)}
        )
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Try:
    """One counted try."""

    own: tuple[str, ...]
    shared: tuple[str, ...]

    def succeeded(self) -> None:
        """Take the try back: the person's own doors forget everything, shared ones only this try."""
        Throttle.objects.filter(key__in=self.own).delete()
        Throttle.objects.filter(key__in=self.shared, failures__gt=0).update(failures=F("failures") - 1)


def try_login(login: str, address: str) -> Try:
    """One counted try to log in.

    Errors: TooSoon.
    """
    person = _person(login)
    return _enter(own=[(PERSON_HERE, f"{person}\n{address}")], shared=[(PERSON, person), (ADDRESS, address)])


def try_code(user_id: int) -> Try:
    """One counted try at the second factor.

    Errors: TooSoon.
    """
    return _enter(own=[(CODE, str(user_id))])


def try_passphrase(user_id: int) -> Try:
    """One counted try at the passphrase of a signing key.

    Errors: TooSoon.
    """
    return _enter(own=[(PASSPHRASE, str(user_id))])


def try_hall_code(card: str) -> Try:
    """One counted try at the digits of the hall's screen with this card. A hall shares one address, so it counts cards.

    Errors: TooSoon.
    """
    return _enter(own=[(HALL_CODE, card)])


def try_mail(login: str, address: str) -> Try:
    """One counted request for a password by e-mail.

    Errors: TooSoon.
    """
    return _enter(own=[(MAIL, _person(login))], shared=[(ADDRESS, address)])


def spoken(seconds: int) -> str:
    """A length of time in words: "4 menit 5 detik"."""
    minutes, rest = divmod(max(1, seconds), 60)
    parts = [ngettext("%d menit", "%d menit", minutes) % minutes] if minutes else []
    return " ".join(parts + ([ngettext("%d detik", "%d detik", rest) % rest] if rest else []))


def _enter(own: list[tuple[Limit, str]], shared: list[tuple[Limit, str]] | None = None) -> Try:
    doors = {_key(limit, what): limit for limit, what in [*own, *(shared or [])]}
    now = timezone.now()
    with transaction.atomic():
        Throttle.objects.bulk_create([Throttle(key=key, last_at=now) for key in sorted(doors)], ignore_conflicts=True)
        rows = list(Throttle.objects.select_for_update().filter(key__in=doors).order_by("key"))
        waits = []
        for row in rows:
            limit = doors[row.key]
            if row.last_at < now - dt.timedelta(seconds=limit.forget):
                row.failures = 0
            opens_at = row.last_at + dt.timedelta(seconds=limit.wait(row.failures))
            waits.append(-(-(opens_at - now).total_seconds() // 1))
            row.failures, row.last_at = row.failures + 1, now
        if max(waits) > 0:
            raise TooSoon(int(max(waits)))
        Throttle.objects.bulk_update(rows, ["failures", "last_at"])
    return Try(own=tuple(_key(*door) for door in own), shared=tuple(_key(*door) for door in shared or []))


def _person(login: str) -> str:
    """One name for all spellings that find the same account: the database compares in capitals, where "ı" is an "I".

    It does not ask whether there is such an account, nor which e-mail address belongs to which user name: then the
    wait of one name would tell strangers about the other. An account has two names at most, so twice the tries.
    """
    return unicodedata.normalize("NFKC", login.strip()).upper().lower()


def _key(limit: Limit, what: str) -> str:
    return salted_hmac(f"portal.accounts.throttling.{limit.name}", what, algorithm="sha256").hexdigest()
