"""PostgreSQL killed, Redis wiped, the web process killed, all while somebody types: real servers, nothing is lost."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from portal.embedded import Embedded, database_url, redis_url
from tests.cast import PASSWORD
from tests.killing import kill_nine

pytestmark = pytest.mark.processes


class Site:
    """A portal of its own: servers, one web process, one notula."""

    def __init__(self, var: Path, servers: Embedded) -> None:
        self.var, self.servers = var, servers
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        own = {"RAKOR_VAR": str(var), "DJANGO_SETTINGS_MODULE": "tests.settings", "PORT": str(self.port)}
        self.environment = kept | own
        self.python("manage.py", "migrate", "--verbosity", "0")
        number = self.python("-m", "tests.browser.minutes_world").strip()
        self.path = f"/rakor/rakor-atambua/notulen/{number}/"
        self.start_web()

    def python(self, *command: str) -> str:
        """The output of a Python command in this portal."""
        done = subprocess.run([sys.executable, *command], cwd=settings.BASE_DIR, env=self.environment,
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_web(self) -> None:
        """The web process, answering."""
        options = f"--bind 127.0.0.1:{self.port} --workers 1 --threads 4 --log-level warning"
        with (self.var / "web.log").open("ab") as log:
            self.web = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "portal.wsgi", *options.split()], cwd=settings.BASE_DIR,
                env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        for _try in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise AssertionError((self.var / "web.log").read_text()[-2000:])

    def kill_web(self) -> None:
        """As a power cut would."""
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()

    def kill_postgres(self) -> None:
        """kill -9 of the postmaster."""
        kill_nine(self.servers.status()["postgres"])

    def texts(self) -> list[str]:
        """What is stored, in order."""
        with contextlib.closing(psycopg2.connect(database_url(self.var))) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT text FROM rakor_minuteentry WHERE deleted_at IS NULL ORDER BY position, id")
            return [row[0] for row in cursor.fetchall()]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal that is going to have bad luck."""
    var = tmp_path_factory.mktemp("mati-lampu")
    (var / "run").mkdir()
    servers = Embedded(var)
    try:
        with servers.held():
            place = Site(var, servers)
            try:
                yield place
            finally:
                place.kill_web()
    finally:
        servers.discard()


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """The notulis at the editor."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{site.port}", locale="id-ID")
    page = context.new_page()
    page.goto(f"/masuk/?next={site.path}")
    page.locator("input[name=login]").fill("notulis")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    expect(page.locator("body.notula-live")).to_be_attached()
    yield page
    context.close()


def composer(page: Page):
    return page.locator("[data-composer] textarea[name=text]")


def saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "saved", timeout=60_000)


def test_postgres_killed_while_somebody_types(site: Site, page: Page) -> None:
    composer(page).fill("Sebelum mati.")
    page.keyboard.press("Control+Enter")
    saved(page)
    composer(page).press_sequentially("Sedang mengetik ", delay=20)
    site.kill_postgres()
    composer(page).press_sequentially("ketika basis data mati.", delay=40)
    page.keyboard.press("Control+Enter")
    composer(page).press_sequentially("Kalimat berikutnya", delay=40)
    expect(page.locator("[data-state]")).not_to_have_attribute("data-state", "saved")
    site.servers.start(["postgres"])
    saved(page)
    assert site.texts()[-2:] == ["Sebelum mati.", "Sedang mengetik ketika basis data mati."]
    expect(composer(page)).to_have_value("Kalimat berikutnya")
    composer(page).fill("")
    saved(page)


def test_redis_wiped_while_somebody_types(site: Site, page: Page) -> None:
    before = len(site.texts())
    composer(page).press_sequentially("Redis dihapus ", delay=20)
    redis.Redis.from_url(redis_url(site.var)).flushall()
    composer(page).press_sequentially("di tengah kalimat.", delay=20)
    page.keyboard.press("Control+Enter")
    saved(page)
    assert site.texts()[before:] == ["Redis dihapus di tengah kalimat."]


def test_the_web_process_killed_while_somebody_types(site: Site, page: Page) -> None:
    before = len(site.texts())
    composer(page).press_sequentially("Listrik padam ", delay=20)
    site.kill_web()
    composer(page).press_sequentially("di tengah kalimat.", delay=20)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "offline")
    site.start_web()
    saved(page)
    assert site.texts()[before:] == ["Listrik padam di tengah kalimat."]
