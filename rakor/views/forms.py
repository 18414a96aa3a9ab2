"""Forms in views: what was sent, and what differs from the stored object when it came too late."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, QueryDict

from portal.kernel.dates import long_date


def sent(request: HttpRequest) -> QueryDict | None:
    """The data a form is bound to: None unless it was posted, also when nothing was filled in."""
    return request.POST if request.method == "POST" else None


def differences(current: models.Model, yours: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(label, stored text, typed text) of every field that differs."""
    return [
        (str(current._meta.get_field(name).verbose_name), shown(getattr(current, name)), shown(value))
        for name, value in yours.items()
        if getattr(current, name) != value
    ]


def shown(value: Any) -> str:
    """The value as people read it."""
    if value is None or value == "":
        return "–"
    return long_date(value) if hasattr(value, "weekday") else str(value)
