"""Verbs on subscribed calendars: whoever knows the secret address reads them, so it can be changed at any time."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from rakor.models import CalendarFeed, Registration
from rakor.models.reminders import new_key


def subscribe(*, user: Any = None, registration: Registration | None = None) -> CalendarFeed:
    """The calendar of this account, or of this participant without one; the one there is on a second click."""
    owner = {"user": user} if user is not None else {"registration": registration}
    known = CalendarFeed.objects.filter(**owner).first()
    if known:
        return known
    try:
        with transaction.atomic():
            feed = CalendarFeed.objects.create(**owner)
            record(gettext_noop("Membuat langganan kalender"), user or registration, by=user)
    except IntegrityError:  # two clicks at once
        return CalendarFeed.objects.get(**owner)
    return feed


@transaction.atomic
def change_address(feed: CalendarFeed) -> CalendarFeed:
    """The calendar under a new address; the old one is not known any more."""
    feed.key, feed.made_at, feed.read_at = new_key(), timezone.now(), None
    feed.save(update_fields=["key", "made_at", "read_at"])
    record(gettext_noop("Mengganti alamat kalender"), feed.user or feed.registration, by=feed.user)
    return feed


@transaction.atomic
def unsubscribe(feed: CalendarFeed) -> None:
    """Take the calendar away: phones that ask for it find nothing."""
    record(gettext_noop("Menghentikan langganan kalender"), feed.user or feed.registration, by=feed.user)
    feed.delete()
