"""The table of moves of a proposal. Labels are marked for translation, translated when shown."""

from django.utils.translation import gettext_noop as _

from portal.kernel.workflow import Move, Status, Workflow
from programs.rules import DECIDED, WRITABLE

PROPOSAL = Workflow(
    name="proposal",
    statuses=(
        Status("konsep", _("Konsep"), "neutral"),
        Status("menunggu_kadis", _("Menunggu kadis"), "progress"),
        Status("diajukan", _("Diajukan"), "info"),
        Status("dikembalikan", _("Dikembalikan"), "warning"),
        Status("lolos", _("Lolos verifikasi"), "progress"),
        Status("siap_desk", _("Siap desk"), "info"),
        Status("disepakati", _("Disepakati"), "success"),
        Status("perbaikan", _("Disepakati dengan perbaikan"), "success"),
        Status("ditunda", _("Ditunda"), "warning"),
        Status("tidak_disepakati", _("Tidak disepakati"), "danger"),
        Status("dialihkan", _("Dialihkan"), "accent"),
        Status("ditarik", _("Ditarik"), "neutral"),
    ),
    moves=(
        Move("submit", _("Ajukan ke kepala dinas"), WRITABLE, "menunggu_kadis"),
        Move("recall", _("Tarik kembali untuk diubah"), ("menunggu_kadis",), "konsep"),
        Move("decline", _("Kembalikan ke operator"), ("menunggu_kadis",), "konsep", note_required=True),
        Move(
            "send", _("Setujui dan kirim ke provinsi"), ("menunggu_kadis",), "diajukan",
            confirm=_("Setelah dikirim, usulan tidak dapat diubah kecuali dikembalikan oleh verifikator."),
            evidence=("sent_at", "sent_by"),
        ),
        Move("return", _("Kembalikan ke kabupaten/kota"), ("diajukan", "lolos"), "dikembalikan", note_required=True),
        Move("pass", _("Nyatakan lolos verifikasi"), ("diajukan",), "lolos", evidence=("score",)),
        Move("reopen", _("Buka kembali verifikasi"), ("lolos",), "diajukan", note_required=True),
        Move("ready", _("Siapkan untuk desk"), ("lolos",), "siap_desk"),
        Move("unready", _("Keluarkan dari desk"), ("siap_desk",), "lolos", note_required=True),
        Move(
            "withdraw", _("Tarik usulan"), ("konsep", "menunggu_kadis", "diajukan", "dikembalikan", "lolos"), "ditarik",
            note_required=True,
            confirm=_("Usulan yang ditarik tidak ikut dibahas di desk."),
        ),
        Move("agree", _("Disepakati"), ("siap_desk", *DECIDED), "disepakati", evidence=("agreed_rupiah",)),
        Move(
            "amend", _("Disepakati dengan perbaikan"), ("siap_desk", *DECIDED), "perbaikan",
            evidence=("agreed_rupiah",),
        ),
        Move(
            "postpone", _("Ditunda"), ("siap_desk", *DECIDED), "ditunda", note_required=True,
            evidence=("agreed_rupiah",),
        ),
        Move(
            "refuse", _("Tidak disepakati"), ("siap_desk", *DECIDED), "tidak_disepakati", note_required=True,
            evidence=("agreed_rupiah",),
        ),
        Move(
            "redirect", _("Dialihkan"), ("siap_desk", *DECIDED), "dialihkan", note_required=True,
            evidence=("agreed_rupiah",),
        ),
    ),
)  # fmt: skip

VERDICT_MOVES = {
    "disepakati": "agree",
    "perbaikan": "amend",
    "ditunda": "postpone",
    "tidak_disepakati": "refuse",
    "dialihkan": "redirect",
}
"""Which move a verdict becomes when it is applied."""
