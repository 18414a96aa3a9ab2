"""E-mail about contracts. A server that does not answer never holds anything up."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils.translation import ngettext, override

from programs.queries.contract_reminders import Letter

SECONDS = 10
"""So long an answer of the mail server is waited for."""

log = logging.getLogger(__name__)


def open_mailbox() -> Any | None:
    """A connection to the mail server; None when there is none or it does not answer."""
    if not settings.EMAIL_HOST:
        return None
    connection = get_connection(timeout=SECONDS)
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        log.warning("the mail server does not answer: %s", error)
        return None
    return connection


def send_reminder(letter: Letter, connection: Any) -> bool:
    """Whether the server took the letter."""
    with override(settings.LANGUAGE_CODE):
        count = len(letter.contracts)
        subject = ngettext("%(n)s kontrak akan berakhir", "%(n)s kontrak akan berakhir", count) % {"n": count}
        text = render_to_string(
            "mail/contracts_ending.txt", {"letter": letter, "address": settings.PUBLIC_URL}
        )  # fmt: skip
    message = EmailMessage(subject, text, None, [letter.person.email], connection=connection)
    try:
        return bool(message.send())
    except (OSError, SMTPException) as error:
        log.warning("a reminder to user %s was not taken: %s", letter.person.pk, error)
        return False
