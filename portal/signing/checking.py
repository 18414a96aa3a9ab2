"""What is to be said of the signatures in a PDF.

The quick check is for pages: every signature is verified, the last one must cover the whole file, and what was appended
after the first one must be signatures and nothing else. The full check adds pyHanko's analysis of differences, which
takes half a minute for a tagged paper: only for workers.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from portal.kernel.dates import long_date
from portal.signing import authority
from portal.signing.models import SigningIdentity
from portal.signing.revisions import only_signatures_added

MOST = 60
"""Signatures of one file that are looked at."""

EARLIEST = 1990
"""The first year in which a PDF can have been signed; near year 1 no time zone can be reckoned with."""

LOCAL, BSRE, UNKNOWN = "lokal", "bsre", "tidak_dikenal"


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """One signature. `intact`: what it covers was not changed; `trusted`: its certificate comes from an authority the
    portal knows and was good when it signed; `valid`: all of this. `signed_at` is ISO 8601, empty
    when the file tells no possible time."""

    field: str
    name: str
    serial: str
    signed_at: str
    kind: str
    valid: bool
    intact: bool
    trusted: bool
    covers_all: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All signatures of a file, in the order they were given. `whole`: there are some, all are intact, and nothing but
    signatures was added; `trusted`: the portal also knows all their certificates."""

    signatures: list[CheckedSignature] = field(default_factory=list)
    whole: bool = False
    sentence: str = ""

    @property
    def trusted(self) -> bool:
        """Whether every signature is good in every respect."""
        return self.whole and all(one.valid for one in self.signatures)

    def as_json(self) -> dict[str, Any]:
        """The verdict as plain data, to be stored."""
        return asdict(self) | {"trusted": self.trusted}


def check(content: bytes, *, full: bool = False) -> Verdict:
    """The verdict on a file, whoever made it. Never fails: a file that cannot be read gets a sentence too."""
    try:
        embedded = list(PdfFileReader(io.BytesIO(content)).embedded_regular_signatures)
        return _judge(content, embedded, full)
    except RecursionError:
        return Verdict(sentence=_("Berkas ini bersusun terlalu dalam untuk diperiksa."))
    except Exception:  # noqa: BLE001  a stranger's file may be broken in any way; that is an answer, not an accident
        return Verdict(
            sentence=_("Berkas ini tidak tersusun menurut aturan PDF, sehingga tanda tangannya tidak dapat dibaca.")
        )


def signatures_in(content: bytes) -> int:
    """How many signatures a file of ours has; nothing is verified."""
    return len(PdfFileReader(io.BytesIO(content)).embedded_regular_signatures)


def _judge(content: bytes, embedded: list[EmbeddedPdfSignature], full: bool) -> Verdict:
    if not embedded:
        return Verdict(sentence=_("Berkas ini tidak memuat tanda tangan elektronik."))
    if len(embedded) > MOST:
        return Verdict(sentence=_("Berkas ini memuat terlalu banyak tanda tangan untuk diperiksa."))
    roots = _Roots()
    identities = {
        identity.serial: identity
        for identity in SigningIdentity.objects.select_related("user").filter(
            serial__in=[authority.serial_text(one.signer_cert.serial_number) for one in embedded]
        )
    }
    found = [_checked(one, roots, identities, full) for one in embedded]
    first = embedded[0].byte_range
    unchanged = only_signatures_added(content[: first[2] + first[3]], content)
    whole = unchanged and found[-1].covers_all and all(one.intact for one in found)
    return Verdict(found, whole, _sentence(found, whole))


def _sentence(found: list[CheckedSignature], whole: bool) -> str:
    if not whole:
        return _("Berkas ini diubah sesudah ditandatangani. Jangan dipakai.")
    if not all(one.valid for one in found):
        return _("Berkas ini utuh, tetapi tidak semua tanda tangannya dapat dipercaya.")
    if all(one.kind == BSRE for one in found):
        return _("Berkas ini utuh dan semua tanda tangannya sah (tersertifikasi BSrE).")
    if all(one.kind == LOCAL for one in found):
        return _("Berkas ini utuh dan semua tanda tangannya sah menurut sertifikat portal (tidak tersertifikasi).")
    return _("Berkas ini utuh dan semua tanda tangannya sah; jenis sertifikatnya disebut pada tiap tanda tangan.")


class _Roots:
    """The authorities the portal knows."""

    def __init__(self) -> None:
        own = authority.authority_certificate()
        self.own = x509.Certificate.load(own.public_bytes(Encoding.DER)) if own else None
        self.bsre = _pem_certificates(settings.BSRE_ROOTS)

    def context(self, moment: dt.datetime) -> ValidationContext:
        """How certificates are validated: at the time of signing, without asking anybody."""
        roots = ([self.own] if self.own else []) + self.bsre
        return ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False, revocation_mode="soft-fail")

    def kind(self, status: PdfSignatureStatus) -> str:
        """Whose certificate it is; a name that anybody could write into a certificate counts for nothing."""
        if not status.trusted:
            return UNKNOWN
        root = status.validation_path.first
        certificate = getattr(root, "certificate", root)
        return LOCAL if self.own is not None and certificate.dump() == self.own.dump() else BSRE


def _pem_certificates(file: str) -> list[x509.Certificate]:
    if not file:
        return []
    return [x509.Certificate.load(der) for _type, _head, der in pem.unarmor(Path(file).read_bytes(), multiple=True)]


def _checked(
    one: EmbeddedPdfSignature, roots: _Roots, identities: dict[str, SigningIdentity], full: bool
) -> CheckedSignature:
    reported = _reported(one)
    signed_at = reported or timezone.now()
    status = validate_pdf_signature(one, roots.context(signed_at), skip_diff=not full)
    intact = status.intact and status.valid and (not full or bool(status.docmdp_ok))
    serial = authority.serial_text(one.signer_cert.serial_number)
    kind, identity = roots.kind(status), identities.get(serial)
    if kind == LOCAL:
        trusted, remark = _local_remark(one.signer_cert, identity, signed_at)
    else:
        trusted, remark = kind == BSRE, _stranger_remark(one.signer_cert, kind, signed_at)
    if not intact:
        remark = _("Isi berkas berubah sesudah tanda tangan ini diberikan, atau tanda tangannya rusak.")
    return CheckedSignature(
        field=str(one.field_name),
        name=str(one.signer_cert.subject.native.get("common_name", "")),
        serial=serial,
        signed_at=reported.isoformat() if reported else "",
        kind=kind,
        valid=bool(intact and trusted),
        intact=bool(intact),
        trusted=bool(trusted),
        covers_all=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        sentence=remark,
    )


def _reported(one: EmbeddedPdfSignature) -> dt.datetime | None:
    """When the file says that it was signed, not later than now; nothing for a year without electronic signatures."""
    reported = one.self_reported_timestamp
    if reported is None or reported.year < EARLIEST:
        return None
    return min(reported, timezone.now())


def _local_remark(
    certificate: x509.Certificate, identity: SigningIdentity | None, signed_at: dt.datetime
) -> tuple[bool, str]:
    """Whether a certificate of the portal was good at that time, and the sentence about it."""
    issued = identity and pem.unarmor(identity.certificate.encode())[2]
    if issued != certificate.dump():
        return False, _("Sertifikat ini tidak pernah diterbitkan portal, walaupun memakai kunci otoritasnya.")
    if identity.revoked_at and identity.revoked_at <= signed_at:
        return False, _("Sertifikat ini sudah dicabut pada %s, sebelum tanda tangan ini diberikan.") % _day(
            identity.revoked_at
        )
    good = _("Sah menurut sertifikat portal. Sertifikat portal tidak tersertifikasi oleh penyelenggara negara.")
    if identity.revoked_at:
        return True, f"{good} {_('Sertifikatnya dicabut kemudian, pada %s.') % _day(identity.revoked_at)}"
    if identity.expired:
        return True, f"{good} {_('Sertifikatnya berakhir kemudian, pada %s.') % _day(identity.expires_at)}"
    return True, good


def _stranger_remark(certificate: x509.Certificate, kind: str, signed_at: dt.datetime) -> str:
    if kind == BSRE:
        return _("Sah menurut sertifikat BSrE (tersertifikasi).")
    if certificate.not_valid_after < signed_at:
        return _("Sertifikatnya sudah kedaluwarsa ketika dipakai menandatangani.")
    return _("Tanda tangannya utuh, tetapi penerbit sertifikatnya tidak dikenal portal ini.")


def _day(moment: dt.datetime) -> str:
    return long_date(timezone.localtime(moment).date())
