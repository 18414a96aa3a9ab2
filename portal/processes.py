"""Which process is it, is it still alive, and how is it ended: asked of /proc, because a number in a file may lie.

A pid file survives kill -9 and its number may by then belong to a stranger. A process is therefore known by its
number *and* its start time; a zombie counts as dead. Standard library only: the launcher runs before anything is
installed.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PROC = Path("/proc")
LOG_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True)
class Process:
    """One process of this machine, safe against the reuse of its number."""

    pid: int
    started: int

    @property
    def alive(self) -> bool:
        """Whether this very process still runs (a zombie does not)."""
        return look_up(self.pid) == self


def _stat(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat from the state on; empty when there is no such process."""
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return []
    return text[text.rfind(")") + 2 :].split()


def look_up(pid: int) -> Process | None:
    """The living process of that number, or None."""
    fields = _stat(pid)
    if not fields or fields[0] in "ZX":
        return None
    return Process(pid, int(fields[19]))


def parent_of(pid: int) -> int:
    """Number of the parent; 0 when there is no such process."""
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def session_of(pid: int) -> int:
    """Number of the session; 0 when there is no such process."""
    fields = _stat(pid)
    return int(fields[3]) if fields else 0


def command_of(pid: int) -> str:
    """Short command name of the process ("postgres"), also when its binary was deleted meanwhile."""
    try:
        return (PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return ""


def folders_of(pids: Iterable[int]) -> dict[int, str]:
    """Working folder of each process; those are left out that are zombies or strangers'."""
    found, closed = {}, {}
    for pid in pids:
        try:
            found[pid] = str((PROC / str(pid) / "cwd").readlink())
        except PermissionError:
            with contextlib.suppress(OSError):
                owner = (PROC / str(pid)).stat()
                closed.setdefault((owner.st_uid, owner.st_gid), []).append(pid)
        except OSError:
            continue
    if os.getuid() == 0:
        # Root in a container may not look at others' processes (no CAP_SYS_PTRACE), but it may become them.
        for (uid, gid), theirs in closed.items():
            found |= _folders_as(uid, gid, theirs)
    return found


def _folders_as(uid: int, gid: int, pids: list[int]) -> dict[int, str]:
    script = 'for pid; do echo "$pid $(readlink "/proc/$pid/cwd")"; done'
    lines = subprocess.run(
        ["/bin/sh", "-c", script, "sh", *map(str, pids)],
        check=False, capture_output=True, text=True, cwd="/", env={}, user=uid, group=gid, extra_groups=[],
    ).stdout.splitlines()  # fmt: skip
    return {int(pid): folder for pid, _, folder in (line.partition(" ") for line in lines) if folder}


def everybody() -> Iterator[int]:
    """The numbers of all processes."""
    return (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def working_in(folder: Path, command: str) -> list[Process]:
    """The living processes of that command name whose working folder is `folder`, parents before children."""
    wanted = str(folder.resolve())
    named = folders_of(pid for pid in everybody() if command_of(pid) == command)
    found = [pid for pid, where in named.items() if where == wanted]
    ordered = sorted(found, key=lambda pid: (parent_of(pid) in found, pid))
    return [process for pid in ordered if (process := look_up(pid))]


def of_session(leader: int) -> list[Process]:
    """The living processes of the session that `leader` opened."""
    found = [pid for pid in everybody() if session_of(pid) == leader]
    return [process for pid in found if (process := look_up(pid))]


def send(process: Process, number: signal.Signals) -> None:
    """Signals the process if it is still the one that was meant."""
    if process.alive:
        with contextlib.suppress(ProcessLookupError):  # it may end between the look and the signal
            os.kill(process.pid, number)


def wait_gone(targets: list[Process], seconds: float) -> list[Process]:
    """Waits until the processes are gone; returns those that still live after `seconds`."""
    deadline = time.monotonic() + seconds
    while (left := [process for process in targets if process.alive]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def end(targets: list[Process], *steps: tuple[signal.Signals, float]) -> None:
    """Ends the processes: each step is a signal and the seconds it may take effect; kill -9 comes last of all."""
    left = targets
    for number, seconds in (*steps, (signal.SIGKILL, 5.0)):
        for process in left:
            send(process, number)
        left = wait_gone(left, seconds)
        if not left:
            return


def open_log(file: Path) -> BinaryIO:
    """The log opened for appending; one that has grown past the limit is put aside as `.1` first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.stat().st_size > LOG_LIMIT:
        file.replace(file.with_name(file.name + ".1"))
    return file.open("ab")
