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

CONTRACT = Workflow(
    name="contract",
    statuses=(
        Status("konsep", _("Konsep"), "neutral"),
        Status("diparaf", _("Diparaf"), "progress"),
        Status("siap_ttd", _("Siap tanda tangan"), "info"),
        Status("sebagian", _("Ditandatangani sebagian"), "progress"),
        Status("aktif", _("Aktif"), "success"),
        Status("berakhir", _("Berakhir"), "neutral"),
        Status("diperpanjang", _("Diperpanjang"), "success"),
        Status("diputus", _("Diputus"), "danger"),
        Status("dibatalkan", _("Dibatalkan"), "danger"),
    ),
    moves=(
        Move("check", _("Paraf"), ("konsep",), "diparaf", evidence=("checked_by", "checked_at")),
        Move("return", _("Kembalikan ke konsep"), ("diparaf",), "konsep", note_required=True),
        Move(
            "approve", _("Setujui dan beri nomor"), ("diparaf",), "siap_ttd",
            confirm=_("Nomor diambil dari register dan naskah dibekukan untuk ditandatangani."),
            evidence=("approved_by", "approved_at", "number", "document"),
        ),
        Move("reopen", _("Buka kembali naskah"), ("siap_ttd",), "konsep", note_required=True),
        Move("begin", _("Tanda tangan pertama"), ("siap_ttd",), "sebagian"),
        Move("activate", _("Tanda tangan terakhir"), ("siap_ttd", "sebagian"), "aktif",
             evidence=("signed_at", "effective_on")),
        Move("end", _("Berakhir"), ("aktif",), "berakhir", evidence=("ended_on",)),
        Move("renew", _("Perpanjang"), ("aktif", "berakhir"), "diperpanjang", evidence=("ended_on",)),
        Move(
            "terminate", _("Putus kontrak"), ("aktif",), "diputus", note_required=True,
            confirm=_("Pemutusan tidak dapat diurungkan."), evidence=("ended_on", "ended_reason"),
        ),
        Move(
            "cancel", _("Batalkan"), ("konsep", "diparaf", "siap_ttd", "sebagian"), "dibatalkan", note_required=True,
            confirm=_("Pembatalan tidak dapat diurungkan; nomornya tidak dipakai lagi."), evidence=("ended_reason",),
        ),
    ),
)  # fmt: skip

WORKER = Workflow(
    name="extension_worker",
    statuses=(
        Status("lulus", _("Lulus"), "neutral"),
        Status("penempatan", _("Penempatan"), "info"),
        Status("kontrak", _("Kontrak berjalan"), "success"),
        Status("selesai", _("Selesai"), "neutral"),
        Status("diputus", _("Diputus"), "danger"),
    ),
    moves=(
        Move("place", _("Tempatkan"), ("lulus",), "penempatan", evidence=("regency",)),
        Move("contract", _("Kontrak berlaku"), ("penempatan", "kontrak"), "kontrak", evidence=("contract_year",)),
        Move("finish", _("Masa kontrak selesai"), ("kontrak",), "selesai"),
        Move("terminate", _("Kontrak diputus"), ("kontrak",), "diputus", note_required=True),
        Move("return", _("Tempatkan kembali"), ("selesai", "diputus"), "penempatan", note_required=True),
    ),
)  # fmt: skip

TEMPLATE = Workflow(
    name="contract_template",
    statuses=(
        Status("konsep", _("Konsep"), "neutral"),
        Status("terbit", _("Terbit"), "success"),
    ),
    moves=(
        Move(
            "publish", _("Terbitkan"), ("konsep",), "terbit",
            confirm=_("Versi yang terbit dibekukan; perubahan berikutnya menjadi versi baru."),
            evidence=("published_at", "published_by", "sha256"),
        ),
    ),
)  # fmt: skip

REPORT = Workflow(
    name="monthly_report",
    statuses=(
        Status("konsep", _("Konsep"), "neutral"),
        Status("diajukan", _("Diajukan"), "info"),
        Status("dikembalikan", _("Dikembalikan"), "warning"),
        Status("disetujui", _("Disetujui"), "success"),
    ),
    moves=(
        Move("submit", _("Ajukan laporan"), ("konsep", "dikembalikan"), "diajukan", evidence=("submitted_at",)),
        Move("recall", _("Tarik kembali"), ("diajukan",), "konsep"),
        Move("return", _("Kembalikan ke penyuluh"), ("diajukan",), "dikembalikan", note_required=True),
        Move("approve", _("Setujui laporan"), ("diajukan",), "disetujui",
             evidence=("approved_at", "approved_by", "document")),
    ),
)  # fmt: skip
