"""Who looks at messages before they leave, and who reads them. The platform knows no roles: domain apps say it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.decision import Decision, allow_if
from portal.outbox.facts import person_key
from portal.web.access import signed_in

KeysOf = Callable[[Any], Iterable[str]]
PeopleOf = Callable[[Collection[str]], Iterable[Any]]

_keepers: list[Callable[[Any], Decision]] = []
_audiences: list[tuple[KeysOf, PeopleOf]] = []


def register_keepers(rule: Callable[[Any], Decision]) -> None:
    """Plug in who looks after messages (called once, from AppConfig.ready)."""
    if rule not in _keepers:
        _keepers.append(rule)


def register_audiences(keys_of: KeysOf, people_of: PeopleOf) -> None:
    """Plug in which keys a user answers for today, and who answers for keys (called once, from AppConfig.ready)."""
    if (keys_of, people_of) not in _audiences:
        _audiences.append((keys_of, people_of))


def audiences_of(user: Any) -> frozenset[str]:
    """The keys that this user answers for today: himself, his posts and offices."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    return frozenset([person_key(user.pk), *(key for keys_of, _people in _audiences for key in keys_of(user))])


def people_behind(keys: Collection[str]) -> list[Any]:
    """The accounts that answer for any of these keys of posts and offices today."""
    return [person for _keys, people_of in _audiences for person in people_of(keys)]


def keepers(user: Any) -> Decision:
    """Panitia dan Kepala Bidang Provinsi."""
    return allow_if(
        any(rule(user) for rule in _keepers), _("Kotak keluar diurus oleh panitia dan Kepala Bidang Provinsi.")
    )


def told_only(user: Any) -> Decision:
    """Setiap pengguna yang sudah masuk dan tidak mengurus kotak keluar."""
    return signed_in(user) & allow_if(not keepers(user), _("Anda mengurus kotak keluar."))


def may_release(user: Any, message: Any) -> Decision:
    """Let a message leave: its keepers, after they have looked at it."""
    return keepers(user) & _in(message, "menunggu")


def may_resend(user: Any, message: Any) -> Decision:
    """Send again what was sent, was refused, or is uncertain."""
    return keepers(user) & _in(message, "terkirim", "gagal", "tak_pasti")


def may_settle(user: Any, message: Any) -> Decision:
    """Say whether an uncertain message arrived, or that a refused one was told in another way."""
    return keepers(user) & _in(message, "tak_pasti", "gagal")


def may_drop(user: Any, message: Any) -> Decision:
    """Throw away what nobody shall be told any more."""
    return keepers(user) & _in(message, "menunggu", "dilepas", "gagal", "tak_pasti")


def _in(message: Any, *statuses: str) -> Decision:
    label = _(message.state.label)
    return allow_if(message.status in statuses, _("Pesan ini berstatus “%(status)s”.") % {"status": label})
