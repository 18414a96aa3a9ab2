"""Parts of pages that are rendered once for equal content."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

KEPT = 32
"""Fragments kept per process; the one not asked for longest goes first."""

_TOKEN = secrets.token_hex(16)  # unknown outside this process, so no text of a user can be taken for it
_kept: OrderedDict[Hashable, SafeString] = OrderedDict()
_lock = threading.Lock()


def rendered_once(
    template: str, context: Callable[[], dict[str, Any]], *, key: Hashable, forms_of: HttpRequest | None = None
) -> SafeString:
    """The rendered template, from this process's memory when the same content was rendered before.

    `key` is the content itself (values, not a version number): everything the template reads must be in it, so that
    a kept fragment can never be stale. `context` is only asked when it is needed. Nothing of the request may be in the
    template, no user; but with `forms_of`, every `{% csrf_token %}` becomes that request's token.
    """
    text = _remembered(template, context, key)
    if forms_of is None:
        return text
    return mark_safe(text.replace(_TOKEN, get_token(forms_of)))  # noqa: S308  only the token changed


def _remembered(template: str, context: Callable[[], dict[str, Any]], key: Hashable) -> SafeString:
    full = (template, get_language(), key)
    with _lock:
        if full in _kept:
            _kept.move_to_end(full)
            return _kept[full]
    text = render_to_string(template, context() | {"csrf_token": _TOKEN})
    with _lock:
        _kept[full] = text
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return text


def forget_fragments() -> None:
    """Empty the memory."""
    with _lock:
        _kept.clear()
