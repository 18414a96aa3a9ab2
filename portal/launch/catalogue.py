"""Collects the texts of the screens into locale/en, and checks that every one is translated.

`python -m portal.launch.catalogue [--check]`; needs the gettext tools. The check works on a copy of the sources.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from portal.launch.layout import PYTHON, ROOT, child_environment

LANGUAGE = "en"  # the texts in the sources are Indonesian themselves
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
SOURCES = "portal regencies programs rakor templates locale manage.py"
OPTIONS = (
    "--no-location --no-obsolete --no-wrap --ignore=var/* --ignore=.venv/* --ignore=node_modules/* --ignore=tests/*"
)


def collect(root: Path) -> None:
    """Brings the catalogue of the sources under `root` up to date."""
    command = [PYTHON, "manage.py", "makemessages", "-l", LANGUAGE, *OPTIONS.split()]
    subprocess.run(command, cwd=root, env=child_environment("test"), check=True, stdout=subprocess.DEVNULL)


def untranslated() -> list[str]:
    """The texts of the sources that the catalogue does not translate."""
    import polib

    with tempfile.TemporaryDirectory() as folder:
        for name in SOURCES.split():
            source, target = ROOT / name, Path(folder) / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
            elif source.exists():
                shutil.copy(source, target)
        (Path(folder) / "locale").mkdir(exist_ok=True)
        collect(Path(folder))
        entries = polib.pofile(str(Path(folder) / CATALOGUE))
        return [entry.msgid for entry in entries if not entry.obsolete and (entry.fuzzy or not entry.translated())]


def main(check: bool) -> int:
    """Collects, or checks; returns the exit status."""
    if not shutil.which("xgettext"):
        print("The gettext tools are needed: sudo apt-get install -y gettext", file=sys.stderr)
        return 1
    if not check:
        collect(ROOT)
        return 0
    missing = untranslated()
    for text in missing:
        print(f"not translated: {text!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
