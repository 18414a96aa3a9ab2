"""The portal's own certificate authority: a key and a certificate in a folder, and the certificates it issues.

It says who signed inside this portal. It is no certification authority in the sense of the ITE law, and nothing here
calls it one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.signing.errors import SigningError

CA_YEARS = 15
YEAR = dt.timedelta(days=365)
STRETCH = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}
"""scrypt: a tenth of a second and 32 MB for every guess at a stolen key. PKCS#8 by itself has 2048 rounds of PBKDF2."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new certificate with its key, both PEM; the key is encrypted."""

    certificate: str
    private_key: str
    serial: str
    expires_at: dt.datetime


def certificate_file() -> Path:
    """Where the authority's certificate lies."""
    return Path(settings.SIGNING_DIR) / "ca.pem"


def key_file() -> Path:
    """Where the authority's key lies."""
    return Path(settings.SIGNING_DIR) / "ca.key"


def make_authority(name: str) -> bool:
    """Whether an authority was made; one that is there is never replaced, however many ask at once.

    Errors: OSError, ValueError when a key is there that cannot be read.
    """
    folder = Path(settings.SIGNING_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if certificate_file().exists():
        return False
    # Whoever writes the key first decides; the certificate is always of the key that lies there, also after a crash.
    _write_new(key_file(), _new_key(), 0o600)
    key = _read_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + CA_YEARS * YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _write_new(certificate_file(), certificate.public_bytes(serialization.Encoding.PEM), 0o644)


def authority_certificate() -> x509.Certificate | None:
    """The authority's certificate, None where there is no authority."""
    try:
        return x509.load_pem_x509_certificate(certificate_file().read_bytes())
    except FileNotFoundError:
        return None


def issue(name: str, office: str, account: str, passphrase: str) -> Issued:
    """A certificate for this person with a new key that only the passphrase opens.

    Errors: SigningError when the portal has no authority, or its key cannot be read.
    """
    issuer, issuer_key = _authority()
    key = ec.generate_private_key(ec.SECP256R1())
    attributes = [(NameOID.COMMON_NAME, name), (NameOID.ORGANIZATION_NAME, office), (NameOID.USER_ID, account)]
    subject = x509.Name([x509.NameAttribute(oid, value[:64]) for oid, value in attributes if value])
    number, now = x509.random_serial_number(), timezone.now()
    expires_at = min(now + settings.SIGNING_YEARS * YEAR, issuer.not_valid_after_utc)
    certificate = (
        x509.CertificateBuilder(issuer.subject, subject, key.public_key(), number)
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(expires_at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    serial = serial_text(number)
    protection = serialization.BestAvailableEncryption(_stretched(passphrase, serial))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
    text = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return Issued(text, pem.decode(), serial, expires_at.replace(microsecond=0))


def open_key(private_key: str, serial: str, passphrase: str) -> bytes | None:
    """The key as PKCS#8 DER without encryption, None when the passphrase is wrong."""
    try:
        key = serialization.load_pem_private_key(private_key.encode(), _stretched(passphrase, serial))
    except ValueError:
        return None
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def serial_text(number: int) -> str:
    """A serial number as the portal writes it: hexadecimal, as PDF viewers show it."""
    return f"{number:x}"


def _authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate = authority_certificate()
    if certificate is None:
        raise SigningError(
            _("Portal ini belum mempunyai otoritas sertifikat. Hubungi pengelola portal di dinas provinsi.")
        )
    try:
        return certificate, _read_key()
    except (OSError, ValueError, TypeError) as error:
        sentence = _("Kunci otoritas sertifikat portal tidak dapat dibaca. Hubungi pengelola portal.")
        raise SigningError(sentence) from error


def _new_key() -> bytes:
    secret = settings.SIGNING_CA_PASSPHRASE.encode()
    protection = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)


def _read_key() -> ec.EllipticCurvePrivateKey:
    secret = settings.SIGNING_CA_PASSPHRASE.encode() or None
    return serialization.load_pem_private_key(key_file().read_bytes(), secret)


def _stretched(passphrase: str, serial: str) -> bytes:
    """What encrypts the key: the passphrase, stretched; the serial number is a salt nobody else has."""
    return hashlib.scrypt(passphrase.encode(), salt=bytes.fromhex(serial.zfill(40)), dklen=32, **STRETCH).hex().encode()


def _usage(**allowed: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})


def _write_new(file: Path, content: bytes, mode: int) -> bool:
    """Whether the file was written: whole or not at all, and never over another."""
    handle, draft = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        os.fchmod(out.fileno(), mode)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        return False
    finally:
        with contextlib.suppress(OSError):
            Path(draft).unlink()
    return True
