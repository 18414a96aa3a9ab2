"""Reading the photos of a session."""

from __future__ import annotations

from rakor.models import SessionPhoto


def photos_of(session_id: int) -> list[SessionPhoto]:
    """The photos that are shown, in order. One statement."""
    return list(SessionPhoto.objects.filter(session=session_id, deleted_at__isnull=True).order_by("order", "pk"))
