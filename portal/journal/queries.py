"""Reading the journal: filtered, page by page, and per object."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.journal.models import STATUS, Entry

PAGE = 50
EXPORT = 20_000
LAST_DAY = dt.date(9998, 12, 31)
"""A day that still has a day after it, whatever somebody types."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for. An empty value does not restrict."""

    person: int | None = None
    kind: str = ""
    verb: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of entries, newest first. `older`: the id from which the next page goes on, None on the last."""

    entries: list[Entry]
    older: int | None


def search(filters: Filters) -> models.QuerySet[Entry]:
    """The entries that fit, newest first."""
    found = Entry.objects.all()
    exact = {"actor_id": filters.person, "object_type": filters.kind, "verb": filters.verb}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if filters.since:
        found = found.filter(at__gte=_midnight(filters.since))
    if filters.until:
        found = found.filter(at__lt=_midnight(min(filters.until, LAST_DAY) + dt.timedelta(days=1)))
    for word in filters.text.split():
        found = found.annotate(changes_text=Cast("changes", TextField())).filter(
            Q(object_label__icontains=word)
            | Q(actor_name__icontains=word)
            | Q(verb__icontains=word)
            | Q(note__icontains=word)
            | Q(changes_text__icontains=word)
        )
    return found


def page_of(found: models.QuerySet[Entry], before: int | None = None) -> Page:
    """The first PAGE entries, or those older than `before`: as fast at the end of the journal as at its beginning."""
    if before:
        found = found.filter(pk__lt=before)
    entries = list(found[: PAGE + 1])
    return Page(entries[:PAGE], entries[PAGE - 1].pk if len(entries) > PAGE else None)


def actors() -> list[tuple[int, str]]:
    """Everybody who ever did something: (pk, name as it reads today)."""
    people = User.objects.filter(pk__in=Entry.objects.order_by().values("actor"))
    return [(person.pk, person.display_name) for person in people.order_by("full_name")]


def kinds() -> list[tuple[str, str]]:
    """The types of objects in the journal with their names, in the order of these."""
    found = Entry.objects.order_by().values_list("object_type", flat=True).distinct()
    return sorted(((kind, kind_label(kind)) for kind in found), key=lambda pair: pair[1].lower())


def verbs() -> list[str]:
    """Every act in the journal."""
    return list(Entry.objects.order_by("verb").values_list("verb", flat=True).distinct())


def kind_label(kind: str) -> str:
    """What a type is called: "rakor.session" gives "Acara"; the type itself when its model is gone."""
    try:
        name = str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind
    return name[:1].upper() + name[1:]


def history_of(obj: models.Model, *others: models.Model, limit: int = 50) -> list[dict]:
    """The latest entries about one object, or about several together, as components/timeline.html shows them.

    Shape: dicts with what, who, at, note, changes [(label, old, new)].
    """
    return [told(entry) for entry in Entry.objects.about(obj, *others)[:limit]]


def told(entry: Entry) -> dict:
    """One entry as components/timeline.html shows it."""
    return {
        "what": _(entry.verb),
        "who": entry.actor_name,
        "at": entry.at,
        "note": entry.note,
        "changes": changes_of(entry),
    }


def changes_of(entry: Entry) -> list[tuple[str, Any, Any]]:
    """(label, old, new) of everything that changed; an empty value is None. Our own words in the reader's language."""
    return [(_(label), *(_shown(value, label) for value in values)) for label, values in entry.changes.items()]


def _shown(value: Any, label: str) -> Any:
    if value in ("", None, [], {}):
        return None
    return _(value) if label == STATUS and isinstance(value, str) else value


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
