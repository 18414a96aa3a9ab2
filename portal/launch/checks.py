"""`make test`, `make test-browser`, `make lint`, `make bench` and the commands that keep generated files fresh."""

import contextlib
import fcntl
import os
import secrets
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from portal import embedded
from portal.embedded import Embedded
from portal.launch import catalogue, install, layout, native
from portal.launch.console import LaunchError, run, say, step, stop_cleanly
from portal.launch.layout import PYTHON, ROOT, child_environment, packages, var

FIRST_TEST_REDIS = "8"  # databases 0 to 7 belong to the running portal
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COMPILE = "--generate-hashes --strip-extras --no-header --quiet"
NOT_NEEDED = "async-timeout fasteners platformdirs psutil redis setuptools typing-extensions"
SETS = {
    "requirements": ["--allow-unsafe"],
    "requirements-dev": ["--allow-unsafe"],
    "requirements-servers": [f"--unsafe-package={name}" for name in NOT_NEEDED.split()],  # installed without them
    "requirements-node": ["--allow-unsafe"],
}
NO_HOSTS = "--no-emit-index-url --no-emit-find-links --no-emit-trusted-host"


@contextlib.contextmanager
def _ready() -> Iterator[None]:
    """Everything installed, servers and catalogues there, for one test run at a time."""
    stop_cleanly()
    install.install(development=True)
    with (var() / "run" / "test.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  Other tests of this checkout are running; waiting for them.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        servers = layout.wanted_servers()
        with contextlib.ExitStack() as stack:
            if servers:
                with step("Servers"):
                    stack.enter_context(Embedded(var(), packages()).held(servers))
            with step("Message catalogues"):
                run([PYTHON, "-m", "portal.launch.prepare", "catalogues"], env=child_environment())
            yield


def _test_environment() -> dict[str, str]:
    return child_environment("test") | {"RAKOR_MODE": "test", "RAKOR_REDIS_DB": FIRST_TEST_REDIS}


def _pytest(*arguments: str) -> int:
    command = [PYTHON, "-m", "pytest", *arguments, *shlex.split(os.environ.get("ARGS", ""))]
    return subprocess.run(command, cwd=ROOT, env=_test_environment(), check=False).returncode


def _workers() -> list[str]:
    """pytest's options for tests in parallel; each worker has a database, a Redis number and a folder of its own."""
    workers = os.environ.get("N") or str(max(2, min(4, os.cpu_count() or 2)))
    return ["-n", workers, "--dist", "loadgroup"]


def test() -> int:
    """Runs the tests in parallel in databases of their own; returns pytest's status."""
    with _ready():
        return _pytest(*_workers(), "-m", "not browser")


def test_browser() -> int:
    """Runs the tests in a real browser, in parallel too; returns pytest's status."""
    with step("Browser"):
        _browser()
    with _ready():
        return _pytest(*_workers(), "-m", "browser", "tests/browser")


def _browser() -> None:
    """Installs what drives the browser tests and is missing: Chromium, and a library Playwright's own Node needs."""
    needed = native.missing({"libatomic.so.1": "libatomic1"})
    needed += [] if any(map(shutil.which, BROWSERS)) else ["chromium"]
    if not needed:
        return
    installer = native.apt_get()
    if not installer or not native.apt_install(installer, needed):
        raise LaunchError(f"The browser tests need more. Type this: sudo apt-get install -y {' '.join(needed)}")


def bench() -> int:
    """Measures speed and size; returns the status of the measurement (not 0 when a limit is broken)."""
    with _ready():
        command = [PYTHON, "-m", "bench", *shlex.split(os.environ.get("ARGS", ""))]
        return subprocess.run(command, cwd=ROOT, env=_test_environment(), check=False).returncode


# -- lint -------------------------------------------------------------------------------------------------------------


def _production() -> dict[str, str]:
    """Settings of a production server, for checks that are to see them; nothing is reached by these names."""
    return child_environment() | {
        "RAKOR_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "PUBLIC_URL": "https://rakor.example.go.id",
        "ALLOWED_HOSTS": "rakor.example.go.id",
        "DATABASE_URL": os.environ.get("DATABASE_URL") or embedded.database_url(var()),
        "REDIS_URL": os.environ.get("REDIS_URL") or embedded.redis_url(var()),
    }


def lint() -> int:
    """Runs every static check, all of them even when one fails; returns 1 when one failed."""
    manage = [PYTHON, "manage.py"]
    tests = _test_environment()
    checks: list[tuple[str, list[str | Path], dict[str, str]]] = [
        ("Python style", [PYTHON, "-m", "ruff", "check", "."], tests),
        ("Python layout", [PYTHON, "-m", "ruff", "format", "--check", "."], tests),
        ("Layers", [layout.VENV / "bin" / "lint-imports"], tests),
        ("Templates", [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"], tests),
        ("Migrations", [*manage, "makemigrations", "--check", "--dry-run"], tests),
        ("Production settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"], _production()),
        ("Generated documents", [*manage, "make_docs", "--check"], tests),
        ("Message catalogues complete", [PYTHON, "-m", catalogue.__name__, "--check"], tests),
        ("Lock files without hosts", [PYTHON, "-m", "portal.launch.hosts"], tests),
    ]
    failed = 0
    with _ready():
        for title, command, environment in checks:
            done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
            say(f"  {title:<34}{'failed' if done.returncode else 'ok'}")
            if done.returncode:
                failed += 1
                say((done.stdout + done.stderr).rstrip())
    say(f"\n{failed} of {len(checks)} checks failed." if failed else f"\nAll {len(checks)} checks passed.")
    return 1 if failed else 0


# -- generated files --------------------------------------------------------------------------------------------------


def requirements() -> int:
    """Compiles requirements*.in anew; returns the exit status."""
    install.install(development=True)
    environment = child_environment() | {"CUSTOM_COMPILE_COMMAND": "make requirements"}
    for name, special in SETS.items():
        with step(f"{name}.txt"):
            options = [*COMPILE.split(), *NO_HOSTS.split(), *special, *shlex.split(os.environ.get("ARGS", ""))]
            run([PYTHON, "-m", "piptools", "compile", *options, "-o", f"{name}.txt", f"{name}.in"], env=environment)
            file = ROOT / f"{name}.txt"
            file.write_text(file.read_text().partition("\n# WARNING")[0].rstrip() + "\n")
    return 0


def messages() -> int:
    """Collects the texts of the screens into the catalogues; returns the exit status."""
    install.install(development=True)
    command = [PYTHON, "-m", catalogue.__name__]
    return subprocess.run(command, cwd=ROOT, env=_test_environment(), check=False).returncode
