"""The picture of an emblem as it is kept: drawn anew, so nothing of the file that was sent survives but its pixels."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from portal.kernel.errors import WrongFile
from portal.web.photos import PNG_HEAD, check_jpeg, check_png

LARGEST = 600
"""The longer side in pixels of what is kept: 690 dots per inch in the 22 mm of a kop."""

SMALLEST = 300
"""Less on the longer side prints with visible steps."""

SLIMMEST = 5
"""How many times longer than wide; a line is no emblem."""

MOST_PIXELS = 16_000_000
"""A picture with transparency of this size takes 200 MB while it is looked at."""

JPEG_HEAD = b"\xff\xd8\xff"
UNREADABLE = (OSError, SyntaxError, ValueError, KeyError, TypeError, Image.DecompressionBombError)


def emblem_picture(data: bytes, *, size: int, largest: int) -> bytes:
    """The PNG to keep: sRGB, transparency as it was, no metadata. `size`: of the file as it was sent, kept or not.

    Errors: WrongFile with a sentence.
    """
    if size > largest:
        raise WrongFile(
            _("Gambar ini %(size)s MB; paling besar %(most)s MB. Perkecil, lalu unggah kembali.")
            % {"size": -(-size // 2**20), "most": largest // 2**20}
        )
    picture = _drawn(data, _checked_kind(data))
    clear = picture.getchannel("A").getextrema()
    if clear == (0, 0):
        raise WrongFile(_("Gambar ini kosong: seluruhnya tembus pandang. Periksa berkas aslinya."))
    out = io.BytesIO()
    (picture if clear != (255, 255) else picture.convert("RGB")).save(out, "PNG", optimize=True)
    return out.getvalue()


def _checked_kind(data: bytes) -> str:
    """ "PNG" or "JPEG", as the bytes say and not the name; the picture is whole."""
    if data.startswith(PNG_HEAD):
        check_png(data)
        return "PNG"
    if data.startswith(JPEG_HEAD):
        check_jpeg(data)
        return "JPEG"
    if not data:
        raise WrongFile(_("Berkas ini kosong (0 byte). Periksa berkas aslinya."))
    raise WrongFile(
        _("Lambang hanya dapat berupa gambar PNG atau JPEG. Simpan atau ekspor gambar ini sebagai PNG, lalu unggah.")
    )


def _drawn(data: bytes, kind: str) -> Image.Image:
    """The picture in RGBA, upright, at most LARGEST wide and high; of an animation its first picture."""
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            _check_measures(*opened.size)
            opened.draft(None, (LARGEST, LARGEST))
            profile = opened.info.get("icc_profile")
            upright = ImageOps.exif_transpose(opened)
            small = _spread(upright)
            small.thumbnail((LARGEST, LARGEST))
            return _in_srgb(small, profile)
    except UNREADABLE as error:
        raise WrongFile(_("Gambar ini rusak atau terpotong. Ambil atau salin ulang, lalu unggah kembali.")) from error


def _check_measures(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise WrongFile(
            _("Gambar ini terlalu besar: paling banyak %(most)s megapiksel. Perkecil, lalu unggah kembali.")
            % {"most": MOST_PIXELS // 1_000_000}
        )
    if max(width, height) < SMALLEST:
        raise WrongFile(
            _(
                "Gambar ini hanya %(width)s × %(height)s piksel, jadi akan tercetak kabur. Sisi terpanjangnya "
                "sekurang-kurangnya %(least)s piksel."
            )
            % {"width": width, "height": height, "least": SMALLEST}
        )
    if min(width, height) * SLIMMEST < max(width, height):
        raise WrongFile(
            _("Gambar ini %(width)s × %(height)s piksel: terlalu pipih untuk sebuah lambang. Periksa berkasnya.")
            % {"width": width, "height": height}
        )


def _spread(picture: Image.Image) -> Image.Image:
    """The picture in a mode that can be made smaller: CMYK as it is, everything else as RGBA."""
    if picture.mode == "CMYK":
        return picture.copy()
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGBA")
    return picture.convert("RGBA")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGBA with the colours that the picture's own profile means; without a usable one they are taken for sRGB."""
    alpha = None if picture.mode == "CMYK" else picture.getchannel("A")
    colours = picture if alpha is None else picture.convert("RGB")
    if profile:
        try:
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            colours = ImageCms.profileToProfile(colours, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, *UNREADABLE):
            pass  # a broken profile, or one for other colours than the picture has
    drawn = colours.convert("RGBA")
    if alpha is not None:
        drawn.putalpha(alpha)
    drawn.info.clear()  # a profile or comment would be written along
    return drawn
