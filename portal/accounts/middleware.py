"""The ends of a session: idle too long, account or positions gone, second factor missing."""

from __future__ import annotations

import time
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts import actions
from portal.accounts.queries import has_second_factor
from portal.accounts.rules import must_have_second_factor
from portal.accounts.session import HAD_HATS, LAST_SEEN, PARKED_FIELD, keepable
from portal.web.access import go_to, is_background, login_required_response

REMEMBER_EVERY = 60  # seconds: how exactly the last activity is known


def open_to_all(view: Any) -> bool:
    """Whether people who are not logged in may call this view."""
    access = getattr(view, "access", None)
    return access is not None and bool(access.who(AnonymousUser()))


class IdleTimeoutMiddleware:
    """Treats an idle session as logged out, but remembers whose it was: a form that arrives late is kept for its owner.

    The user is anonymous for everything behind; `request.idle_user` is who would have to log in again, else None.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        request.idle_user = None
        if request.user.is_authenticated and _idle_seconds(request) > settings.IDLE_MINUTES * 60:
            request.idle_user, request.user = request.user, AnonymousUser()
        response = self.get_response(request)
        if request.user.is_authenticated:
            # Neither a proxy nor the next person at this computer gets the page from a cache.
            response.headers.setdefault("Cache-Control", "private, no-cache")
            _remember(request)
            if request.method == "POST" and response.status_code < 400 and request.POST.get(PARKED_FIELD):
                actions.discard_parked_form(request.user, request.POST[PARKED_FIELD])
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> Any:
        """Ends the session of who has lost all positions; keeps the form of who was idle for too long."""
        if request.user.is_authenticated and request.session.get(HAD_HATS) and not request.user.hats:
            logout(request)
            if not is_background(request):
                messages.warning(request, _("Jabatan Anda sudah berakhir, sehingga Anda dikeluarkan dari portal."))
        late = request.idle_user and request.method == "POST" and not is_background(request)
        if not late or open_to_all(view) or _holds_secrets(request):
            return None
        files = [f"{field}: {file.name}" for field, file in request.FILES.items()]
        form = actions.park_form(request.idle_user, request.get_full_path(), keepable(request.POST), files)
        return login_required_response(request, back_to=reverse("parked_form", args=[form.pk]) if form else "")


class SecondFactorMiddleware:
    """Leads people whose role demands a second factor, and who have none, to the page that connects an app."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> Any:
        """The way to the activation page, or None when nothing is missing."""
        if not request.user.is_authenticated or not must_have_second_factor(request.user):
            return None
        if getattr(view, "before_second_factor", False) or open_to_all(view) or has_second_factor(request.user):
            return None
        return go_to(request, reverse("mfa_activate_totp"))


def _idle_seconds(request: Any) -> float:
    return time.time() - request.session.get(LAST_SEEN, time.time())


def _holds_secrets(request: Any) -> bool:
    """Forms of allauth hold codes and passwords: they are typed anew."""
    name = request.resolver_match.url_name or ""
    return name.startswith(("account_", "mfa_"))


def _remember(request: Any) -> None:
    """Note the activity, at most once a minute; questions that a page asks by itself are none."""
    if request.headers.get("X-Requested-With") == "poll":
        return
    if LAST_SEEN in request.session and _idle_seconds(request) < REMEMBER_EVERY:
        return
    request.session[LAST_SEEN] = int(time.time())
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
