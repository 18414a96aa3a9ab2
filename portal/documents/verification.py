"""Checking a paper: is this file the one the portal made? The file is read once, hashed, and never stored."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from portal.kernel.decision import ALLOW, Decision, deny

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that somebody compares. Our papers stay far below."""

WRONG_CODES, WITHIN = 20, 300
"""So many unknown codes from one address in so many seconds, then a pause: there are 2**50 codes."""


EXAMINED, EXAMINED_WITHIN = 30, 300
"""So many files whose signatures are checked for one address in so many seconds: that costs more than a hash."""


class Fingerprint:
    """What remains of an uploaded file: its name, size and sha256; the bytes only for who examines them."""

    def __init__(self, name: str, size: int, sha256: str, content: bytes = b"") -> None:
        self.name = name
        self.size = size
        self.sha256 = sha256
        self.content = content
        self.charset = None

    def close(self) -> None:
        """Nothing is open."""


class FingerprintHandler(FileUploadHandler):
    """Hashes an upload as it streams by; no byte is kept in memory or on disk."""

    too_large = False

    @property
    def largest(self) -> int:
        """Bytes of the largest file that is read."""
        return LARGEST

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin one file."""
        super().new_file(*args, **kwargs)
        self._hash = hashlib.sha256()
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take one piece."""
        self._hash.update(raw_data)
        self._size += len(raw_data)
        if self._size > self.largest:
            self.too_large = True
            raise StopUpload(connection_reset=False)

    def file_complete(self, file_size: int) -> Fingerprint:
        """The fingerprint in the place of the file."""
        return Fingerprint(self.file_name or "", file_size, self._hash.hexdigest())


class KeepingHandler(FingerprintHandler):
    """The same for a file that is examined: its bytes stay in memory until the answer is given, never on disk."""

    @property
    def largest(self) -> int:
        """Bytes of the largest file that is examined."""
        return settings.EXAMINE_LARGEST

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin one file."""
        super().new_file(*args, **kwargs)
        self._pieces: list[bytes] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take one piece."""
        super().receive_data_chunk(raw_data, start)
        self._pieces.append(raw_data)

    def file_complete(self, file_size: int) -> Fingerprint:
        """The fingerprint with the bytes."""
        return Fingerprint(self.file_name or "", file_size, self._hash.hexdigest(), b"".join(self._pieces))


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


def may_examine(address: str) -> Decision:
    """Whether one more file is examined for this address; asking counts."""
    key = f"examined:{address}"
    try:
        cache.add(key, 0, EXAMINED_WITHIN)
        often = cache.incr(key)
    except (ValueError, RedisError):  # ran out between the two lines, or no cache: papers can still be checked
        return ALLOW
    if often <= EXAMINED:
        return ALLOW
    return deny(_("Terlalu banyak berkas diperiksa dari alamat ini. Silakan coba lagi dalam beberapa menit."))


def _key(address: str) -> str:
    return f"wrong-code:{address}"
