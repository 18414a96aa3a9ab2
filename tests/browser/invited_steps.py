"""What an invited office hands in, for every browser test in which one answers."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def file_of(name: str, data: bytes) -> dict[str, Any]:
    """The file as a phone's camera hands it to a form."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def photo(shade: int = 255) -> bytes:
    """A small picture of that shade, so that two are not the same file."""
    out = io.BytesIO()
    Image.new("RGB", (120, 90), (shade, 255, 255)).save(out, "JPEG")
    return out.getvalue()
