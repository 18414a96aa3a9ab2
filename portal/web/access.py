"""Every view declares who may see it and whether it reads or writes (habit 4)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _

from portal.kernel.decision import ALLOW, Decision, deny
from portal.kernel.errors import ensure

Rule = Callable[[Any], Decision]
SAFE = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Access:
    """What a view declared: `who` is the rule asked with the user, `mode` is "reads" or "writes"."""

    who: Rule
    mode: str


class WritingGet(RuntimeError):
    """A GET tried to change data: a mistake of ours, never of the user."""


def everyone(user: Any) -> Decision:
    """Siapa saja, juga tanpa masuk."""
    return ALLOW


def signed_in(user: Any) -> Decision:
    """Setiap pengguna yang sudah masuk."""
    return ALLOW if user.is_authenticated else deny(_("Silakan masuk terlebih dahulu."))


def page(*, who: Rule, reads: bool = False, writes: bool = False) -> Callable:
    """Declare a view: `@page(who=signed_in, reads=True)`. The rule's docstring, first line, goes to docs/access.md.

    Reads answers GET only; writes answers GET (a form) and POST. A GET is never able to write, whatever it declares.
    Errors: Denied when the rule refuses a signed-in user; anonymous users go to the login page and come back.
    """
    if reads == writes:
        raise TypeError("a page either reads or writes")

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in SAFE and (reads or request.method != "POST"):
                return HttpResponseNotAllowed([*SAFE, "POST"] if writes else SAFE)
            decision = who(request.user)
            if not decision and not request.user.is_authenticated:
                return login_required_response(request)
            ensure(decision)
            if request.method in SAFE:
                with forbid_writes():
                    return view(request, *args, **kwargs)
            return view(request, *args, **kwargs)

        guarded.access = Access(who=who, mode="reads" if reads else "writes")
        return guarded

    return declare


def is_background(request: HttpRequest) -> bool:
    """Whether a script sent this request (htmx, fetch or JSON), so that an answer must not be a whole new page."""
    if request.content_type == "application/json":
        return True
    return bool(getattr(request, "htmx", False)) or request.headers.get("X-Requested-With") in ("fetch", "poll")


def login_required_response(request: HttpRequest, back_to: str = "") -> HttpResponse:
    """To the login page and back (to `back_to` if given); scripts get a 401 and log in without leaving the page."""
    if is_background(request):
        return HttpResponse(status=401, headers={"X-Login-Required": "1"})
    return redirect_to_login(back_to or request.get_full_path())


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that also leads a script's page there: htmx obeys HX-Redirect, any other script sees a refusal."""
    if is_background(request):
        return HttpResponse(status=403, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


@contextmanager
def forbid_writes():
    """Refuse every SQL statement that changes rows while the block runs.

    Errors: WritingGet.
    """

    def guard(execute, sql, params, many, context):
        if str(sql).lstrip("( \n").split(" ", 1)[0].upper() in ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE"):
            raise WritingGet(f"a GET must not write: {str(sql)[:120]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(guard):
        yield
