"""What the calendar does for accounts: throws away what has expired."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.accounts.models import ParkedForm, PasswordLink, Throttle
from portal.accounts.models.parked import LIFE


@shared_task
def sweep_accounts() -> None:
    """Delete parked forms older than a day, expired links, quiet doors and ended sessions."""
    now = timezone.now()
    ParkedForm.objects.filter(at__lt=now - LIFE).delete()
    PasswordLink.objects.filter(expires_at__lt=now).delete()
    Throttle.objects.filter(last_at__lt=now - dt.timedelta(days=1)).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
