"""Cuts the fonts of our papers out of the installed font packages: `python -m portal.documents.fonts`.

Needs no Django. Smaller fonts render a third faster, and one private font folder makes the bytes of a paper independent
of the machine: the font configuration written beside them names no other folder.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SOURCE = CHECKOUT / "node_modules" / "@expo-google-fonts"
TARGET = CHECKOUT / "var" / "fonts"

STYLES = {
    "Regular": "400Regular",
    "Bold": "700Bold",
    "Italic": "400Regular_Italic",
    "BoldItalic": "700Bold_Italic",
}
FAMILIES = ("Arimo", "Tinos")
RANGES = (
    (0x20, 0x7E), (0xA0, 0x24F),  # Latin with all its accents
    (0x2B0, 0x2FF), (0x300, 0x36F),  # modifier letters (ʻ of transcriptions), combining accents
    (0x1E00, 0x1EFF),
    (0x2010, 0x205E),  # dashes, quotation marks, bullets
    (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218F),
    (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF), (0x2600, 0x267F), (0xFFFD, 0xFFFD),
)  # fmt: skip
"""The letters a paper can show. Others are printed as □ (rendering replaces them: PDF/A forbids missing glyphs)."""

CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<!-- Papers see no font of the machine: theirs come by @font-face. A relative cache would lie in whatever folder the
     process was started from; rendering.py says where XDG's is. -->
<fontconfig>
  <dir prefix="relative">.</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def font_name(family: str, style: str) -> str:
    """File name of one cut font: "Arimo-Bold.ttf"."""
    return f"{family}-{style}.ttf"


def cut(source: Path, target: Path) -> None:
    """Write the subset of one font; the same source always gives the same bytes."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # the names, and the licence that travels with the font
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    cutter.subset(font)
    part = target.with_suffix(".part")
    font.save(part)
    part.replace(target)


def build(source: Path, target: Path) -> list[Path]:
    """The cut fonts in `target`, made where they are missing or older recipes made them.

    Errors: FileNotFoundError naming the package file that is not installed.
    """
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    target.mkdir(parents=True, exist_ok=True)
    (target / "fonts.conf").write_text(CONFIGURATION)
    recipe = hashlib.sha256(Path(__file__).read_bytes())
    made = []
    for family in FAMILIES:
        for style, folder in STYLES.items():
            original = source / family.lower() / folder / f"{family}_{folder}.ttf"
            mark = recipe.copy()
            mark.update(original.read_bytes())
            result = target / font_name(family, style)
            stamp = result.with_suffix(".stamp")
            if not (result.exists() and stamp.exists() and stamp.read_text() == mark.hexdigest()):
                cut(original, result)
                stamp.write_text(mark.hexdigest())
            made.append(result)
    return made


def main(arguments: list[str] | None = None) -> int:
    """Exit status of the command line."""
    parser = argparse.ArgumentParser(prog="python -m portal.documents.fonts", description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, default=SOURCE, help="folder of the packages arimo and tinos")
    parser.add_argument("--target", type=Path, default=TARGET, help="folder for the cut fonts")
    chosen = parser.parse_args(arguments)
    try:
        made = build(chosen.source, chosen.target)
    except FileNotFoundError as error:
        print(f"Font package not found: {error.filename}. Run `npm ci` first.", file=sys.stderr)
        return 1
    print(f"{len(made)} fonts in {chosen.target}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
