"""Makes database, catalogues, static files and demo data ready. Runs in the virtual environment, in one process,
so that Django is loaded once: `python -m portal.launch.prepare [TASK…]`, all tasks without arguments.
"""

import hashlib
import io
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from portal import processes
from portal.launch import layout
from portal.launch.console import say, step

ACCOUNTS = "accounts.txt"
DESKS_HELD = 4  # of the demo edition's 22: the first slot is over, the others can be tried


def catalogues() -> int:
    """Compiles every message catalogue that changed; returns how many."""
    import polib

    done = 0
    for source in sorted(layout.ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        fresh = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(fresh))
        fresh.replace(target)  # in one step: a running server may be reading the old one
        done += 1
    return done


def _database() -> str:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        call_command("migrate", interactive=False, verbosity=0)
    return f"{waiting} migrations" if waiting else ""


def _queue() -> str:
    """Asks the Redis for cache and queue for an answer: one that is not there is said now, not by the worker's log."""
    from django.core.cache import cache

    cache.get("ready")
    return ""


def _static_files() -> str:
    """Collects, names by hash and compresses the static files unless nothing changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".source"
    digest = _digest_of(
        Path(folder if isinstance(folder, str | Path) else folder[1]) for folder in settings.STATICFILES_DIRS
    )
    if stamp.exists() and stamp.read_text() == digest:
        return ""
    # django_htmx carries htmx in several versions; ours comes from npm.
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["django_htmx"])
    stamp.write_text(digest)
    return "collected"


def _digest_of(folders) -> str:
    found = hashlib.sha256((layout.ROOT / "requirements.txt").read_bytes())
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            found.update(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    return found.hexdigest()


def _signing_authority() -> str:
    """Makes the demo's certificate authority. In production it is made by hand, once, with a name of its own."""
    from django.core.management import call_command

    told = io.StringIO()
    call_command("make_signing_ca", stdout=told)
    return "made" if told.getvalue().startswith("made") else ""


def _demo_data() -> None:
    from django.core.management import call_command

    call_command("load_demo", verbosity=0)
    call_command("load_scenario", "atambua", desks=DESKS_HELD, guests=True, verbosity=0)
    call_command("load_ceremony", "belu-2019", verbosity=0)
    accounts = io.StringIO()
    call_command("demo_accounts", stdout=accounts)
    (layout.var() / "run" / ACCOUNTS).write_text(accounts.getvalue())


def _wants_demo() -> bool:
    return os.environ.get("RAKOR_MODE") == "local" and os.environ.get("DEMO", "1") != "0"


def main(wanted: list[str]) -> int:
    """Runs the tasks and prints a line for each; returns the exit status."""
    tasks: dict[str, tuple[str, Callable[[], object]]] = {
        "catalogues": ("Message catalogues", catalogues),
        "database": ("Database", _database),
        "queue": ("Cache and queue", _queue),
        "static": ("Static files", _static_files),
        "signing": ("Certificate authority", _signing_authority),
        "demo": ("Demo data", _demo_data),
    }
    if not _wants_demo():
        (layout.var() / "run" / ACCOUNTS).unlink(missing_ok=True)
    if not wanted:
        local = os.environ.get("RAKOR_MODE") == "local"
        left_out = {"demo": not _wants_demo(), "signing": not local}
        wanted = [name for name in tasks if not left_out.get(name)]
    title = tasks[wanted[0]][0]
    try:
        for name in wanted:
            title, task = tasks[name]
            with step(title) as remark:
                if name != "catalogues":  # they must be compiled before Django reads them
                    _load_django()
                if isinstance(done := task(), str) and done:
                    remark(done)
    except Exception as error:  # noqa: BLE001  whatever went wrong: the console gets a sentence, the log the traceback
        file = layout.var() / "log" / "setup.log"
        with processes.open_log(file) as log:
            log.write(traceback.format_exc().encode())
        say(f"\n{title} failed: {type(error).__name__}: {error}\nThe whole story is in {file}.")
        return 1
    return 0


def _load_django() -> None:
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
        import_module("portal.celery")  # the demo orders papers: the task queue must be known
        django.setup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
