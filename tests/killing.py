"""Kill -9 that is over when it returns: on a loaded machine a dying server takes connections for some milliseconds."""

import os
import signal

from portal import processes


def kill_nine(pid: int | None) -> None:
    """End the process as a power cut would and wait until it is gone (a zombie counts as gone)."""
    process = processes.look_up(pid or 0)
    assert process, f"no process {pid}"
    os.kill(process.pid, signal.SIGKILL)
    assert not processes.wait_gone([process], 10.0)
