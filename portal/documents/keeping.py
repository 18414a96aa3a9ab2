"""Files of papers under the sha256 of their bytes: the same bytes are kept once, changed ones are noticed."""

from __future__ import annotations

from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def keep(content: bytes, folder: str) -> str:
    """The name under which the bytes are kept. A half-written file of a killed process is replaced.

    Errors: NotWritten, for example because the disk is full; nothing is left of them then.
    """
    digest = sha256(content).hexdigest()
    name = f"{folder}/{digest[:2]}/{digest}.pdf"
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            if sha256(file.read()).hexdigest() == digest:
                return name
        default_storage.delete(name)
    return default_storage.save(name, ContentFile(content))


def kept(name: str, digest: str) -> bytes | None:
    """The bytes under that name; None when they are gone or are not those of that sha256 any more."""
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except OSError:
        return None
    return content if sha256(content).hexdigest() == digest else None
