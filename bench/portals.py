"""Throw-away portals for measurements: servers of their own, the demo loaded, the clock running inside."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SET_UP = (
    ("manage.py", "migrate", "--verbosity", "0"),
    ("manage.py", "collectstatic", "--noinput", "--verbosity", "0"),
    ("manage.py", "load_demo", "--verbosity", "0"),
)


class Portal:
    """A portal without web server and worker; commands run in its environment."""

    def __init__(self, var: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        own = {"RAKOR_VAR": str(var), "RAKOR_MODE": "local", "DJANGO_SETTINGS_MODULE": "portal.settings"}
        self.var, self.environment = var, kept | own

    def run(self, *command: str, **more: str) -> str:
        """What the Python command prints. `more`: further environment variables.

        Errors: RuntimeError with the end of its complaints.
        """
        from django.conf import settings

        done = subprocess.run(  # noqa: S603  our own interpreter and modules
            [sys.executable, *command], cwd=settings.BASE_DIR, env=self.environment | more, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return done.stdout

    def timed(self, module: str, *arguments: str, **more: str) -> Any:
        """The JSON that `python -m module` prints on its last line."""
        return json.loads(self.run("-m", module, *arguments, **more).splitlines()[-1])


@contextlib.contextmanager
def demo_portal() -> Iterator[Portal]:
    """A portal with the demo in it; nothing of it remains."""
    from django.conf import settings

    from portal.embedded import Embedded

    with tempfile.TemporaryDirectory(prefix="rakor-bench-") as folder:
        var = Path(folder)
        for name in ("vendor", "fonts"):
            (var / name).symlink_to(settings.BASE_DIR / "var" / name)
        servers = Embedded(var)
        with contextlib.ExitStack() as stack:
            stack.callback(servers.discard)
            stack.enter_context(servers.held())
            portal = Portal(var)
            for command in SET_UP:
                portal.run(*command)
            yield portal
