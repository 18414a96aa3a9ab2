"""What the person at the console sees: one line per step with its seconds, and sentences instead of tracebacks."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from portal import processes
from portal.launch import layout

LAST_LINES = 15


class LaunchError(Exception):
    """A sentence for the person at the console; the launcher ends with status 1."""


def say(text: str = "") -> None:
    """Prints a line, in plain letters where the console knows no others; a console that has gone away is no error."""
    encoding = sys.stdout.encoding or "ascii"
    with contextlib.suppress(OSError, ValueError):
        print(text.encode(encoding, "replace").decode(encoding), flush=True)


def _tick() -> str:
    try:
        "✓".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return "ok"
    return "✓"


@contextlib.contextmanager
def step(title: str) -> Iterator[Callable[[str], None]]:
    """Prints the title, then a tick and the seconds when the block has ended; the block may add a remark."""
    remarks: list[str] = []
    begin = time.monotonic()
    with contextlib.suppress(OSError):
        print(f"  {title:<34}", end="", flush=True)
    try:
        yield remarks.append
    except BaseException:
        say("failed")
        raise
    say(f"{_tick()} {time.monotonic() - begin:5.1f} s" + "".join(f"  {remark}" for remark in remarks))


def interruptible(handler: Callable[[int, object], object]) -> None:
    """Gives Ctrl-C, SIGTERM and a closed terminal to the handler; under nohup the terminal may close."""
    signal.signal(signal.SIGINT, handler)
    signal.signal(signal.SIGTERM, handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, handler)


def stop_cleanly() -> None:
    """Lets SIGTERM and a closed terminal end this command the way Ctrl-C does: with everything put away."""

    def interrupt(number: int, frame: object) -> None:
        interruptible(lambda *_: None)  # the clearing up that follows is not to be interrupted
        raise KeyboardInterrupt

    interruptible(interrupt)


def run(command: Sequence[str | Path], **options) -> None:
    """Runs a program of the set-up; its output goes to var/log/setup.log.

    Errors: LaunchError with the last lines of the output when the program fails or is not there.
    """
    file = layout.var() / "log" / "setup.log"
    with processes.open_log(file) as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n".encode())
        log.flush()
        begin = file.stat().st_size
        options = {"cwd": layout.ROOT, "stdin": subprocess.DEVNULL} | options
        try:
            status = subprocess.run(command, stdout=log, stderr=log, check=False, **options).returncode
        except FileNotFoundError as error:
            raise LaunchError(f"{command[0]} was not found.") from error
    if status:
        last = file.read_bytes()[begin:].decode(errors="replace").strip().splitlines()[-LAST_LINES:]
        words = " ".join(Path(str(part)).name if index == 0 else str(part) for index, part in enumerate(command[:4]))
        raise LaunchError("\n".join([f"`{words} …` failed. Its last lines (all of them in {file}):", *last]))
