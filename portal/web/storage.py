"""Files on the server's disk. One that finds no room there is a sentence for the person, and nothing of it is left."""

from __future__ import annotations

import errno
import logging
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked

log = logging.getLogger(__name__)

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""The disk is full, the quota is used up, or the process may not write as much."""

_POSTGRES_NO_ROOM = "53100"


class NotWritten(Blocked):
    """A file could not be written to the disk; nothing of it is there."""


class DiskStorage(FileSystemStorage):
    """The files below MEDIA_ROOT; whoever saves one hears of a full or broken disk as NotWritten."""

    def _save(self, name: str, content: File) -> str:
        try:
            return self._written(name, content)
        except OSError as error:
            raise not_written(error) from error

    def _written(self, name: str, content: File) -> str:
        """The name under which it stands now. Django's own writer leaves the half of a file that found no room."""
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            target = path.open("xb")
        except FileExistsError:  # somebody was faster since the name was found free
            return self._written(self.get_available_name(name), content)
        try:
            with target:
                target.writelines(content.chunks())
        except BaseException:  # whatever went wrong: half a file is none
            path.unlink(missing_ok=True)
            raise
        path.chmod(self.file_permissions_mode)
        return name


def not_written(error: OSError) -> NotWritten:
    """What the person reads of this error; the server's log has the error itself."""
    log.error("a file could not be written: %s", error)
    return NotWritten(
        no_room() if out_of_room(error) else _("Berkas tidak dapat ditulis di server. Hubungi pengelola.")
    )


def out_of_room(error: BaseException) -> bool:
    """Whether it is an error of a full disk: this machine's, or that of the database."""
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    return getattr(error.__cause__, "pgcode", None) == _POSTGRES_NO_ROOM


def no_room() -> str:
    """What somebody reads who sent something to a full disk."""
    return _(
        "Server kehabisan tempat penyimpanan. Isian Anda belum tersimpan; "
        "coba lagi nanti, atau hubungi pengelola portal."
    )
