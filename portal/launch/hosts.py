"""Checks that no committed lock or requirements file names a package registry: `python -m portal.launch.hosts`."""

import re
import sys

from portal.launch.layout import ROOT

FILES = ("package-lock.json", ".npmrc", "requirements*.txt", "requirements*.in")
HOST = re.compile(r'"resolved"|^\s*(--(extra-)?index-url|--find-links|--trusted-host|registry\s*=)', re.MULTILINE)


def offenders() -> list[str]:
    """The files that name one."""
    return [file.name for pattern in FILES for file in sorted(ROOT.glob(pattern)) if HOST.search(file.read_text())]


if __name__ == "__main__":
    if found := offenders():
        sys.exit("These files name a package registry: " + ", ".join(found))
