"""The life of a paper. The worker makes the first three moves, a reader the last."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from portal.kernel.workflow import Move, Status, Workflow

QUEUED, RENDERING, READY, FAILED = "queued", "rendering", "ready", "failed"
WORKING, EXPIRED = "working", "expired"

MAX_ATTEMPTS = 3
"""A paper whose worker died so often kills it by itself: it is given up, others go on."""

DOCUMENT = Workflow(
    name="document",
    statuses=(
        Status(QUEUED, _("Menunggu giliran"), "neutral"),
        Status(RENDERING, _("Sedang disusun"), "progress"),
        Status(READY, _("Siap diunduh"), "success"),
        Status(FAILED, _("Gagal disusun"), "danger"),
    ),
    moves=(
        Move("start", _("Mulai menyusun dokumen"), (QUEUED, RENDERING), RENDERING, evidence=("attempts", "started_at")),
        Move(
            "finish",
            _("Dokumen selesai disusun"),
            (RENDERING,),
            READY,
            evidence=("file", "sha256", "pages", "size", "engine", "finished_at"),
        ),
        Move("fail", _("Penyusunan dokumen gagal"), (QUEUED, RENDERING), FAILED, evidence=("error", "finished_at")),
        Move("retry", _("Susun ulang dokumen"), (FAILED,), QUEUED, evidence=("hinted_at",)),
    ),
)

BUNDLE = Workflow(
    name="bundle",
    statuses=(
        Status(QUEUED, _("Menunggu giliran"), "neutral"),
        Status(WORKING, _("Sedang dikumpulkan"), "progress"),
        Status(READY, _("Siap diunduh"), "success"),
        Status(FAILED, _("Gagal dikumpulkan"), "danger"),
        Status(EXPIRED, _("Sudah dihapus"), "neutral"),
    ),
    moves=(
        Move("start", _("Mulai mengumpulkan berkas"), (QUEUED, WORKING), WORKING, evidence=("attempts",)),
        Move(
            "finish",
            _("Kumpulan berkas selesai"),
            (WORKING,),
            READY,
            evidence=("file", "sha256", "size", "done", "finished_at"),
        ),
        Move("fail", _("Pengumpulan berkas gagal"), (QUEUED, WORKING), FAILED, evidence=("error", "finished_at")),
        Move("retry", _("Kumpulkan ulang"), (FAILED,), QUEUED, evidence=("hinted_at",)),
        Move("expire", _("Menghapus kumpulan berkas"), (READY,), EXPIRED),
    ),
)
"""The life of several files in one ZIP, from order to the day it is thrown away."""
