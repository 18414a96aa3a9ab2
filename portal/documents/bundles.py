"""Ordering several files as one ZIP, or as one PDF for the printer.

The row is the truth, the queue only a hint that it waits, as with papers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from kombu.exceptions import OperationalError

from portal.documents.models import Bundle
from portal.documents.packing import free_names
from portal.documents.tasks import pack_bundle
from portal.documents.workflow import BUNDLE, FAILED, QUEUED, READY, WORKING
from portal.journal.actions import make_move, record
from portal.kernel.errors import Blocked, PortalError

MOST_ENTRIES = {Bundle.Form.ZIP: 2000, Bundle.Form.PDF: 500}
"""A PDF is bound in the worker's memory; a ZIP is not."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """One file of a bundle: kept under `file` with that sha256, or the paper with the number `document`.

    `about` is the number of what it belongs to, by which the bundle's kind asks later whether it may still be read.
    """

    name: str
    file: str = ""
    sha256: str = ""
    document: int | None = None
    about: int | None = None

    def stored(self, name: str) -> dict[str, Any]:
        """The entry under the name it has inside the ZIP."""
        if self.document is not None:
            return {"name": name, "about": self.about, "document": self.document}
        return {"name": name, "about": self.about, "file": self.file, "sha256": self.sha256}


@transaction.atomic
def order_bundle(
    kind: str, title: str, entries: Sequence[BundleEntry], *, by: Any, form: str = Bundle.Form.ZIP
) -> Bundle:
    """These files in one for this person: the bundle ordered before if it is there, or a new one for a worker.

    `form` "pdf" binds papers for the printer, with a bookmark per file and each on a sheet of its own.
    The caller has asked whether `by` may read each file; nobody else ever gets the bundle, and the rule registered for
    `kind` is asked again at each download.
    Errors: Blocked when there is nothing to put into it, or too much.
    """
    if not entries:
        raise Blocked(_("Tidak ada berkas yang dapat diunduh."))
    if len(entries) > (most := MOST_ENTRIES[Bundle.Form(form)]):
        raise Blocked(
            _("Satu %(form)s memuat paling banyak %(most)s berkas. Persempit saringannya.")
            % {"form": Bundle.Form(form).label, "most": most}
        )
    names = free_names(entry.name for entry in entries)
    rows = [entry.stored(name) for entry, name in zip(entries, names, strict=True)]
    digest = hashlib.sha256(json.dumps([kind, title, form, rows], sort_keys=True).encode()).hexdigest()
    if found := _ordered(by, digest):
        return found
    try:
        with transaction.atomic():
            bundle = Bundle.objects.create(
                kind=kind, form=form, title=title[:200], entries=rows, digest=digest, total=len(rows), ordered_by=by,
                expires_at=timezone.now() + dt.timedelta(days=settings.BUNDLE_DAYS),
            )  # fmt: skip
    except IntegrityError:  # a second click that came in between
        if found := _ordered(by, digest):
            return found
        raise
    record(gettext_noop("Memesan kumpulan berkas"), bundle, by=by, note=str(bundle.total))
    hint(bundle)
    return bundle


def _ordered(by: Any, digest: str) -> Bundle | None:
    """The same order of the same person that is still of use."""
    mine = Bundle.objects.filter(ordered_by=by, digest=digest, expires_at__gt=timezone.now())
    return mine.filter(status__in=[QUEUED, WORKING, READY]).first()


def retry_bundle(bundle: Bundle, *, by: Any) -> Bundle:
    """The failed bundle, waiting for a worker again.

    Errors: Blocked when it has not failed.
    """
    with transaction.atomic():
        make_move(BUNDLE, "retry", bundle, by=by, hinted_at=timezone.now(), attempts=0, error="")
        hint(bundle)
    return bundle


def hint(bundle: Bundle) -> None:
    """Tell a worker on commit that the row waits; the sweep tells again."""
    transaction.on_commit(lambda: send_bundle_hint(bundle.pk))


def send_bundle_hint(pk: int) -> None:
    """Put the row's number into the queue; a queue that is down is no reason to refuse an order."""
    try:
        pack_bundle.apply_async((pk,), retry=False)
    except (OperationalError, OSError) as error:
        log.warning("bundle %s waits for the sweep, the queue is not reachable: %s", pk, error)


def expire_bundles() -> int:
    """How many bundles were thrown away because their days are over."""
    old = Bundle.objects.filter(expires_at__lte=timezone.now(), status__in=[READY, FAILED])
    count = 0
    for bundle in old.filter(status=READY):
        name = bundle.file
        try:
            make_move(BUNDLE, "expire", bundle, by=None, file="", sha256="", size=None)
        except PortalError:  # another sweep was faster
            continue
        default_storage.delete(name)
        count += 1
    return count
