"""Letters about accounts."""

from __future__ import annotations

from typing import Any

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def send_password_link(user: Any, url: str) -> None:
    """Send this person the link with which to set a new password."""
    text = render_to_string("accounts/mail_password_link.txt", {"person": user, "url": url})
    send_mail(_("Tautan kata sandi baru Portal Rakor"), text, None, [user.email])
