"""The tables of moves of an edition and of its minutes. Labels are marked for translation, translated when shown."""

from django.utils.translation import gettext_noop as _

from portal.kernel.workflow import Move, Status, Workflow

MEETING = Workflow(
    name="meeting",
    statuses=(
        Status("persiapan", _("Persiapan"), "neutral"),
        Status("terjadwal", _("Terjadwal"), "info"),
        Status("berlangsung", _("Berlangsung"), "progress"),
        Status("selesai", _("Selesai"), "success"),
        Status("arsip", _("Arsip"), "neutral"),
        Status("dibatalkan", _("Dibatalkan"), "danger"),
    ),
    moves=(
        Move("schedule", _("Tetapkan jadwal"), ("persiapan",), "terjadwal"),
        Move("unschedule", _("Kembalikan ke persiapan"), ("terjadwal",), "persiapan", note_required=True),
        Move("open", _("Buka rakor"), ("terjadwal",), "berlangsung"),
        Move("close", _("Tutup rakor"), ("berlangsung",), "selesai", confirm=_("Tutup rakor ini?")),
        Move(
            "archive", _("Arsipkan"), ("selesai",), "arsip",
            confirm=_("Setelah diarsipkan, rakor tidak dapat diubah."),
        ),
        Move(
            "cancel", _("Batalkan rakor"), ("persiapan", "terjadwal", "berlangsung"), "dibatalkan",
            note_required=True, confirm=_("Pembatalan tidak dapat diurungkan."), evidence=("cancelled_reason",),
        ),
    ),
)  # fmt: skip

MINUTES = Workflow(
    name="minutes",
    statuses=(
        Status("konsep", _("Konsep"), "neutral"),
        Status("diperiksa", _("Diperiksa"), "progress"),
        Status("final", _("Final"), "success"),
    ),
    moves=(
        Move("submit", _("Ajukan untuk diperiksa"), ("konsep",), "diperiksa"),
        Move("return", _("Kembalikan ke notulis"), ("diperiksa",), "konsep", note_required=True),
        Move(
            "finalise", _("Tetapkan final"), ("diperiksa",), "final",
            confirm=_("Notula dikunci setelah ditetapkan final."), evidence=("finalised_at", "chair", "recorder"),
        ),
        Move("reopen", _("Buka kembali"), ("final",), "konsep", note_required=True, evidence=("version",)),
    ),
)  # fmt: skip

DESK = Workflow(
    name="desk",
    statuses=(
        Status("menunggu", _("Menunggu"), "neutral"),
        Status("dipanggil", _("Dipanggil"), "warning"),
        Status("berlangsung", _("Di meja"), "progress"),
        Status("ditutup", _("Selesai"), "success"),
    ),
    moves=(
        Move("call", _("Panggil"), ("menunggu",), "dipanggil", evidence=("called_at",)),
        Move("uncall", _("Batalkan panggilan"), ("dipanggil",), "menunggu"),
        Move("open", _("Buka desk"), ("menunggu", "dipanggil"), "berlangsung", evidence=("opened_at", "leader")),
        Move(
            "close", _("Tutup desk"), ("berlangsung",), "ditutup",
            confirm=_("Setelah desk ditutup, putusan berlaku dan usulan terkunci."),
            evidence=("closed_at", "closed_by", "document"),
        ),
    ),
)  # fmt: skip

AGREEMENT = Workflow(
    name="agreement",
    statuses=(
        Status("rekap", _("Rekap desk"), "progress"),
        Status("disepakati", _("Disepakati pleno"), "info"),
        Status("ditandatangani", _("Ditandatangani"), "success"),
    ),
    moves=(
        Move(
            "agree", _("Sahkan kesepakatan pleno"), ("rekap",), "disepakati",
            confirm=_("Kesepakatan menjadi terbaca oleh semua kabupaten/kota."),
            evidence=("agreed_at", "chair", "document"),
        ),
        Move("reopen", _("Buka kembali pleno"), ("disepakati",), "rekap", note_required=True),
        Move(
            "sign", _("Simpan pindaian bertanda tangan"), ("disepakati",), "ditandatangani",
            confirm=_("Sesudah ini perubahan hanya melalui adendum."),
            evidence=("signed_on", "scan", "scan_sha256", "scan_pages", "scanned_by"),
        ),
    ),
)  # fmt: skip

LETTER = Workflow(
    name="letter",
    statuses=(
        Status("konsep", _("Konsep"), "neutral"),
        Status("diparaf", _("Diparaf"), "progress"),
        Status("disetujui", _("Disetujui, bernomor"), "info"),
        Status("terkirim", _("Terkirim"), "success"),
        Status("dibatalkan", _("Dibatalkan"), "danger"),
    ),
    moves=(
        Move("initial", _("Bubuhkan paraf"), ("konsep",), "diparaf", evidence=("initialled_at", "initialled_by")),
        Move("return", _("Kembalikan ke konsep"), ("diparaf",), "konsep", note_required=True),
        Move(
            "approve", _("Setujui dan beri nomor"), ("diparaf",), "disetujui",
            confirm=_("Nomor surat diambil dari register dan isinya tidak berubah lagi."),
            evidence=("approved_at", "approved_by", "dated_on", "register"),
        ),
        Move(
            "send", _("Kirim"), ("disetujui",), "terkirim",
            confirm=_("Setiap penerima melihat suratnya di portal."), evidence=("sent_at",),
        ),
        Move(
            "cancel", _("Batalkan surat"), ("konsep", "diparaf", "disetujui"), "dibatalkan", note_required=True,
            confirm=_("Nomor yang sudah diambil menjadi nomor batal."), evidence=("cancelled_reason",),
        ),
    ),
)  # fmt: skip

REGISTRATION = Workflow(
    name="registration",
    statuses=(
        Status("terdaftar", _("Terdaftar"), "success"),
        Status("diganti", _("Diganti"), "neutral"),
        Status("batal", _("Batal"), "danger"),
    ),
    moves=(
        Move("replace", _("Ganti peserta"), ("terdaftar",), "diganti", note_required=True, evidence=("status_reason",)),
        Move("cancel", _("Batalkan peserta"), ("terdaftar",), "batal", note_required=True, evidence=("status_reason",)),
        Move("readmit", _("Daftarkan kembali"), ("diganti", "batal"), "terdaftar"),
    ),
)
