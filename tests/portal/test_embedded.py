"""The embedded servers against real bad luck: each test starts throw-away servers of its own and kills them."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from portal import places, processes
from portal.embedded import Embedded, EmbeddedError, database_url, redis_url
from tests.killing import kill_nine

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root() -> Iterator[Path]:
    """A var folder whose path has a space; not below tmp_path, which is closed to the account PostgreSQL runs as."""
    with tempfile.TemporaryDirectory(prefix="rakor-test-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        var = Path(folder) / "my var"
        var.mkdir()
        yield var
        Embedded(var).discard()


def sql(root: Path, statement: str) -> list[tuple]:
    line = psycopg2.connect(database_url(root))
    try:
        with line, line.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        line.close()


def test_starts_once_answers_and_stops(root: Path):
    servers = Embedded(root)
    servers.start()
    first = servers.status()
    servers.start()
    assert servers.status() == first
    assert sql(root, "SELECT current_user, current_database()") == [("rakor", "rakor")]
    assert redis.from_url(redis_url(root, 9)).ping()
    servers.stop()
    assert servers.status() == {"postgres": None, "redis": None}


def test_listens_on_no_port(root: Path):
    servers = Embedded(root)
    servers.start()
    assert sql(root, "SHOW listen_addresses") == [("",)]
    assert redis.from_url(redis_url(root)).config_get("port") == {"port": "0"}
    assert places.sockets_of(root).stat().st_mode & 0o077 == 0


def test_settings_that_keep_data(root: Path):
    Embedded(root).start()
    assert sql(root, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'rakor'") == [("b", "C.UTF-8")]
    line = redis.from_url(redis_url(root))
    assert line.config_get("append*")["appendonly"] == "yes"
    assert line.config_get("appendfsync") == {"appendfsync": "everysec"}
    assert line.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_data_survive_kill_nine_of_both(root: Path):
    servers = Embedded(root)
    servers.start()
    sql(root, "CREATE TABLE paper AS SELECT generate_series(1, 50000) AS page")
    redis.from_url(redis_url(root)).set("waiting", "7")
    time.sleep(1.2)  # appendfsync everysec
    before = servers.status()
    kill_nine(before["postgres"])
    kill_nine(before["redis"])
    # A fresh object, as after a restart of the launcher; the dead postmaster is a zombie of this very process.
    again = Embedded(root)
    again.start()
    assert again.status()["postgres"] not in (None, before["postgres"])
    assert sql(root, "SELECT count(*) FROM paper") == [(50000,)]
    assert redis.from_url(redis_url(root)).get("waiting") == b"7"


def test_stale_pid_file_that_names_a_living_stranger(root: Path):
    servers = Embedded(root)
    servers.start()
    kill_nine(servers.status()["postgres"])
    file = root / "postgres" / "postmaster.pid"
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        lines = file.read_text().splitlines()
        file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        servers.start()
        assert sql(root, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_half_written_pid_file(root: Path):
    servers = Embedded(root)
    servers.start()
    kill_nine(servers.status()["postgres"])
    (root / "postgres" / "postmaster.pid").write_text("12")
    servers.start()
    assert sql(root, "SELECT 1") == [(1,)]


def test_interrupted_initdb_is_begun_anew(root: Path):
    (root / "postgres.new").mkdir()
    (root / "postgres.new" / "half").write_text("")
    Embedded(root).start(["postgres"])
    assert sql(root, "SELECT 1") == [(1,)]
    assert not (root / "postgres.new").exists()


def test_two_starters_at_once_get_the_same_servers(root: Path):
    starters = [Embedded(root), Embedded(root)]
    threads = [threading.Thread(target=starter.start) for starter in starters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert starters[0].status() == starters[1].status()
    assert len(processes.working_in(root / "redis", "redis-server")) == 1
    assert sql(root, "SELECT 1") == [(1,)]


def test_two_checkouts_side_by_side(root: Path):
    other = root.parent / "other var"
    here, there = Embedded(root), Embedded(other)
    try:
        here.start()
        there.start()
        sql(root, "CREATE TABLE mine (id int)")
        assert sql(other, "SELECT to_regclass('mine')") == [(None,)]
        here.stop()
        assert sql(other, "SELECT 1") == [(1,)]
    finally:
        Embedded(other).discard()


def test_copied_checkout_does_not_use_the_servers_of_its_original(root: Path):
    servers = Embedded(root)
    servers.start()
    copy = root.parent / "copy"
    copy.mkdir()
    (copy / "embedded.json").write_text((root / "embedded.json").read_text())
    assert database_url(copy) != database_url(root)
    assert Embedded(copy).status() == {"postgres": None, "redis": None}


@pytest.mark.parametrize("name", ["x" * 110, "a,b%c?d"])
def test_path_too_long_or_odd_for_a_socket(root: Path, name: str):
    odd = root / name
    try:
        Embedded(odd).start()
        assert not places.sockets_of(odd).is_relative_to(odd)
        assert sql(odd, "SELECT 1") == [(1,)]
        assert redis.from_url(redis_url(odd)).ping()
    finally:
        Embedded(odd).discard()


@pytest.mark.skipif(os.getuid() != 0, reason="only root hands the servers to another account")
def test_checkout_closed_to_the_account_is_not_opened_up(root: Path):
    root.chmod(0o700)
    Embedded(root).start()
    home = Path(places.stored(root).home)
    assert home.parent in places.OUTSIDE
    assert root.stat().st_mode & 0o777 == 0o700
    assert sql(root, "SELECT 1") == [(1,)]
    again = Embedded(root)
    again.stop()
    again.start()
    assert Path(places.stored(root).home) == home, "the choice is kept"


def test_folder_of_somebody_else_is_refused(root: Path):
    place = places.Place(str(root), str(root), str(root / "sockets"), uid=os.getuid() + 4711, gid=0)
    (root / "sockets").mkdir()
    with pytest.raises(EmbeddedError, match="belongs to user number"):
        places.own_folder(root / "sockets", place)


def test_data_of_another_major_version_are_not_touched(root: Path):
    (root / "postgres").mkdir()
    (root / "postgres" / "PG_VERSION").write_text("11\n")
    with pytest.raises(EmbeddedError, match="written by PostgreSQL 11"):
        Embedded(root).start(["postgres"])
    assert (root / "postgres" / "PG_VERSION").read_text() == "11\n"


def test_servers_that_cannot_start_say_why(root: Path):
    servers = Embedded(root)
    servers.start(["postgres"])
    servers.stop()
    (root / "postgres" / "postgresql.conf").write_text("nonsense = 1\n")
    with pytest.raises(EmbeddedError, match="nonsense"):
        servers.start(["postgres"])


def test_last_holder_stops_the_servers_and_a_killed_holder_counts_no_more(root: Path):
    program = (
        "import sys, time; from pathlib import Path; from portal.embedded import Embedded\n"
        "with Embedded(Path(sys.argv[1])).held():\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, str(root)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout and holder.stdout.readline() == "held\n"
    servers = Embedded(root)
    running = servers.status()
    with servers.held():
        assert servers.status() == running
    assert servers.status() == running, "somebody else still holds them"
    holder.kill()
    holder.wait()
    assert not servers.in_use()
    with servers.held():
        assert servers.status() == running, "a killed holder leaves the servers running; the next one takes them over"
    assert servers.status() == {"postgres": None, "redis": None}
