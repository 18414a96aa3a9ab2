"""`make scenario` and `make demo-jatim`: an edition in a database of its own, taken to its end, and what came out."""

import os
import subprocess
from dataclasses import dataclass, field

from portal import embedded
from portal.embedded import Embedded
from portal.launch import install, layout, prepare
from portal.launch.console import LaunchError, say, step, stop_cleanly
from portal.launch.layout import PYTHON, ROOT, child_environment, packages, var

REDIS = "4"  # 0 to 3 belong to the running portal, 8 and above to the tests


@dataclass(frozen=True)
class Stage:
    """A second portal beside the one that runs: its database, its folder for files, and what is special about it."""

    database: str
    files: str
    own: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """Environment of commands that work in it."""
        own = {"DATABASE_URL": self.address(), "RAKOR_FILES": str(var() / self.files), "RAKOR_REDIS_DB": REDIS}
        return child_environment() | own | self.own

    def address(self) -> str:
        """The same server, another database."""
        head, _slash, tail = _address().rpartition("/")
        _name, question, options = tail.partition("?")
        return f"{head}/{self.database}{question}{options}"


SCENARIO = Stage("rakor_scenario", "scenario")
EAST_JAVA = Stage("rakor_jatim", "jatim", {"RAKOR_PROVINCE": "35", "RAKOR_TIME_ZONE": "Asia/Jakarta"})


def scenario() -> int:
    """Loads the edition anew, takes it through desks and plenary and prints its totals; returns the exit status."""
    return _play(SCENARIO, "Proposals, desks, plenary and their papers", ["load_scenario", "atambua", "--through"])


def east_java() -> int:
    """Loads East Java and has the four memoranda of 2012 signed: another province is data, not code."""
    return _play(
        EAST_JAVA, "East Java, its rakor of 2012 and four memoranda of understanding",
        ["load_province", "regencies/data/jatim.csv"], ["load_ceremony", "jatim-2012", "--sign"],
    )  # fmt: skip


def _play(stage: Stage, what: str, *commands: list[str]) -> int:
    stop_cleanly()
    install.install()
    with Embedded(var(), packages()).held(layout.wanted_servers()):
        with step("Message catalogues"):
            prepare_catalogues = [PYTHON, "-m", prepare.__name__, "catalogues"]
            subprocess.run(prepare_catalogues, cwd=ROOT, env=child_environment(), check=True, capture_output=True)
        with step("Database"):
            _make_database(stage)
        say(f"  {what} …\n")
        for command in commands:
            wanted = [PYTHON, "manage.py", *command]
            if subprocess.run(wanted, cwd=ROOT, env=stage.environment(), check=False).returncode:
                raise LaunchError("The scenario did not come to its end.")
    return 0


def _address() -> str:
    return os.environ.get("DATABASE_URL") or embedded.database_url(var())


def _make_database(stage: Stage) -> None:
    """An empty database with our tables; one of an earlier run is dropped."""
    make = (
        "import psycopg2,sys;c=psycopg2.connect(sys.argv[1]);c.autocommit=True;q=c.cursor();"
        f"q.execute('DROP DATABASE IF EXISTS {stage.database} WITH (FORCE)');"
        f"q.execute('CREATE DATABASE {stage.database}')"
    )
    for command in ([PYTHON, "-c", make, _address()], [PYTHON, "manage.py", "migrate", "--verbosity", "0"]):
        done = subprocess.run(
            command, cwd=ROOT, env=stage.environment(), check=False, capture_output=True, text=True
        )  # fmt: skip
        if done.returncode:
            raise LaunchError(f"The database of the scenario could not be made:\n{done.stderr.strip()[-600:]}")
