"""Where the embedded servers of a checkout live, and as whom they run.

PostgreSQL refuses to run as root, so root hands both servers to an unprivileged account. No folder that is not ours is
ever opened up for it: where the account cannot reach the checkout (a clone in /root), data and a copy of the programs
go to a folder of their own in /var/lib. The choice is made once and noted in var/embedded.json.
"""

import contextlib
import hashlib
import json
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

ACCOUNTS = ("postgres", "nobody")  # every Linux has the second
OUTSIDE = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108  the folder made there is checked to be ours alone
LONGEST_SOCKET = 107  # bytes of sockaddr_un.sun_path less the final zero
PLAIN_PATH = re.compile(r"[\w/.@+~ -]+", re.ASCII)  # what libpq, redis and kombu all read back from a URL unharmed


class EmbeddedError(Exception):
    """A sentence for the person at the console."""


@dataclass(frozen=True)
class Place:
    """The folders and the account of the servers of one var folder."""

    root: str  # the var folder this was decided for: a copied checkout decides anew
    home: str  # holds postgres/, redis/ and, where the account cannot reach the checkout, bin/
    sockets: str
    uid: int
    gid: int

    @property
    def account(self) -> dict:
        """Arguments for subprocess that drop root; none where we already are that account."""
        return {} if self.uid == os.getuid() else {"user": self.uid, "group": self.gid, "extra_groups": []}


def stored(root: Path) -> Place | None:
    """The choice made for this var folder; None before the first start and in a copied or moved checkout."""
    try:
        place = Place(**json.loads(_file(root).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return place if place.root == str(root) and Path(place.home).is_dir() else None


def decide(root: Path) -> Place:
    """The place of the servers of `root`, with its folders ready."""
    place = stored(root) or _choose(root)
    if not Path(place.sockets).parent.is_dir():
        place = _choose(root)  # a runtime folder is gone after the next login
    if os.getuid() not in (0, place.uid):
        raise EmbeddedError(
            f"{place.home} was set up by another user (number {place.uid}): run as that user or as root."
        )
    for folder in (Path(place.sockets), Path(place.home) / "redis"):
        own_folder(folder, place)
    if stored(root) != place:
        fresh = _file(root).with_suffix(".new")
        fresh.write_text(json.dumps(asdict(place), indent=1))
        fresh.replace(_file(root))
    return place


def forget(root: Path) -> None:
    """Forgets the choice; only after its folders were deleted."""
    _file(root).unlink(missing_ok=True)


def sockets_of(root: Path) -> Path:
    """The folder of the sockets: the one in use, or before the first start the one that will be."""
    place = stored(root)
    return Path(place.sockets) if place else _sockets_for(root, root, os.getuid())


def own_folder(folder: Path, place: Place) -> None:
    """Makes the folder, if need be, for the servers' account alone.

    Errors: EmbeddedError when somebody else holds that name (it may lie in a shared temporary folder).
    """
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
        if place.account:
            os.chown(folder, place.uid, place.gid)
    found = folder.lstat()
    if found.st_uid != place.uid or folder.is_symlink():
        raise EmbeddedError(
            f"{folder} belongs to user number {found.st_uid}, not {place.uid}: remove it and try again."
        )
    if found.st_mode & 0o077:
        folder.chmod(0o700)


def reachable(place: Place, packages: Path, program: Path, *parts: str) -> Path:
    """`program`, or its twin in a copy that the account can reach, made of the folders `parts` of `packages`."""
    if _may_reach(program, place.uid, place.gid):
        return program
    root = Path(place.root)
    copy = (Path(place.home) if Path(place.home) != root else _outside(root)) / "bin"
    newest = str(program.stat().st_mtime_ns)
    for part in parts:
        stamp = copy / ("." + part.replace("/", "-"))
        if not stamp.exists() or stamp.read_text() != newest:
            shutil.rmtree(copy / part, ignore_errors=True)
            shutil.copytree(packages / part, copy / part)
            stamp.write_text(newest)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    return copy / program.relative_to(packages)


def bare_environment() -> dict[str, str]:
    """An environment without the caller's PGHOST, PGDATA, LC_ALL and the like, which must not leak into the servers."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": "/"}


def _file(root: Path) -> Path:
    return root / "embedded.json"


def _digest(root: Path) -> str:
    return hashlib.sha256(os.fsencode(root)).hexdigest()[:12]


def _choose(root: Path) -> Place:
    uid, gid = _account(root / "postgres")
    home = root
    if not _may_reach(root, uid, gid):
        home = _outside(root)
        uid, gid = _account(home / "postgres")
    sockets = _sockets_for(root, home, uid)
    sockets.parent.mkdir(exist_ok=True)
    return Place(str(root), str(home), str(sockets), uid, gid)


def _account(data: Path) -> tuple[int, int]:
    """User and group the servers run as: ourselves, or for root an unprivileged account (of old: the data's owner)."""
    if os.getuid():
        return os.getuid(), os.getgid()
    if data.exists() and (owner := data.stat()).st_uid:
        return owner.st_uid, owner.st_gid
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise EmbeddedError("PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody' to run it as.")


def _may_reach(path: Path, uid: int, gid: int) -> bool:
    """Whether that account can enter the folder or run the file, parents included."""
    probe = Place("", "", "", uid, gid)
    test = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
    return subprocess.run(test, check=False, cwd="/", env=bare_environment(), **probe.account).returncode == 0


def _outside(root: Path) -> Path:
    """A folder outside the checkout, readable by the account."""
    for base in OUTSIDE:
        home = base / f"rakor-{_digest(root)}"
        with contextlib.suppress(OSError):
            home.mkdir(exist_ok=True)
            if home.stat().st_uid == os.getuid() and not home.is_symlink():
                home.chmod(0o755)
                return home
    raise EmbeddedError(
        "Neither /var/lib nor /var/tmp can hold the database: set DATABASE_URL to a server of your own."
    )


def _sockets_for(root: Path, home: Path, uid: int) -> Path:
    """The folder of the sockets: below `home`, or a short hashed one where that path is too long or too odd."""
    sockets = home / "run" / "sockets" if home == root else home / "sockets"
    if _fits(sockets):
        return sockets
    runtime = os.environ.get("XDG_RUNTIME_DIR", "") if uid == os.getuid() else ""
    for base in (runtime, tempfile.gettempdir(), "/tmp"):  # noqa: S108  own_folder() refuses a folder of somebody else
        if base and Path(base).is_dir() and _fits(short := Path(base) / f"rakor-{uid}-{_digest(root)}"):
            return short
    raise EmbeddedError("No folder with a path short enough for a unix socket was found; set TMPDIR to a short one.")


def _fits(sockets: Path) -> bool:
    """Whether every socket in that folder has a name that the system and URLs can carry."""
    longest = len(os.fsencode(sockets / ".s.PGSQL.5432"))
    return longest <= LONGEST_SOCKET and PLAIN_PATH.fullmatch(str(sockets)) is not None
