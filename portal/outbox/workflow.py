"""The life of a message: looked at by a person, sent by a worker. What is uncertain waits for a person again."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from portal.kernel.workflow import Move, Status, Workflow

WAITING, RELEASED, SENDING = "menunggu", "dilepas", "mengirim"
SENT, FAILED, UNCERTAIN, DROPPED = "terkirim", "gagal", "tak_pasti", "batal"

OPEN = (WAITING, RELEASED)
"""Statuses in which there is one message per topic and recipient, and what is put joins it."""

SHOWN = (RELEASED, SENDING, SENT, FAILED, UNCERTAIN)
"""Statuses in which the recipient reads the message in the portal."""

OUTBOX_LOCK = 0x504F5354
"""Class of the advisory lock on a message that is being sent ("POST")."""

MESSAGE = Workflow(
    name="message",
    statuses=(
        Status(WAITING, _("Menunggu dilihat"), "warning"),
        Status(RELEASED, _("Dilepas"), "info"),
        Status(SENDING, _("Sedang dikirim"), "progress"),
        Status(SENT, _("Terkirim"), "success"),
        Status(FAILED, _("Gagal"), "danger"),
        Status(UNCERTAIN, _("Tidak pasti"), "warning"),
        Status(DROPPED, _("Batal"), "neutral"),
    ),
    moves=(
        Move("release", _("Lepas pesan"), (WAITING,), RELEASED, evidence=("released_at",)),
        Move("hold", _("Tahan pesan yang berubah"), (RELEASED, FAILED), WAITING),
        Move("start", _("Mulai mengirim pesan"), (RELEASED,), SENDING, evidence=("claimed_at", "attempts")),
        Move("publish", _("Sampaikan pesan di portal"), (RELEASED,), SENT, evidence=("sent_at",)),
        Move("finish", _("Pesan diterima server surel"), (SENDING,), SENT, evidence=("sent_at",)),
        Move("postpone", _("Tunda pengiriman pesan"), (SENDING,), RELEASED, evidence=("next_at",)),
        Move("fail", _("Pengiriman pesan gagal"), (RELEASED, SENDING), FAILED, evidence=("error",)),
        Move("lose", _("Pengiriman pesan terputus"), (SENDING,), UNCERTAIN),
        Move("resend", _("Kirim ulang pesan"), (SENT, FAILED, UNCERTAIN), RELEASED, evidence=("released_at",)),
        Move("settle_sent", _("Nyatakan sudah sampai"), (UNCERTAIN, FAILED), SENT, evidence=("sent_at",)),
        Move("settle_unsent", _("Nyatakan tidak sampai"), (UNCERTAIN,), FAILED, evidence=("error",)),
        Move("drop", _("Batalkan pesan"), (WAITING, RELEASED, FAILED, UNCERTAIN), DROPPED),
    ),
)  # fmt: skip
