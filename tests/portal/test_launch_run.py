"""`make run` for real, in a var folder of its own: bad luck included."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from portal import processes
from portal.embedded import Embedded
from portal.launch import layout, supervise
from tests.killing import kill_nine

pytestmark = pytest.mark.processes


class Launcher:
    """A `make run` and what it printed."""

    all: ClassVar[list["Launcher"]] = []

    def __init__(self, var: Path, port: int, log: Path) -> None:
        # The servers of the test run, or of their user, are not the ones to start and to kill here.
        environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        environment |= {"RAKOR_VAR": str(var), "PORT": str(port), "RAKOR_MODE": "local", "DEMO": "0"}
        environment.pop("RAKOR_REDIS_DB", None)
        self.log = log
        self.all.append(self)
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.launch", "run"],
                cwd=layout.ROOT, env=environment, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip

    @property
    def text(self) -> str:
        return self.log.read_text()

    def wait_for(self, pattern: str, seconds: float = 90) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.text):
                return found.group()
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"{pattern!r} did not come:\n{self.text}")


def supervised(var: Path) -> list[processes.Process]:
    """Every living process that a launcher of that var folder started, servers apart."""
    mark = f"{layout.MARK}={var}".encode()
    return [
        process
        for pid in processes.everybody()
        if mark in supervise._environment_of(pid) and (process := processes.look_up(pid))
    ]


def words_of(process: processes.Process) -> list[str]:
    return (processes.PROC / str(process.pid) / "cmdline").read_text().split("\0")


@pytest.fixture
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rakor-run-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        for launcher in Launcher.all:
            if launcher.process.poll() is None:
                launcher.process.kill()
                launcher.process.wait()
        processes.end(supervised(Path(folder)))
        Embedded(Path(folder)).stop()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def health(port: int) -> int:
    return urllib.request.urlopen(f"http://127.0.0.1:{port}/sehat/", timeout=10).status


def test_run_survives_everything_and_leaves_nothing_behind(var: Path, port: int, tmp_path: Path):
    first = Launcher(var, port, tmp_path / "first.log")
    first.wait_for("The portal is ready")
    assert health(port) == 200

    # a rival in the same checkout
    rival = Launcher(var, port, tmp_path / "rival.log")
    assert rival.process.wait(30) == 1
    assert f"runs already at http://127.0.0.1:{port}/" in rival.text
    assert health(port) == 200

    # killed children come back
    worker = next(process for process in supervised(var) if "worker" in words_of(process))
    os.kill(processes.session_of(worker.pid), signal.SIGKILL)
    first.wait_for("The worker process ended")

    # kill -9 of the launcher and of both servers: the next run clears up and goes on
    orphans = supervised(var)
    servers = Embedded(var).status()
    for pid in (first.process.pid, *servers.values()):
        kill_nine(pid)
    first.process.wait()
    second = Launcher(var, port, tmp_path / "second.log")
    second.wait_for("The portal is ready")
    assert "an earlier run left behind" in second.text
    assert not [process for process in orphans if process.alive]
    assert health(port) == 200

    # told to stop twice
    second.process.send_signal(signal.SIGINT)
    second.process.send_signal(signal.SIGTERM)
    assert second.process.wait(30) == 0
    assert "Stopped." in second.text
    assert supervised(var) == []
    assert Embedded(var).status() == {"postgres": None, "redis": None}


def test_taken_port_is_said_before_anything_starts(var: Path, port: int, tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        launcher = Launcher(var, port, tmp_path / "log")
        assert launcher.process.wait(30) == 1
    assert f"Port {port} is taken" in launcher.text
    assert not (var / "postgres").exists()
