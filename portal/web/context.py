"""What every template may use."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from portal.kernel.dates import zone_label
from portal.web.navigation import menu


def portal(request: HttpRequest) -> dict:
    """Template variables: `nav`, `idle_seconds`, `zone` (WITA)."""
    signed_in = request.user.is_authenticated if hasattr(request, "user") else False
    return {
        "nav": menu(request) if signed_in else [],
        "idle_seconds": settings.IDLE_MINUTES * 60 if signed_in else 0,
        "zone": zone_label(timezone.get_default_timezone()),
    }
