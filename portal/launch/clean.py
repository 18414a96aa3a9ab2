"""`make clean`: deletes what was made in this checkout, after asking."""

import os
import shutil
from pathlib import Path

from portal.embedded import Embedded
from portal.launch import layout, portal_run
from portal.launch.console import LaunchError, say
from portal.launch.layout import ROOT, VENV, packages, var

WORD = "hapus"
# By name: RAKOR_VAR may point to a folder that holds other things too.
MADE = [
    *("postgres", "postgres.new", "redis", "run", "embedded.json", "secret_key", "files", "static", "vendor", "fonts"),
    *("node", "log", "demo", "bench", "test"),
]


def clean() -> int:
    """Deletes data and everything made at set-up; returns the exit status.

    Errors: LaunchError when the portal runs or nobody confirms.
    """
    if (other := portal_run.running()) is not None:
        raise LaunchError(f"The portal runs at {other.address}. Stop it first: make stop")
    embedded = Embedded(var(), packages())
    if embedded.in_use():
        raise LaunchError("Tests or another command use the database. Wait for them to end.")
    doomed = [path for path in (*(var() / name for name in MADE), *embedded.folders()) if path.exists()]
    doomed = list(dict.fromkeys([*doomed, *(path for path in (VENV, ROOT / "node_modules") if path.exists())]))
    if not doomed:
        say("There is nothing to delete.")
        return 0
    say("This deletes the database, all documents and everything made at set-up:\n")
    for path in doomed:
        say(f"  {path}")
    if os.environ.get("YES") != "1" and not _confirmed():
        raise LaunchError("Nothing was deleted.")
    embedded.stop()
    for path in doomed:
        _delete(path)
    if var() == layout.ROOT / "var":
        shutil.rmtree(var(), ignore_errors=True)
    say("Deleted. `make run` begins anew.")
    return 0


def _confirmed() -> bool:
    try:
        return input(f'\nType "{WORD}" to delete them for good: ').strip().lower() == WORD
    except EOFError:
        return False


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    if path.exists():
        raise LaunchError(f"{path} could not be deleted: it belongs to another user.")
