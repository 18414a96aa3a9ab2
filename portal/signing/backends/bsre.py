"""Signs with the government's service: the Esign Client of BSrE, version 1 of its API, which keeps the keys itself.

    POST /api/sign/pdf          multipart: file, nik, passphrase, …  → the signed PDF, or {"error", "status_code"}
    POST /api/sign/verify       multipart: signed_file               → {"jumlah_signature", "details": […]}
    GET  /api/user/status/NIK                                        → {"status": "ISSUE", …}

with HTTP basic authentication. Whatever it answers, or does not, becomes a sentence; what it returns is never believed
without the portal's own check. Source: public clients of the service; its manual is handed out by BSrE only.
"""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from portal.signing.backends.base import Sheet, WrongPassphrase
from portal.signing.errors import SigningError
from portal.signing.fields import spot_of
from portal.signing.models import SigningIdentity
from portal.signing.stamps import address_of

LARGEST = 64 * 1024 * 1024
"""Bytes of an answer."""

WRONG_PASSPHRASE, NOT_REGISTERED = 2031, 2011
"""The service's own numbers of errors."""

log = logging.getLogger(__name__)


def enabled() -> bool:
    """Whether this portal knows a service."""
    return bool(settings.BSRE_URL)


class BsrePen:
    """One signing with the service. Keeps the passphrase until it ends."""

    def __init__(self, nik: str, passphrase: str) -> None:
        self._nik, self._passphrase = nik, passphrase

    def sign(self, sheet: Sheet) -> bytes:
        """The PDF that the service returned: its own field with its own QR code, at the place of the empty one.

        Units: points from the left lower corner of the page.
        Errors: SigningError, WrongPassphrase.
        """
        spot = spot_of(sheet.content, sheet.field)
        form = {
            "nik": self._nik, "passphrase": self._passphrase, "tampilan": "visible", "image": "false",
            "linkQR": address_of(sheet.stamp), "page": spot.page, "xAxis": round(spot.left),
            "yAxis": round(spot.bottom), "width": round(spot.width), "height": round(spot.height),
            "reason": sheet.reason, "location": sheet.location,
        }  # fmt: skip
        status, answer = _ask("POST", "/api/sign/pdf", data=form, file=("file", sheet.content))
        if status == 200 and answer.startswith(b"%PDF-"):
            return answer
        raise _refusal(status, answer, secret=self._passphrase)


class BsreBackend:
    """The government's service."""

    kind = "bsre"

    def open(self, identity: SigningIdentity, passphrase: str) -> BsrePen:
        """A pen; whether the passphrase is right only the service knows.

        Errors: SigningError when the service is not set up here.
        """
        if not enabled():
            raise SigningError(_("Layanan BSrE belum diatur di portal ini. Gunakan sertifikat portal."))
        return BsrePen(identity.nik, passphrase)

    def confirm(self, content: bytes, field: str) -> None:
        """Return when the service itself finds every signature in the file valid.

        Errors: SigningError.
        """
        status, answer = _ask("POST", "/api/sign/verify", file=("signed_file", content))
        found = _object(answer)
        details = found.get("details") or []
        summary = str(found.get("summary", found.get("SUMMARY", ""))).upper()
        intact = [bool(one.get("signature_document", {}).get("document_integrity")) for one in details]
        if status != 200 or not intact or not all(intact) or "NOT VALID" in summary or "TIDAK VALID" in summary:
            raise SigningError(_("Layanan BSrE tidak mengakui tanda tangan yang baru dibuatnya. Naskah tidak diubah."))


def ensure_certified(nik: str) -> None:
    """Return when the service holds a certificate in force for this NIK.

    Errors: SigningError.
    """
    status, answer = _ask("GET", f"/api/user/status/{nik}")
    if status != 200:
        raise _refusal(status, answer)
    state = str(_object(answer).get("status", ""))
    if state != "ISSUE":
        raise SigningError(
            _("BSrE belum mempunyai sertifikat yang berlaku untuk NIK ini (status: %s). Hubungi admin TTE dinas Anda.")
            % (_clean(state) or "–")
        )


def _ask(
    method: str, path: str, *, data: dict[str, Any] | None = None, file: tuple[str, bytes] | None = None
) -> tuple[int, bytes]:
    """Status and body of an answer that came whole and in time.

    Errors: SigningError.
    """
    files = {file[0]: ("naskah.pdf", file[1], "application/pdf")} if file else None
    deadline = time.monotonic() + settings.BSRE_SECONDS
    try:
        with requests.request(
            method, settings.BSRE_URL + path, data=data, files=files, stream=True, allow_redirects=False,
            auth=(settings.BSRE_USER, settings.BSRE_PASSWORD),
            timeout=(settings.BSRE_CONNECT_SECONDS, settings.BSRE_SECONDS),
        ) as response:  # fmt: skip
            body = b""
            for piece in response.iter_content(64 * 1024):
                body += piece
                if time.monotonic() > deadline:
                    raise requests.Timeout
                if len(body) > LARGEST:
                    raise SigningError(_("Jawaban layanan BSrE terlalu besar. Tidak ada yang berubah."))
            log.info("BSrE %s %s: %s, %s bytes", method, path.partition("/status/")[0], response.status_code, len(body))
            return response.status_code, body
    except requests.Timeout as error:
        sentence = _(
            "Layanan BSrE tidak menjawab dalam %d detik. Tidak ada yang berubah; coba lagi beberapa saat lagi."
        )
        raise SigningError(sentence % settings.BSRE_SECONDS) from error
    except requests.RequestException as error:
        sentence = _("Layanan BSrE tidak dapat dihubungi. Tidak ada yang berubah; coba lagi beberapa saat lagi.")
        raise SigningError(sentence) from error


def _refusal(status: int, answer: bytes, secret: str = "") -> SigningError:
    """What an answer that brings no file means."""
    found = _object(answer)
    words = str(found.get("error") or found.get("message") or found.get("error_description") or "")
    text = _clean(words, secret)
    # asked before the guess is cut out of the words: it may be a letter of "passphrase"
    if found.get("status_code") == WRONG_PASSPHRASE or "passphrase" in words.lower():
        return WrongPassphrase()
    if found.get("status_code") == NOT_REGISTERED:
        return SigningError(_("NIK Anda tidak terdaftar pada layanan BSrE. Hubungi admin TTE dinas Anda."))
    if status in (401, 403):
        return SigningError(_("Layanan BSrE menolak portal ini: kredensialnya keliru. Hubungi pengelola portal."))
    if text:
        return SigningError(_("Layanan BSrE menolak: “%s”. Tidak ada yang berubah.") % text)
    if status == 200:
        return SigningError(_("Layanan BSrE mengirim jawaban yang bukan berkas PDF. Tidak ada yang berubah."))
    sentence = _("Layanan BSrE sedang bermasalah (%d). Tidak ada yang berubah; coba lagi beberapa saat lagi.")
    return SigningError(sentence % status)


def _object(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _clean(text: str, secret: str = "") -> str:
    """The service's words as they may be shown: short, in one line, and never with the passphrase it was sent."""
    if secret:
        text = text.replace(secret, "…")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:160]
