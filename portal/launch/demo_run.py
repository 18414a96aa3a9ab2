"""`make demo`: uses the portal that runs, or starts one for the length of the demo."""

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator

from portal.launch import portal_run
from portal.launch.console import LaunchError, say
from portal.launch.layout import PYTHON, ROOT, child_environment


def demo() -> int:
    """Runs the demo against a portal of this checkout; returns 0 only if both papers are right."""
    with _somewhere() as address:
        command = [PYTHON, "-m", "portal.launch.demo", address]
        status = subprocess.run(command, cwd=ROOT, env=child_environment(), check=False).returncode
    if status:
        raise LaunchError("The demo did not succeed.")
    return 0


@contextlib.contextmanager
def _somewhere() -> Iterator[str]:
    if other := portal_run.running():
        say(f"Using the portal that runs at {other.address}")
        yield other.address
        return
    os.environ["PORT"] = os.environ.get("PORT") or _free_port()
    with portal_run.portal():
        yield portal_run.address()


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
