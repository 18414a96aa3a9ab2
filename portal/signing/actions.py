"""Signing, and what can be done to a signing identity."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from django.views.decorators.debug import sensitive_variables

from portal.accounts import throttling
from portal.accounts.models import User
from portal.journal.actions import record
from portal.kernel.errors import ensure
from portal.signing import authority, checking, passphrases, rules
from portal.signing.backends import bsre
from portal.signing.backends.base import Backend, Sheet, WrongPassphrase
from portal.signing.backends.local import LocalBackend
from portal.signing.errors import SigningError
from portal.signing.holders import newest_holder
from portal.signing.models import SigningIdentity
from portal.signing.revisions import only_signatures_added
from portal.signing.second_factor import require_second_factor

__all__ = ["Signed", "SigningError", "issue_identity", "revoke_identity", "sign", "use_bsre"]

BACKENDS: dict[str, Backend] = {"lokal": LocalBackend(), "bsre": bsre.BsreBackend()}
REPLACED = gettext_noop("Diganti dengan yang baru.")


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed file that was checked. `certificate` is its holder as the certificate calls him; `verdict` is what the
    check said of all signatures in the file, as plain data."""

    content: bytes
    kind: str
    certificate: str
    serial: str
    signed_at: dt.datetime
    verdict: dict[str, Any]


@sensitive_variables("passphrase", "code")
def sign(
    content: bytes,
    *,
    user: Any,
    passphrase: str,
    field: str,
    stamp: bytes,
    stamp_page: int,
    first: bool,
    reason: str,
    location: str,
    code: str = "",
) -> Signed:
    """The file with this person's signature in the field, checked: it begins with `content`, every signature is good.

    `stamp_page` counts from 0. `first`: no signature is in the file yet; a portal signature then certifies it, so that
    only the prepared fields may be filled afterwards (not where BSrE is in use: its service adds a field of its own).
    Nothing is stored here, and nothing is rendered.
    Call it outside of any transaction: a refused passphrase must stay counted although the caller gives up, and no row
    may stay locked while a service takes its time. Afterwards lock, and see that `content` is still the latest file.
    Errors: SigningError with a sentence; RuntimeError inside a transaction.
    """
    with transaction.atomic(durable=True):  # says RuntimeError inside another transaction
        identity = _usable_identity(user)
    backend = BACKENDS[identity.backend]
    sheet = Sheet(
        content=content,
        field=field,
        stamp=stamp,
        stamp_page=stamp_page,
        certify=first and not bsre.enabled(),
        name=user.display_name,
        reason=reason,
        location=location,
    )
    attempt = _counted(user)
    try:
        pen = backend.open(identity, passphrase)
        require_second_factor(user, code)
        signed = pen.sign(sheet)
    except WrongPassphrase:
        raise
    except SigningError:
        attempt.succeeded()  # it was not the passphrase that failed
        raise
    attempt.succeeded()
    return _checked(identity, sheet, signed)


def _usable_identity(user: Any) -> SigningIdentity:
    identity = SigningIdentity.objects.of(user)
    if identity is None:
        raise SigningError(
            _("Anda belum mempunyai sertifikat tanda tangan, atau sudah dicabut. Terbitkan di “Akun saya”.")
        )
    if identity.expired:
        raise SigningError(_("Sertifikat tanda tangan Anda sudah kedaluwarsa. Perbarui dahulu di “Akun saya”."))
    return identity


def _counted(user: Any) -> throttling.Try:
    try:
        return throttling.try_passphrase(user.pk)
    except throttling.TooSoon as error:
        raise SigningError(str(error)) from error


def _checked(identity: SigningIdentity, sheet: Sheet, signed: bytes) -> Signed:
    """The signed file, when it is the one that was to be signed with one signature more, by whom it should be.

    Errors: SigningError.
    """
    before = checking.signatures_in(sheet.content)
    with override(settings.LANGUAGE_CODE):  # the verdict is stored
        verdict = checking.check(signed)
    wrong = SigningError(_("Hasil penandatanganan tidak lolos pemeriksaan portal. Naskah tidak diubah."))
    if not only_signatures_added(sheet.content, signed):
        raise SigningError(
            _("Berkas yang kembali bukan naskah yang dikirim untuk ditandatangani. Naskah tidak diubah.")
        )
    if not verdict.whole or len(verdict.signatures) != before + 1:
        raise wrong
    newest = verdict.signatures[-1]
    if identity.backend == checking.LOCAL:
        if not newest.valid or (newest.serial, newest.field) != (identity.serial, sheet.field):
            raise wrong
    elif newest.kind == checking.LOCAL or (settings.BSRE_ROOTS and newest.kind != checking.BSRE):
        raise wrong
    else:
        _ensure_own(identity, sheet, signed)
    BACKENDS[identity.backend].confirm(signed, newest.field)
    return Signed(
        content=signed,
        kind=identity.backend,
        certificate=newest.name[:250],
        serial=newest.serial,
        signed_at=dt.datetime.fromisoformat(newest.signed_at) if newest.signed_at else timezone.now(),
        verdict=verdict.as_json(),
    )


def _ensure_own(identity: SigningIdentity, sheet: Sheet, signed: bytes) -> None:
    """Return when the service signed with the certificate of the person whose account this is.

    Errors: SigningError.
    """
    holder = newest_holder(signed)
    if not holder.is_person(sheet.name, identity.nik):
        raise SigningError(
            _(
                "Layanan BSrE menandatangani atas nama “%(holder)s”, bukan %(name)s. Naskah tidak diubah. Periksa NIK "
                "di “Akun saya”, atau minta pengelola membetulkan nama akun ini."
            )
            % {"holder": holder.name[:120] or "–", "name": sheet.name}
        )


@sensitive_variables("passphrase")
def issue_identity(user: Any, passphrase: str, *, by: Any) -> SigningIdentity:
    """A new certificate of the portal for this person, opened by this passphrase; the identity in use is revoked.

    Errors: Denied for anybody else's; SigningError when the passphrase is weak or the portal has no authority.
    """
    ensure(rules.own_identity(by, user))
    try:
        passphrases.check_strength(passphrase, user)
    except ValidationError as error:
        raise SigningError(" ".join(error.messages)) from error
    office = user.hats[0].agency_name if user.hats else ""
    issued = authority.issue(user.display_name, office, user.get_username(), passphrase)
    return _replace(
        user,
        SigningIdentity(
            user=user,
            backend=SigningIdentity.Backend.LOCAL,
            certificate=issued.certificate,
            private_key=issued.private_key,
            serial=issued.serial,
            expires_at=issued.expires_at,
        ),
        gettext_noop("Menerbitkan sertifikat tanda tangan"),
        by=by,
    )


def use_bsre(user: Any, nik: str, *, by: Any) -> SigningIdentity:
    """From now on this person signs with BSrE under this NIK; the identity in use is revoked.

    Errors: Denied; SigningError when the service is not set up, does not know the NIK, or another account uses it.
    """
    ensure(rules.own_identity(by, user))
    if not bsre.enabled():
        raise SigningError(_("Layanan BSrE belum diatur di portal ini. Gunakan sertifikat portal."))
    identity = SigningIdentity(user=user, backend=SigningIdentity.Backend.BSRE, nik=nik.strip())
    if not identity.nik:
        raise SigningError(_("NIK wajib diisi."))
    try:
        identity.clean_fields()
    except ValidationError as error:
        raise SigningError(" ".join(error.messages)) from error
    bsre.ensure_certified(identity.nik)
    try:
        return _replace(user, identity, gettext_noop("Memilih tanda tangan BSrE"), by=by)
    except IntegrityError as error:
        raise SigningError(_("NIK ini sudah dipakai akun lain.")) from error


@transaction.atomic
def revoke_identity(identity: SigningIdentity, reason: str, *, by: Any) -> SigningIdentity:
    """The identity can no longer sign; what it signed before stays valid.

    Errors: Denied; SigningError without a reason, or when it is revoked already.
    """
    ensure(rules.may_revoke(by, identity))
    if not reason.strip():
        raise SigningError(_("Alasan wajib diisi."))
    row = SigningIdentity.objects.select_for_update(of=("self",)).get(pk=identity.pk)
    if row.revoked_at:
        raise SigningError(_("Sertifikat ini sudah dicabut."))
    return _revoke(row, reason.strip()[:300], by=by)


def _revoke(row: SigningIdentity, reason: str, *, by: Any) -> SigningIdentity:
    row.revoked_at, row.revoke_reason = timezone.now(), reason
    row.save(update_fields=["revoked_at", "revoke_reason"])
    record(gettext_noop("Mencabut identitas tanda tangan"), row, by=by, note=reason)
    return row


@transaction.atomic
def _replace(user: Any, identity: SigningIdentity, verb: str, *, by: Any) -> SigningIdentity:
    """The new identity in the place of the one in use; of two at once the later one stays."""
    User.objects.select_for_update().get(pk=user.pk)
    for row in SigningIdentity.objects.active().filter(user=user).select_for_update(of=("self",)):
        _revoke(row, REPLACED, by=by)
    identity.save()
    record(verb, identity, by=by)
    return identity
