"""A disk without room, for real: the kernel refuses what this process writes into a file beyond a limit."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

ROOM = 4096


@contextmanager
def no_room(room: int = ROOM) -> Iterator[None]:
    """While this runs no file grows beyond so many bytes; nobody, root neither, is above that limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def stored() -> set[Path]:
    """All files of the storage."""
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
