"""Signatures on paper: recorded one by one as they are given, then the scan, compared by a second person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.documents.keeping import keep
from portal.journal.actions import record
from portal.kernel.dates import short_date
from portal.kernel.errors import Blocked, ensure
from programs import contract_rules as rules
from programs import tasks
from programs.actions.signing_turns import ensure_turn, file_to_sign, give, locked, move_on, place_of
from programs.facts.scans import read_scan
from programs.models import Contract, Revision, Signature, Signer
from programs.queries.contracts_files import FOLDER, frozen_print, scan_to_match
from programs.queries.contracts_turns import signature_of

PAPER = Contract.Route.PAPER


@transaction.atomic
def record_wet(signer: Signer, *, by: Any, at: dt.datetime | None = None) -> Signature:
    """The signature on paper, as the committee saw it given; a second click of the same person gives the first one.

    `at` is when it was given (now). It cannot be taken back.
    Errors: Denied; Blocked when it is not the turn, somebody else recorded it, or that moment is not possible.
    """
    ensure(rules.witnesses_of_paper(by))
    contract = locked(signer.contract_id)
    here, signers = place_of(contract, signer)
    given = signature_of(here)
    if given is not None and given.recorded_by_id == by.pk:
        return given
    at = at or timezone.now()
    ensure_turn(contract, here, signers, PAPER, timezone.localtime(at).date())
    _ensure_possible(contract, here, signers, at)
    revision, _content = file_to_sign(contract)
    signature = give(
        contract, here, kind=Signature.Kind.WET, signed_at=at, recorded_by=by, base_sha256=revision.sha256
    )  # fmt: skip
    record(gettext_noop("Mencatat tanda tangan basah"), contract, by=by, note=f"{here.label}: {signature.name}")
    move_on(contract, here, signers, by=by, at=at)
    return signature


def _ensure_possible(contract: Contract, here: Signer, signers: list[Signer], at: dt.datetime) -> None:
    """Return when a signature can have been given at that moment.

    Errors: Blocked.
    """
    if at > timezone.now():
        raise Blocked(_("Waktu tanda tangan belum tiba."))
    if contract.number and timezone.localtime(at).date() < contract.number.on:
        raise Blocked(
            _("Tanda tangan tidak mungkin diberikan sebelum naskah bernomor, %(day)s.")
            % {"day": short_date(contract.number.on)}
        )
    frozen_on = timezone.localtime(contract.frozen_at).date()
    if timezone.localtime(at).date() < frozen_on:
        raise Blocked(
            _("Tanda tangan tidak mungkin diberikan sebelum naskah dibekukan, %(day)s.")
            % {"day": short_date(frozen_on)}
        )
    for each in signers:
        given = signature_of(each)
        if given is not None and given.signed_at > at and (each.step < here.step or each.pk == here.witnesses_id):
            raise Blocked(
                _("%(name)s menandatangani lebih dahulu; waktu tanda tangan ini tidak mendahuluinya.")
                % {"name": given.name}
            )


def upload_scan(contract: Contract, file: UploadedFile, *, by: Any) -> Revision:
    """The scan of the signed paper, to be compared by a second person.

    Errors: Denied; WrongFile when it is no whole PDF or too large; Blocked while signatures are missing, when it is the
    unsigned print itself, or the scan of another paper, or a scan is there already.
    """
    ensure(rules.witnesses_of_paper(by))
    scan = read_scan(file.name or "", file.read(), size=file.size or 0, largest=settings.SCAN_LARGEST)
    with transaction.atomic():
        row = locked(contract.pk)
        _ensure_awaits_scan(row)
        if row.revisions.filter(sha256=scan.sha256).exclude(kind=Revision.Kind.SCAN).exists():
            raise Blocked(
                _("Berkas ini adalah cetakan dari portal yang belum ditandatangani. Unggah hasil pindaiannya.")
            )
        if row.revisions.filter(sha256=scan.sha256, kind=Revision.Kind.SCAN).exists():
            raise Blocked(_("Pindaian yang sama sudah pernah diunggah dan dinyatakan tidak cocok."))
        _ensure_of_no_other(row, scan.sha256)
        revision = Revision.objects.create(
            contract=row, sequence=tasks.next_sequence(row), kind=Revision.Kind.SCAN, file=keep(scan.data, FOLDER),
            sha256=scan.sha256, size=len(scan.data), pages=scan.pages, by=by,
        )  # fmt: skip
        record(gettext_noop("Mengunggah pindaian bertanda tangan"), row, by=by, note=f"sha256 {scan.sha256}")
    return revision


def _hold_file(sha256: str) -> None:
    """Hold every scan with these bytes until the transaction ends: of two confirmed at once the later one sees it."""
    rows = Revision.objects.select_for_update().filter(sha256=sha256, kind=Revision.Kind.SCAN)
    list(rows.order_by("pk").values_list("pk", flat=True))


def _ensure_of_no_other(contract: Contract, sha256: str) -> None:
    """Return when that file is not the scan of another paper: one file cannot show two.

    Errors: Blocked.
    """
    confirmed = Revision.objects.filter(sha256=sha256, kind=Revision.Kind.SCAN, confirmed_by__isnull=False)
    if confirmed.exclude(contract=contract).exists():
        raise Blocked(_("Berkas ini sudah dicocokkan sebagai pindaian naskah lain. Unggah pindaian naskah ini."))


def _ensure_awaits_scan(contract: Contract) -> None:
    if contract.route != PAPER:
        raise Blocked(_("Naskah ini ditandatangani secara elektronik; tidak ada pindaiannya."))
    if contract.signed_at is None:
        raise Blocked(_("Pindaian diunggah setelah semua tanda tangan dicatat."))
    if scan_to_match(contract) is not None:
        raise Blocked(_("Pindaian sebelumnya masih menunggu dicocokkan orang kedua."))
    if contract.revisions.filter(kind=Revision.Kind.SCAN, confirmed_by__isnull=False).exists():
        raise Blocked(_("Pindaian naskah ini sudah dicocokkan."))


@transaction.atomic
def confirm_scan(revision: Revision, *, by: Any) -> Revision:
    """The scan, found to be the printed paper with all signatures; a second click changes nothing.

    Errors: Denied for who uploaded it; Blocked when it was rejected, has fewer pages than the print, or is the scan of
    another paper.
    """
    contract, row = _locked_scan(revision)
    ensure(rules.may_confirm_scan(by, row))
    if row.confirmed_by_id == by.pk:
        return row
    _ensure_open(row)
    print_ = frozen_print(contract)
    if print_ and row.pages < print_.pages:
        raise Blocked(
            _("Pindaian hanya %(n)s halaman, cetakannya %(all)s halaman.") % {"n": row.pages, "all": print_.pages}
        )
    _hold_file(row.sha256)
    _ensure_of_no_other(contract, row.sha256)
    row.confirmed_by, row.confirmed_at = by, timezone.now()
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    record(gettext_noop("Mencocokkan pindaian"), contract, by=by, note=f"sha256 {row.sha256}")
    return row


@transaction.atomic
def reject_scan(revision: Revision, reason: str, *, by: Any) -> Revision:
    """The scan, found not to be the signed paper; another one can be uploaded, this one is kept.

    Also who uploaded it may say so: he took the wrong file.
    Errors: Denied; Blocked without a reason, or when it was compared already.
    """
    contract, row = _locked_scan(revision)
    ensure(rules.witnesses_of_paper(by))
    if not reason.strip():
        raise Blocked(_("Alasan wajib diisi."))
    _ensure_open(row)
    row.rejected_reason = reason.strip()[:300]
    row.save(update_fields=["rejected_reason"])
    record(gettext_noop("Menolak pindaian"), contract, by=by, note=row.rejected_reason)
    return row


def _locked_scan(revision: Revision) -> tuple[Contract, Revision]:
    contract = locked(revision.contract_id)
    return contract, contract.revisions.select_related("by").get(pk=revision.pk, kind=Revision.Kind.SCAN)


def _ensure_open(row: Revision) -> None:
    if row.confirmed_by_id:
        raise Blocked(_("Pindaian ini sudah dicocokkan."))
    if row.rejected_reason:
        raise Blocked(_("Pindaian ini sudah dinyatakan tidak cocok. Unggah yang baru."))
