"""People with places and attendance lists for tests."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from tests.factories import at


def make_registration(meeting: Any, name: str = "Maria Contoh", **values: Any) -> Any:
    """A participant with a place: a delegate of Belu unless told otherwise."""
    from rakor.models import Participant, Registration

    person = Participant.objects.create(
        meeting=meeting,
        name=name,
        institution=values.pop("institution", "Dinas Perindustrian Kabupaten Belu"),
        title=values.pop("title", "Kepala Bidang"),
        regency=values.pop("regency", None),
    )
    values = {"category": "utusan", "source": "panitia", **values}
    return Registration.objects.create(meeting=meeting, participant=person, **values)


def make_registrations(meeting: Any, n: int, *, first: int = 1) -> list[Any]:
    """Many participants in two statements."""
    from rakor.models import Participant, Registration

    people = Participant.objects.bulk_create(
        Participant(meeting=meeting, name=f"Peserta {number:03d}", institution=f"Kantor {number % 22}", title="Staf")
        for number in range(first, first + n)
    )
    return Registration.objects.bulk_create(
        Registration(meeting=meeting, participant=person, category="utusan", source="impor") for person in people
    )


def make_list(meeting: Any, half: str = "pagi", **values: Any) -> Any:
    """The list of the meeting's first morning; who comes after 9.15 is late."""
    from rakor.models import AttendanceList

    values = {"on": meeting.starts_on, **values}
    values.setdefault("late_after", at(9, 15, day=values["on"]) if half == "pagi" else None)
    return AttendanceList.objects.create(meeting=meeting, half=half, **values)


def scan_of(registration: Any = None, at: dt.datetime | None = None, **values: Any) -> dict[str, Any]:
    """One scan as a device sends it, by name unless told otherwise; `at` by the device's clock."""
    from django.utils import timezone

    item = {
        "key": str(uuid.uuid4()),
        "person": registration.pk if registration else None,
        "pass": None,
        "at": (at or timezone.now()).timestamp() * 1000,
        "method": "nama",
    }
    return {**item, **values}
