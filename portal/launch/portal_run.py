"""`make run`: sets up, starts everything, says where it is, and keeps it alive until Ctrl-C."""

import contextlib
import errno
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from portal import processes
from portal.embedded import Embedded
from portal.launch import install, layout, prepare, supervise
from portal.launch.console import LaunchError, say, step, stop_cleanly
from portal.launch.layout import PYTHON, child_environment, packages, var
from portal.launch.supervise import Supervisor

WEB_SECONDS = 60.0
STOP_SECONDS = 60.0


@dataclass(frozen=True)
class Running:
    """A portal of this checkout that runs now."""

    pid: int
    started: int
    address: str

    @property
    def process(self) -> processes.Process:
        """Its launcher."""
        return processes.Process(self.pid, self.started)


def running() -> Running | None:
    """The portal of this checkout that runs now, if any."""
    try:
        found = Running(**json.loads((var() / "run" / "portal.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.process.alive else None


def address() -> str:
    """Where a browser on this machine finds the portal."""
    return f"http://127.0.0.1:{layout.port()}/"


def run() -> int:
    """Runs the portal until somebody stops it; returns the exit status."""
    begin = time.monotonic()
    say(f"Portal rakor in {layout.ROOT}")
    with portal() as supervisor:
        _announce(time.monotonic() - begin)
        supervisor.watch()
        say("\nStopping …")
    say("Stopped. All data are kept; `make run` goes on with them.")
    return 0


@contextlib.contextmanager
def portal() -> Iterator[Supervisor]:
    """The whole portal, ready to answer, for the length of the block.

    Errors: LaunchError with a sentence when it cannot start; whatever was started is stopped again.
    """
    stop_cleanly()
    with _only_one():
        if orphans := supervise.end_orphans():
            say(f"  Ended {orphans} processes that an earlier run left behind.")
        _check_port()
        install.install()
        environment, servers = child_environment(), layout.wanted_servers()
        embedded = Embedded(var(), packages())
        with contextlib.ExitStack() as stack:
            if servers:
                with step(" and ".join({"postgres": "PostgreSQL", "redis": "Redis"}[name] for name in servers)):
                    stack.enter_context(embedded.held(servers))
            if subprocess.run(
                [PYTHON, "-m", prepare.__name__], cwd=layout.ROOT, env=environment, check=False
            ).returncode:
                raise LaunchError("The portal was not started.")
            children = [supervise.web(environment), supervise.beat(environment), supervise.worker(environment)]
            supervisor = Supervisor(children, embedded, servers)
            stack.callback(supervisor.stop)
            supervisor.listen()
            with step("Web server, worker, clock"):
                supervisor.start()
                _wait_ready(supervisor)
            yield supervisor


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Holds the lock of the one portal that may run in this checkout, and notes where it is."""
    folder = var() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "portal.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            other = running()
            where = f" at {other.address}" if other else ""
            raise LaunchError(f"The portal of this checkout runs already{where}. `make stop` stops it.") from error
        note, me = folder / "portal.json", processes.look_up(os.getpid())
        assert me, "this process is alive"  # noqa: S101  tells the type checker; it cannot fail
        note.write_text(json.dumps(asdict(Running(me.pid, me.started, address()))))
        try:
            yield
        finally:
            note.unlink(missing_ok=True)


def _check_port() -> None:
    number = layout.port()
    if not number.isdigit() or not 0 < int(number) < 65536:
        raise LaunchError(f"PORT must be a number from 1 to 65535, not {number!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(number)))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise LaunchError(f"Port {number} may only be opened by root. Choose one above 1023.") from error
            raise LaunchError(
                f"Port {number} is taken by another program. Choose another one: make run PORT={int(number) + 1}"
            ) from error


def _wait_ready(supervisor: Supervisor) -> None:
    """Waits until the web server answers and the worker takes work."""
    web, _, worker = supervisor.children
    deadline = time.monotonic() + WEB_SECONDS
    while not (_answers() and " ready." in worker.last_lines()):
        if supervisor.stopping:
            raise KeyboardInterrupt
        for child in supervisor.children:
            if child.process and child.process.poll() is not None:
                raise LaunchError(_failure(child))
        if time.monotonic() > deadline:
            raise LaunchError(_failure(web if not _answers() else worker))
        time.sleep(0.05)


def _failure(child: supervise.Child) -> str:
    last = child.last_lines().strip().splitlines()[-12:]
    return "\n".join([f"The {child.name} process did not start. Its log, {child.log}, ends with:", *last])


def _answers() -> bool:
    line = http.client.HTTPConnection("127.0.0.1", int(layout.port()), timeout=5)
    with contextlib.closing(line), contextlib.suppress(OSError, http.client.HTTPException):
        line.request("GET", "/sehat/")
        return line.getresponse().status < 500
    return False


def _announce(seconds: float) -> None:
    accounts = var() / "run" / prepare.ACCOUNTS
    say(f"\nThe portal is ready after {seconds:.1f} s:  {address()}\n")
    if accounts.exists() and (table := accounts.read_text().rstrip()):
        say(table + "\n")
    say(f"Logs: {var() / 'log'}    Stop: Ctrl-C, or `make stop` in another window")


def stop() -> int:
    """Stops the portal and its servers wherever they were started; returns the exit status."""
    stopped = False
    if other := running():
        processes.send(other.process, signal.SIGTERM)
        if processes.wait_gone([other.process], STOP_SECONDS):
            raise LaunchError(f"The portal (process {other.pid}) does not stop; look into {var() / 'log'}.")
        stopped = True
    stopped = supervise.end_orphans() > 0 or stopped
    embedded = Embedded(var(), packages())
    if embedded.in_use():
        say("PostgreSQL and Redis go on: tests or another command use them.")
    elif any(embedded.status().values()):
        embedded.stop()
        stopped = True
    say("Stopped." if stopped else "Nothing was running.")
    return 0


def servers() -> int:
    """Keeps only PostgreSQL and Redis running, for work on the code; returns the exit status."""
    stop_cleanly()
    install.install()
    embedded = Embedded(var(), packages())
    wanted = layout.wanted_servers()
    with contextlib.suppress(KeyboardInterrupt), embedded.held(wanted):
        for name, pid in embedded.status().items():
            say(f"  {name:<10} process {pid}")
        say("Ctrl-C stops them.")
        while True:
            time.sleep(3600)
    return 0


def status() -> int:
    """Says what runs and where; returns 0 when the portal runs, 3 when not."""
    other = running()
    say(f"Portal      {other.address + '  process ' + str(other.pid) if other else 'does not run'}")
    embedded = Embedded(var(), packages())
    for name, pid in embedded.status().items():
        say(f"{name:<11} {'process ' + str(pid) if pid else 'does not run'}")
    for folder in embedded.folders():
        say(f"            {Path(folder)}")
    return 0 if other else 3
