"""System checks: what papers need of the machine, with the command that brings it."""

from __future__ import annotations

import ctypes
import ctypes.util
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from portal.documents.fonts import FAMILIES, STYLES, font_name

LIBRARIES = ("gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz", "fontconfig")
INSTALL = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


@register()
def native_libraries(**_kwargs: Any) -> list[CheckMessage]:
    """An error naming the libraries that WeasyPrint would miss."""
    missing = [name for name in LIBRARIES if not _loads(name)]
    if not missing:
        return []
    return [Error(f"PDF needs native libraries: {', '.join(missing)}.", hint=INSTALL, id="documents.E001")]


@register()
def fonts_are_cut(**_kwargs: Any) -> list[CheckMessage]:
    """A warning when the font folder is not complete."""
    folder = Path(settings.FONT_DIR)
    missing = [
        font_name(family, style) for family in FAMILIES for style in STYLES
        if not (folder / font_name(family, style)).exists()
    ]  # fmt: skip
    if not missing:
        return []
    return [
        Warning(
            f"Fonts for papers are missing in {folder}: {', '.join(missing)}.",
            hint="python -m portal.documents.fonts",
            id="documents.W001",
        )
    ]


def _loads(name: str) -> bool:
    for file in (f"lib{name}.so.0", f"lib{name}.so.1"):
        try:
            ctypes.CDLL(file)
        except OSError:
            continue
        return True
    return ctypes.util.find_library(name) is not None
