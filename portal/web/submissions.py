"""What was sent in a form: bound only when something was, answered with 422 when wrong, compared when too late."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict

from portal.kernel.dates import long_date


def sent(request: HttpRequest) -> QueryDict | None:
    """The data a form is bound to: None unless it was posted, also when nothing was filled in."""
    return request.POST if request.method == "POST" else None


def form_status(request: HttpRequest) -> int:
    """The status of a page that shows a form: 422 when it comes back from a POST, which a right one never does."""
    return 422 if request.method == "POST" else 200


def with_form_status(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A form view of Django or allauth that answers a wrong form as ours do: with 422, where theirs say 200."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            response.status_code = form_status(request)
        return response

    return told


def see_version(form: forms.BaseForm, version: int | str, field: str = "version") -> None:
    """Carry this version in the next submission: the user has seen that state of the row now."""
    form.data = form.data.copy()
    form.data[field] = str(version)


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
