"""Where things lie in a checkout, and the environment its processes get."""

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MARK = "RAKOR_SUPERVISED"  # in the environment of every child: how a later run recognises orphans of this checkout
DEFAULT_PORT = "8000"


def dotenv(file: Path) -> dict[str, str]:
    """The KEY=VALUE lines of a file such as .env; empty when there is none. Quotes around a value are dropped."""
    if not file.exists():
        return {}
    found = {}
    for line in file.read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not key.lstrip().startswith("#"):
            found[key.removeprefix("export ").strip()] = value.strip().strip("'\"")
    return found


def load_dotenv() -> None:
    """Takes the settings of .env into this process; what the environment says already wins."""
    for key, value in dotenv(ROOT / ".env").items():
        os.environ.setdefault(key, value)


def var() -> Path:
    """The folder of everything that is made at set-up or at run time."""
    return Path(os.environ.get("RAKOR_VAR") or ROOT / "var").resolve()


def port() -> str:
    """The port of the web server as the environment says."""
    return os.environ.get("PORT") or DEFAULT_PORT


def wanted_servers(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The embedded servers that are needed: not those the user names an own one for."""
    own = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
    return tuple(name for name, key in own.items() if not environment.get(key))


def child_environment(mode: str = "local", **more: str) -> dict[str, str]:
    """The environment of a process in the virtual environment of this checkout."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "PYTHONPATH")}
    environment.setdefault("RAKOR_MODE", mode)
    environment["PORT"] = port()
    environment["VIRTUAL_ENV"] = str(VENV)
    environment["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment["PYTHONUNBUFFERED"] = "1"
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    return environment | more


def packages() -> Path:
    """Folder of the wheels that carry PostgreSQL and Redis."""
    return VENV / "servers"
