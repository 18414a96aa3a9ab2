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

_VERSION = re.compile(r"\b[a-z_]+/v\d+(?=/)")


def fingerprint(templates: Path, folder: str) -> str:
    """sha256 over the names and bytes of all files that a template version consists of.

    A newer version may build on pieces of an older one, and these on shared ones: whatever is named on the way counts.
    """
    own = _files(templates / folder)
    shared = [file for name in sorted(_named(templates, folder)) for file in _files(templates / name)]
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


def _named(templates: Path, folder: str) -> set[str]:
    """The other version folders that the files of this one name, and those these name."""
    found, left = {folder}, [folder]
    while left:
        texts = [file.read_text() for file in _files(templates / left.pop())]
        fresh = {name for text in texts for name in _VERSION.findall(text)} - found
        found |= fresh
        left += fresh
    return found - {folder}


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.is_file() and file.name not in NOT_LOOKS)
