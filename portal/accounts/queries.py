"""Reading: second factor, sessions, forms that wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse
from django.utils import timezone

from portal.accounts.devices import device_name
from portal.accounts.models import ParkedForm


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One browser in which a person is logged in. `idle`: it has to log in again before it can go on."""

    device: str
    user_agent: str
    address: str
    started_at: dt.datetime
    seen_at: dt.datetime
    current: bool
    idle: bool


def has_second_factor(user: Any) -> bool:
    """Whether an authenticator app is connected."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def unused_recovery_codes(user: Any) -> list[str]:
    """The recovery codes that were not used yet; [] when there are none."""
    found = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return found.wrap().get_unused_codes() if found else []


def sessions_of(user: Any, current_key: str) -> list[OwnSession]:
    """The browsers in which this person is logged in: this one first, then the last seen."""
    rows = UserSession.objects.filter(user=user).order_by("-last_seen_at")
    keys = [row.session_key for row in rows]
    alive = set(
        Session.objects.filter(pk__in=keys, expire_date__gt=timezone.now()).values_list("session_key", flat=True)
    )
    idle_before = timezone.now() - dt.timedelta(minutes=settings.IDLE_MINUTES)
    found = [
        OwnSession(
            device=device_name(row.user_agent),
            user_agent=row.user_agent,
            address=row.ip,
            started_at=row.created_at,
            seen_at=row.last_seen_at,
            current=row.session_key == current_key,
            idle=row.last_seen_at < idle_before,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(found, key=lambda session: not session.current)


def field_label(name: str) -> str:
    """What people call a field of a form: the words of a model that has a field of this name, else the name itself."""
    for model in apps.get_models():
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        label = str(getattr(field, "verbose_name", name))
        return label[:1].upper() + label[1:]
    return name


def waiting_form_url(user: Any) -> str:
    """Address of the latest form that this person sent after the session had ended, "" when none waits."""
    form = ParkedForm.objects.of(user).only("pk").first()
    return reverse("parked_form", args=[form.pk]) if form else ""
