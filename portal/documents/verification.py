"""Checking a paper: is this file the one the portal made? The file is read once, hashed, and never stored."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.cache import cache
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from portal.kernel.decision import ALLOW, Decision, deny

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that somebody compares. Our papers stay far below."""

WRONG_CODES, WITHIN = 20, 300
"""So many unknown codes from one address in so many seconds, then a pause: there are 2**50 codes."""


class Fingerprint:
    """What remains of an uploaded file: its name, size and sha256."""

    def __init__(self, name: str, size: int, sha256: str) -> None:
        self.name = name
        self.size = size
        self.sha256 = sha256
        self.charset = None

    def close(self) -> None:
        """Nothing is open."""


class FingerprintHandler(FileUploadHandler):
    """Hashes an upload as it streams by; no byte is kept in memory or on disk."""

    too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin one file."""
        super().new_file(*args, **kwargs)
        self._hash = hashlib.sha256()
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take one piece."""
        self._hash.update(raw_data)
        self._size += len(raw_data)
        if self._size > LARGEST:
            self.too_large = True
            raise StopUpload(connection_reset=False)

    def file_complete(self, file_size: int) -> Fingerprint:
        """The fingerprint in the place of the file."""
        return Fingerprint(self.file_name or "", file_size, self._hash.hexdigest())


def may_try(address: str) -> Decision:
    """Whether this address may try another code; it may as long as it guesses wrong only now and then."""
    try:
        wrong = cache.get(_key(address), 0)
    except RedisError:  # without a cache papers can still be checked; nobody guesses 50 bits in the meantime
        return ALLOW
    if wrong < WRONG_CODES:
        return ALLOW
    return deny(_("Terlalu banyak kode yang tidak dikenal dari alamat ini. Silakan coba lagi dalam beberapa menit."))


def count_wrong_code(address: str) -> None:
    """Remember that this address tried a code that does not exist."""
    try:
        cache.add(_key(address), 0, WITHIN)
        cache.incr(_key(address))
    except (ValueError, RedisError):  # ran out between the two lines, or no cache: the next one counts
        return


def _key(address: str) -> str:
    return f"wrong-code:{address}"
