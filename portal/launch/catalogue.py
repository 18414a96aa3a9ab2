"""Collects the texts of the screens into locale/en, and checks that every one is translated well.

`python -m portal.launch.catalogue [--check]`; needs the gettext tools. Both work on a copy of the sources: Django's
makemessages leaves files beside the templates while it runs.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from portal.launch.layout import PYTHON, ROOT, child_environment

LANGUAGE = "en"  # the texts in the sources are Indonesian themselves; locale/id only corrects what libraries say
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
SOURCES = "portal regencies programs rakor templates locale manage.py"
OPTIONS = "--add-location=file --no-obsolete --no-wrap"
HEADER = {
    "Project-Id-Version": "Portal Rakor",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0\- +]*\d*(?:\.\d+)?[a-zA-Z%]")
EDGES = re.compile(r"^(\s*).*?(\s*)$", re.DOTALL)


def collected() -> Any:
    """The catalogue as it has to be today: a polib file with the texts of the sources, guesses thrown away."""
    import polib

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in map(ROOT.joinpath, SOURCES.split()):
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.mo")
                shutil.copytree(source, folder / source.name, ignore=ignored)
            elif source.exists():
                shutil.copy(source, folder)
        (folder / "locale").mkdir(exist_ok=True)
        command = [PYTHON, "manage.py", "makemessages", "-l", LANGUAGE, *OPTIONS.split()]
        subprocess.run(command, cwd=folder, env=child_environment("test"), check=True, stdout=subprocess.DEVNULL)
        entries = polib.pofile(str(folder / CATALOGUE), wrapwidth=0)
    for entry in entries:
        entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
        if entry.fuzzy:
            entry.flags.remove("fuzzy")
            entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
    # Sorted and without dates, so that a new text is one new piece in the history and nothing else.
    entries.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    entries.metadata, entries.metadata_is_fuzzy, entries.header = HEADER, [], ""
    return entries


def faults(entries: Any) -> list[str]:
    """A line for each text that is not translated, or whose translation would break when it is filled in."""
    found = []
    for entry in entries:
        if entry.obsolete:
            continue
        if entry.fuzzy or not entry.translated():
            found.append(f"not translated: {entry.msgid!r}")
            continue
        sources = {entry.msgid, entry.msgid_plural} - {""}
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            if _placeholders(text) not in map(_placeholders, sources):
                found.append(f"other placeholders than {entry.msgid!r}: {text!r}")
            if EDGES.match(text).groups() != EDGES.match(entry.msgid).groups():
                found.append(f"other spaces around it than {entry.msgid!r}: {text!r}")
    return found


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def main(check: bool) -> int:
    """Collects, or checks; returns the exit status."""
    if not shutil.which("xgettext"):
        print("The gettext tools are needed: sudo apt-get install -y gettext", file=sys.stderr)
        return 1
    entries = collected()
    if not check:
        (ROOT / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        entries.save(str(ROOT / CATALOGUE))
        print(f"{len(entries)} texts, {len(entries.untranslated_entries())} not translated: {CATALOGUE}")
        return 0
    found = faults(entries)
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
