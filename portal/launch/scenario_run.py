"""`make scenario`: the synthetic edition with known totals, in a database of its own, to the agreement."""

import os
import subprocess

from portal import embedded
from portal.embedded import Embedded
from portal.launch import install, layout, prepare
from portal.launch.console import LaunchError, say, step, stop_cleanly
from portal.launch.layout import PYTHON, ROOT, child_environment, packages, var

DATABASE = "rakor_scenario"
REDIS = "4"  # 0 to 3 belong to the running portal, 8 and above to the tests


def scenario() -> int:
    """Loads the edition anew, takes it through desks and plenary and prints its totals; returns the exit status."""
    stop_cleanly()
    install.install()
    with Embedded(var(), packages()).held(layout.wanted_servers()):
        with step("Message catalogues"):
            prepare_catalogues = [PYTHON, "-m", prepare.__name__, "catalogues"]
            subprocess.run(prepare_catalogues, cwd=ROOT, env=child_environment(), check=True, capture_output=True)
        with step("Database"):
            _make_database()
        say("  Proposals, desks, plenary and their papers …\n")
        command = [PYTHON, "manage.py", "load_scenario", "atambua", "--through"]
        status = subprocess.run(command, cwd=ROOT, env=_environment(), check=False).returncode
    if status:
        raise LaunchError("The scenario did not come to its end.")
    return 0


def _address() -> str:
    return os.environ.get("DATABASE_URL") or embedded.database_url(var())


def _scenario_address() -> str:
    """The same server, another database."""
    head, _slash, tail = _address().rpartition("/")
    _name, question, options = tail.partition("?")
    return f"{head}/{DATABASE}{question}{options}"


def _environment() -> dict[str, str]:
    own = {"DATABASE_URL": _scenario_address(), "RAKOR_FILES": str(var() / "scenario"), "RAKOR_REDIS_DB": REDIS}
    return child_environment() | own


def _make_database() -> None:
    """An empty database with our tables; one of an earlier run is dropped."""
    make = (
        "import psycopg2,sys;c=psycopg2.connect(sys.argv[1]);c.autocommit=True;q=c.cursor();"
        f"q.execute('DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)');q.execute('CREATE DATABASE {DATABASE}')"
    )
    for command in ([PYTHON, "-c", make, _address()], [PYTHON, "manage.py", "migrate", "--verbosity", "0"]):
        done = subprocess.run(command, cwd=ROOT, env=_environment(), check=False, capture_output=True, text=True)
        if done.returncode:
            raise LaunchError(f"The database of the scenario could not be made:\n{done.stderr.strip()[-600:]}")
