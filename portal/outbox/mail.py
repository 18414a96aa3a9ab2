"""E-mail of the outbox. A server that does not answer never holds anything up, and its answer is told apart:

taken, refused, not now, or unknown because the link broke after the letter may have been handed over.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from smtplib import (
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from portal.documents.keeping import kept
from portal.kernel.errors import Blocked
from portal.outbox.models import Message

SECONDS = 10
"""So long an answer of the mail server is waited for."""

TAKEN, REFUSED, LATER, UNKNOWN = "taken", "refused", "later", "unknown"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the mail server said: `what` is TAKEN, REFUSED, LATER or UNKNOWN, `sentence` why."""

    what: str
    sentence: str = ""


def open_mailbox() -> Any | None:
    """A connection to the mail server; None when it does not answer."""
    connection = get_connection(timeout=SECONDS)
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        log.warning("the mail server does not answer: %s", error)
        return None
    return connection


def hand_over(message: Message, connection: Any) -> Answer:
    """What the server answered to this message, sent once.

    The same message always bears the same Message-ID, by which mail programs know one that came twice.
    """
    try:
        taken = _letter(message, connection).send()
    except SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()), (550, b""))
        return _refusal(code, words)
    except (SMTPNotSupportedError, ValueError) as error:  # an address or header that no letter can bear
        log.warning("message %s cannot be written as e-mail: %s", message.pk, error)
        return Answer(REFUSED, _("Alamat surelnya tidak sah. Perbaiki pada daftar penerima."))
    except SMTPServerDisconnected:
        return Answer(UNKNOWN, _("Hubungan dengan server surel terputus sebelum ada jawaban."))
    except SMTPResponseException as error:
        return _refusal(error.smtp_code, error.smtp_error)
    except (OSError, SMTPException) as error:
        log.warning("message %s: no answer of the mail server: %s", message.pk, error)
        return Answer(UNKNOWN, _("Server surel tidak menjawab sesudah pesan diserahkan."))
    return Answer(TAKEN) if taken else Answer(REFUSED, _("Pesan tidak mempunyai alamat surel."))


def _letter(message: Message, connection: Any) -> EmailMessage:
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    letter = EmailMessage(
        " ".join(message.subject.split()), _with_foot(message.text), None, [message.email], connection=connection,
        headers={"Message-ID": f"<pesan-{message.pk}-{message.version}@{host}>"},
    )  # fmt: skip
    for name, content, mime in enclosed(message):
        letter.attach(name, content, mime)
    return letter


def enclosed(message: Message) -> list[tuple[str, bytes, str]]:
    """(name, bytes, type) of the files that go with the message.

    Errors: Blocked when a paper's file is gone.
    """
    found = []
    for attachment in message.attachments.select_related("document"):
        content = attachment.content
        if attachment.document is not None:
            content = kept(attachment.document.file.name, attachment.document.sha256)
        if content is None:
            raise Blocked(_("Berkas lampiran “%(name)s” tidak dapat dibaca.") % {"name": attachment.name})
        found.append((attachment.name, bytes(content), attachment.mime))
    return found


def _with_foot(text: str) -> str:
    foot = _("Pesan ini dikirim oleh Portal Rakor. Balasan ke alamat pengirim ini tidak dibaca.")
    return f"{text}\n\n--\n{foot}\n{settings.PUBLIC_URL}\n"


def _refusal(code: int, words: bytes | str) -> Answer:
    said = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    sentence = _("Server surel menolak: %(code)s %(words)s") % {"code": code, "words": said[:300]}
    return Answer(LATER if 400 <= code < 500 else REFUSED, sentence)
