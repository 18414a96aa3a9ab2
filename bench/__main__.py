"""Runs every part that has a `measure()` and prints one table; status 1 when a target is missed."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import django

import bench
from bench.figures import Figure, table


def main(chosen: list[str]) -> int:
    """Exit status. `chosen`: names of parts, all when empty."""
    django.setup()
    figures: list[Figure] = []
    for found in pkgutil.iter_modules(bench.__path__):
        if found.name == "__main__" or (chosen and found.name not in chosen):
            continue
        part = importlib.import_module(f"bench.{found.name}")
        if hasattr(part, "measure"):
            print(f"measuring {found.name} …", flush=True)
            figures += part.measure()
    print(table(figures))
    return 0 if all(figure.kept for figure in figures) else 1


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    raise SystemExit(main(sys.argv[1:]))
