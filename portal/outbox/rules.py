"""Who looks at messages before they leave. The platform knows no roles: a domain app says who keeps the outbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.decision import Decision, allow_if
from portal.outbox.workflow import FAILED, MESSAGE, RELEASED, SENT, UNCERTAIN, WAITING

_keepers: list[Callable[[Any], Decision]] = []


def register_keepers(rule: Callable[[Any], Decision]) -> None:
    """Plug in who looks after messages (called once, from AppConfig.ready)."""
    if rule not in _keepers:
        _keepers.append(rule)


def keepers(user: Any) -> Decision:
    """Panitia dan Kepala Bidang Provinsi."""
    return allow_if(
        any(rule(user) for rule in _keepers), _("Kotak keluar diurus oleh panitia dan Kepala Bidang Provinsi.")
    )


def may_release(user: Any, message: Any) -> Decision:
    """Let a message leave: its keepers, after they have looked at it."""
    return keepers(user) & _in(message, WAITING)


def may_resend(user: Any, message: Any) -> Decision:
    """Send again what was sent, was refused, or is uncertain."""
    return keepers(user) & _in(message, SENT, FAILED, UNCERTAIN)


def may_settle(user: Any, message: Any) -> Decision:
    """Say whether an uncertain message arrived, or that a refused one was told in another way."""
    return keepers(user) & _in(message, UNCERTAIN, FAILED)


def may_drop(user: Any, message: Any) -> Decision:
    """Throw away what nobody shall be told any more."""
    return keepers(user) & _in(message, WAITING, RELEASED, FAILED, UNCERTAIN)


def _in(message: Any, *statuses: str) -> Decision:
    label = _(MESSAGE.status(message.status).label)
    return allow_if(message.status in statuses, _("Pesan ini berstatus “%(status)s”.") % {"status": label})
