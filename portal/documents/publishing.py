"""Published template versions are frozen: a paper of 2019 must look in 2029 as it did.

`templates/pdf/published.json` keeps a hash per version over everything that decides its look: its own files and the
shared ones of the version it names. A change of a published version makes a test red; a new look is a new version.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

NOT_LOOKS = {"sample.json", "README.md"}
"""Files beside a template that papers do not read."""

_SHARED = re.compile(r"shared(?:_[a-z]+)?/v\d+")


def fingerprint(templates: Path, folder: str) -> str:
    """sha256 over the names and bytes of all files that a template version consists of."""
    own = _files(templates / folder)
    named = {match for file in own for match in _SHARED.findall(file.read_text())}
    shared = [file for name in sorted(named) for file in _files(templates / name)]
    total = hashlib.sha256()
    for file in [*own, *shared]:
        content = file.read_bytes()
        total.update(f"{file.relative_to(templates).as_posix()} {len(content)}\n".encode() + content)
    return total.hexdigest()


def published_versions(templates: Path) -> dict[str, str]:
    """The frozen hash per folder: {"agenda/v1": …}."""
    file = templates / "published.json"
    return json.loads(file.read_text()) if file.exists() else {}


def publish(templates: Path, folders: list[str]) -> list[str]:
    """The folders that were added to the list; those already there keep their hash."""
    known = published_versions(templates)
    added = [folder for folder in folders if folder not in known]
    known |= {folder: fingerprint(templates, folder) for folder in added}
    (templates / "published.json").write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
    return added


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.is_file() and file.name not in NOT_LOOKS)
