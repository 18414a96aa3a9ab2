"""The worker's part: claim the row, render, store. Safe to run twice, and to be killed at any line.

The claim is a PostgreSQL advisory lock of this session: a killed process frees it at once, so there are no leases to
wait for. The attempt is counted before rendering, so that a paper that kills its worker is given up.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_init, worker_process_init
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.documents import kinds
from portal.documents.binding import bind
from portal.documents.claims import BUNDLE_LOCK, claimed
from portal.documents.facts import Envelope
from portal.documents.keeping import keep
from portal.documents.models import Bundle, Document
from portal.documents.packing import FOLDER as PACKED
from portal.documents.packing import pack
from portal.documents.workflow import BUNDLE, DOCUMENT, MAX_ATTEMPTS
from portal.journal.actions import make_move
from portal.kernel.errors import PortalError
from portal.web.storage import NotWritten, out_of_room

if TYPE_CHECKING:
    from portal.documents.rendering import RenderedPdf

FOLDER = "dokumen"
"""Where their files are kept."""

log = logging.getLogger(__name__)


@worker_init.connect
def _load_before_fork(**_kwargs: object) -> None:
    """Children begin with fonts and style sheets in memory: their first paper takes a third of the time."""
    _preload()


@worker_process_init.connect
def _load_in_child(**_kwargs: object) -> None:
    """The same where children are not forked (solo pool, other platforms); free where they are."""
    _preload()


def _preload() -> None:
    from portal.documents import rendering

    try:
        rendering.preload()
        log.info("ready to print papers: %s", rendering.press().engine)
    except OSError as error:  # missing Pango or fonts: the system check says so; the worker has other work too
        log.error("papers cannot be rendered: %s", error)


@shared_task(name="portal.documents.tasks.render_document")
def render_document(pk: int) -> str:
    """What became of the hint: "busy", "done", "given up", "ready", "failed" or "gone"."""
    with override("id"), claimed(pk) as mine:
        if not mine:
            return "busy"
        document = Document.objects.filter(pk=pk).first()
        if document is None:
            return "gone"
        if not document.at_work:
            return "done"
        if document.attempts >= MAX_ATTEMPTS:
            return _fail(document, _gave_up(), "given up")
        return _attempt(document)


def _attempt(document: Document) -> str:
    make_move(DOCUMENT, "start", document, by=None, attempts=document.attempts + 1, started_at=timezone.now())
    try:
        pdf = _rendered(document)
        file = keep(pdf.content, FOLDER)
    except NotWritten:
        return _fail(document, _no_file(), "failed")
    except PortalError as error:
        return _fail(document, str(error), "failed")
    except SoftTimeLimitExceeded:
        return _fail(
            document, _("Penyusunan dokumen melewati batas waktu. Bagilah isinya, lalu susun ulang."), "failed"
        )
    except Exception as error:  # whatever the facts did to the engine, the row must end with a sentence
        log.exception("document %s could not be rendered", document.pk)
        content = _("Isi dokumen tidak dapat dicetak. Periksa butir yang terakhir diubah, lalu susun ulang.")
        return _fail(document, _no_file() if out_of_room(error) else content, "failed")
    make_move(
        DOCUMENT, "finish", document, by=None, file=file, sha256=pdf.sha256, pages=pdf.pages,
        size=len(pdf.content), engine=pdf.engine, boxed=pdf.boxed[:40], finished_at=timezone.now(),
    )  # fmt: skip
    kinds.tell_ready(document)
    return "ready"


def _rendered(document: Document) -> RenderedPdf:
    """The paper as bytes."""
    from portal.documents import rendering

    envelope = Envelope(document.kind, document.template_version, document.paper, document.facts)
    return rendering.press().render(envelope, document.verify_base)


def _fail(document: Document, sentence: str, outcome: str) -> str:
    make_move(DOCUMENT, "fail", document, by=None, error=sentence, finished_at=timezone.now())
    return outcome


def _no_file() -> str:
    """For whoever waits for a paper: he has typed nothing that could be lost."""
    return _("Berkas tidak dapat ditulis di server. Hubungi pengelola.")


def _gave_up() -> str:
    return _(
        "Penyusunan dokumen terhenti %(times)s kali berturut-turut, sehingga tidak dicoba lagi. "
        "Periksa isinya atau hubungi pengelola, lalu susun ulang."
    ) % {"times": MAX_ATTEMPTS}


@shared_task(name="portal.documents.tasks.pack_bundle")
def pack_bundle(pk: int) -> str:
    """What became of the hint at a bundle: the same words as of render_document."""
    with override("id"), claimed(pk, BUNDLE_LOCK) as mine:
        if not mine:
            return "busy"
        bundle = Bundle.objects.filter(pk=pk).first()
        if bundle is None:
            return "gone"
        if not bundle.at_work:
            return "done"
        if bundle.attempts >= MAX_ATTEMPTS:
            return _fail_bundle(bundle, _gave_up(), "given up")
        return _pack(bundle)


def _pack(bundle: Bundle) -> str:
    make_move(BUNDLE, "start", bundle, by=None, attempts=bundle.attempts + 1)
    row = Bundle.objects.filter(pk=bundle.pk)
    row.update(done=0)
    make = bind if bundle.form == Bundle.Form.PDF else pack
    try:
        made = make(bundle.entries, f"{PACKED}/{bundle.public_id}.{bundle.form}", lambda done: row.update(done=done))
    except (OSError, NotWritten) as error:
        log.error("bundle %s could not be written: %s", bundle.pk, error)
        return _fail_bundle(bundle, _no_file(), "failed")
    except PortalError as error:
        return _fail_bundle(bundle, str(error), "failed")
    except SoftTimeLimitExceeded:
        return _fail_bundle(bundle, _("Pengumpulan berkas melewati batas waktu. Persempit saringannya."), "failed")
    make_move(
        BUNDLE, "finish", bundle, by=None, file=made.file, sha256=made.sha256, size=made.size, done=bundle.total,
        finished_at=timezone.now(),
    )  # fmt: skip
    return "ready"


def _fail_bundle(bundle: Bundle, sentence: str, outcome: str) -> str:
    make_move(BUNDLE, "fail", bundle, by=None, error=sentence, finished_at=timezone.now())
    return outcome
