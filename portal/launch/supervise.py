"""Keeps the processes of the portal alive and ends them in good order."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from portal import processes
from portal.embedded import Embedded, EmbeddedError
from portal.launch import layout
from portal.launch.console import interruptible, say

LONGEST_PAUSE = 30.0
STEADY_SECONDS = 30.0  # a child that lived this long starts again at once
TERM, QUIT = signal.SIGTERM, signal.SIGQUIT


@dataclass
class Child:
    """One process of the portal: how it starts and how it ends."""

    name: str
    command: list[str | Path]
    ending: tuple[tuple[signal.Signals, float], ...] = ((TERM, 5.0),)
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0
    log_begin: int = 0
    asked: bool = False

    @property
    def log(self) -> Path:
        return layout.var() / "log" / f"{self.name}.log"

    def start(self) -> None:
        """Starts the process in a session of its own: Ctrl-C reaches the launcher alone, which ends it in turn."""
        with processes.open_log(self.log) as log:
            self.log_begin = self.log.stat().st_size
            self.process = subprocess.Popen(
                self.command, cwd=layout.ROOT, env=self.environment | {layout.MARK: str(layout.var())},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.started = time.monotonic()

    def last_lines(self) -> str:
        """What the process wrote to its log since it started."""
        with self.log.open("rb") as log:
            log.seek(self.log_begin)
            return log.read().decode(errors="replace")

    def watch(self, now: float) -> str:
        """Starts the process again, after a pause that grows, when it died; returns a sentence about it."""
        if self.process is None:
            if now >= self.due:
                self.start()
            return ""
        if (status := self.process.poll()) is None:
            return ""
        processes.end(processes.of_session(self.process.pid), (TERM, 2.0))  # children that outlived their head
        self.failures = 1 if now - self.started > STEADY_SECONDS else self.failures + 1
        pause = 0.0 if self.failures == 1 else min(LONGEST_PAUSE, 2.0 ** (self.failures - 2))
        self.process, self.due = None, now + pause
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return f"The {self.name} process ended ({how}); starting it again. Its log: {self.log}"

    def ask(self) -> None:
        """Sends the first signal of its ending, without waiting for the effect."""
        if self.process and not self.asked and (head := processes.look_up(self.process.pid)):
            processes.send(head, self.ending[0][0])
            self.asked = True

    def stop(self, hurry: Callable[[], bool]) -> None:
        """Ends the process and all it started; in a hurry each step has half a second only."""
        if self.process is None:
            return
        self.ask()
        if head := processes.look_up(self.process.pid):
            for step, (number, seconds) in enumerate(self.ending):
                if step:
                    processes.send(head, number)
                deadline = time.monotonic() + seconds
                while head.alive and time.monotonic() < deadline:
                    time.sleep(0.02)
                    if hurry():
                        deadline = min(deadline, time.monotonic() + 0.5)
        processes.end(processes.of_session(self.process.pid), (QUIT, 1.0))
        self.process.wait()
        self.process, self.asked = None, False


def web(environment: dict[str, str]) -> Child:
    """The production web server, on loopback only."""
    options = (
        "--preload --worker-class gthread --workers 2 --threads 4 --timeout 60 --graceful-timeout 5 --no-control-socket"
    )
    shared = "/dev/shm" if Path("/dev/shm").is_dir() else str(layout.var() / "run")  # noqa: S108  heartbeat files
    command = [layout.PYTHON, "-m", "gunicorn", "portal.wsgi", *options.split(), "--worker-tmp-dir", shared]
    return Child("web", [*command, "--bind", f"127.0.0.1:{environment['PORT']}"], ((TERM, 6.0),), environment)


def worker(environment: dict[str, str]) -> Child:
    """The Celery worker. TERM lets a rendering finish; QUIT puts it back into the queue."""
    options = "worker --concurrency 2 --without-mingle --without-gossip --without-heartbeat --loglevel INFO"
    command = [layout.PYTHON, "-m", "celery", "-A", "portal.celery", *options.split()]
    return Child("worker", command, ((TERM, 5.0), (QUIT, 4.0)), environment)


def beat(environment: dict[str, str]) -> Child:
    """The clock."""
    command = [layout.PYTHON, "-m", "celery", "-A", "portal.celery", "beat", "--loglevel", "INFO", "--pidfile="]
    return Child("beat", command, ((TERM, 3.0),), environment)


def end_orphans() -> int:
    """Ends what a killed launcher of this checkout left behind; returns how many processes that were."""
    mark = f"{layout.MARK}={layout.var()}".encode()
    left = [
        process for pid in processes.everybody() if mark in _environment_of(pid) and (process := processes.look_up(pid))
    ]
    heads = [process for process in left if processes.session_of(process.pid) == process.pid]
    processes.end(heads, (TERM, 3.0), (QUIT, 2.0))
    processes.end(left)
    return len(left)


def _environment_of(pid: int) -> list[bytes]:
    try:
        return (processes.PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


class Supervisor:
    """Runs the children and the embedded servers until it is told to stop."""

    def __init__(self, children: list[Child], embedded: Embedded, servers: tuple[str, ...]) -> None:
        self.children = children
        self.embedded = embedded
        status = embedded.status()
        self.servers = {name: processes.look_up(status[name] or 0) for name in servers}
        self.signals = 0

    def listen(self) -> None:
        """Takes Ctrl-C, SIGTERM and a closed terminal as the wish to stop; a second one as the wish to hurry."""
        interruptible(self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self.signals += 1

    @property
    def stopping(self) -> bool:
        """Whether somebody asked to stop."""
        return self.signals > 0

    def start(self) -> None:
        """Starts the children."""
        for child in self.children:
            child.start()

    def watch(self) -> None:
        """Looks after everybody once a while, until somebody asks to stop."""
        while not self.stopping:
            self.look()
            self.pause(0.5)

    def pause(self, seconds: float) -> None:
        """Sleeps, but wakes for a signal."""
        deadline = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < deadline:
            time.sleep(0.1)

    def look(self) -> None:
        """Starts again whoever died."""
        now = time.monotonic()
        for child in self.children:
            if sentence := child.watch(now):
                say(sentence)
        for name, head in self.servers.items():
            if head is None or not head.alive:
                say(f"The {name} server ended; starting it again. Its log: {layout.var() / 'log' / name}.log")
                try:
                    self.embedded.start([name])
                except EmbeddedError as error:
                    say(str(error))
                    self.pause(5.0)
                self.servers[name] = processes.look_up(self.embedded.status()[name] or 0)

    def stop(self) -> None:
        """Ends the children in order: first, together, who takes in work (web, clock), then who does it."""
        for child in self.children[:-1]:
            child.ask()
        for child in self.children:
            child.stop(lambda: self.signals > 1)
