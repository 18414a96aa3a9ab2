"""A photo of a session as it is kept: upright, no larger than a screen, and without where and with what it was made.

The picture is drawn anew, so nothing of the file that was sent survives but its pixels.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from portal.kernel.errors import WrongFile
from programs.facts.file_checks import PHOTOS, check_file

LARGEST, SMALL = 2048, 640
"""The longest side in pixels of the photo, and of the one in lists."""

MOST_PNG_PIXELS = 25_000_000
"""A PNG cannot be read smaller than it is: this one takes 100 MB while it is looked at."""

SMALLEST = 40
QUALITY, SMALL_QUALITY = 84, 78


@dataclass(frozen=True)
class ReadyPhoto:
    """The JPEG to keep, with a small one for lists."""

    data: bytes
    small: bytes
    width: int
    height: int
    sha256: str


def read_photo(name: str, data: bytes, *, size: int, largest: int) -> ReadyPhoto:
    """The photo in these bytes; `size` is that of the file as it was sent, also when it was not kept.

    Errors: WrongFile with a sentence.
    """
    if size > largest:
        raise WrongFile(
            _("Foto ini %(size)s MB; paling besar %(most)s MB. Perkecil, lalu unggah kembali.")
            % {"size": -(-size // 2**20), "most": largest // 2**20}
        )
    kind = check_file(name, data, taken=PHOTOS)
    picture = _drawn(data, kind)
    if min(picture.size) < SMALLEST:
        raise WrongFile(_("Gambar ini terlalu kecil untuk sebuah foto: hanya %(width)s × %(height)s piksel.")
                        % {"width": picture.width, "height": picture.height})  # fmt: skip
    kept = _jpeg(picture, QUALITY)
    small = picture.copy()
    small.thumbnail((SMALL, SMALL))
    return ReadyPhoto(kept, _jpeg(small, SMALL_QUALITY), *picture.size, hashlib.sha256(kept).hexdigest())


def _drawn(data: bytes, kind: str) -> Image.Image:
    """The picture, upright and on white, at most LARGEST wide and high."""
    try:
        with Image.open(io.BytesIO(data), formats=[kind.upper()]) as opened:
            if kind == "png" and opened.width * opened.height > MOST_PNG_PIXELS:
                raise WrongFile(_("Gambar PNG ini terlalu besar. Simpan sebagai JPEG, lalu unggah kembali."))
            opened.draft("RGB", (LARGEST, LARGEST))
            opened.thumbnail((LARGEST, LARGEST))
            upright = ImageOps.exif_transpose(opened)
            if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                clear = upright.convert("RGBA")
                white = Image.new("RGBA", clear.size, "white")
                upright = Image.alpha_composite(white, clear)
            return upright.convert("RGB")
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, Image.DecompressionBombError) as error:
        raise WrongFile(_("Gambar ini rusak atau terpotong. Ambil atau salin ulang, lalu unggah kembali.")) from error


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.info.clear()  # a colour profile or comment would be written along
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
