"""The stage of the guests' scenario: people of the demo, the clock of the scenario, a worker that really prints."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page, expect
from psycopg2.extensions import make_dsn

from portal.documents.models import Document
from portal.documents.workflow import READY
from rakor.actions import demo
from rakor.actions.ceremony_loading import create_people
from rakor.actions.scenario_guests import GUESTS_FILE, open_registers
from rakor.management.commands.load_demo import FOLDER
from rakor.models import Meeting
from tests.browser.conftest import until
from tests.factories_agreements import make_agreement
from tests.factories_programs import make_proposal

WITA = ZoneInfo("Asia/Makassar")
SLUG = "atambua-2019"
ROOT = f"/rakor/{SLUG}/"
TILES = ".tile-map .tile"
PATIENCE = 120


def people() -> None:
    """22 offices, the provincial one, the Sekda with his register; the edition before (Ende) with an agreed list."""
    demo.create_demo_accounts()
    data = yaml.safe_load(GUESTS_FILE.read_text(encoding="utf-8"))
    create_people(data["people"])
    open_registers(data["registers"])
    call_command("load_meeting", FOLDER / "rakor-2016-ende.yaml", stdout=io.StringIO())
    before = Meeting.objects.get()
    demo.bring_forward(before, "schedule", "open")
    make_proposal("53.08", year=before.planning_year, status="disepakati")
    committee = SimpleNamespace(panitia=demo.demo_user("panitia"), kadis_prov=demo.demo_user("kadis-prov"))
    make_agreement(committee, "disepakati", before)


class Stage:
    """Who looks at which window at which moment of the scenario; how long each step took."""

    def __init__(self, open_window: Callable[..., Page], be: Callable, look: Callable, clock: Any) -> None:
        self._open, self.be, self.look, self.clock = open_window, be, look, clock
        self.times: list[str] = []
        self.windows: list[Page] = []
        self.desk, self.phone = self.open_window(width=1280, height=800), self.open_window(width=360, height=720)

    def open_window(self, **size: int) -> Page:
        """One more window, in a browser profile of its own."""
        self.windows.append(self._open(**size))
        return self.windows[-1]

    def close(self) -> None:
        """No window asks anything any more: with the clock set back every login would be at its end."""
        for page in self.windows:
            page.context.close()

    @property
    def meeting(self) -> Meeting:
        """The edition as it is now."""
        return Meeting.objects.get(slug=SLUG)

    @contextmanager
    def step(self, what: str, moment: dt.datetime) -> Iterator[None]:
        """A step of the scenario: the server's clock says that moment when it begins, and goes on."""
        self.clock.move_to(moment, tick=True)
        begin = time.perf_counter()
        yield
        self.times.append(f"{time.perf_counter() - begin:6.1f} s  {what}")
        print(self.times[-1])

    def at_desk(self, username: str, path: str) -> Page:
        """That person's wide screen, at that address."""
        return self._sit(self.desk, username, path)

    def at_phone(self, username: str, path: str) -> Page:
        """That person's phone, at that address."""
        return self._sit(self.phone, username, path)

    def _sit(self, page: Page, username: str, path: str) -> Page:
        page.goto("about:blank")  # the page of the one before asks no more
        self.be(page, demo.demo_user(username))
        page.goto(path)
        return page


def moment(day: str, hour: int, minute: int = 0) -> dt.datetime:
    """A moment in the province's zone: moment("2019-04-24", 7, 30)."""
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour, minute), WITA)


@contextmanager
def printing(folder: Path) -> Iterator[None]:
    """A Celery worker with two children on this test's database, as `make run` starts it; it leaves no process."""
    command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "--concurrency", "2", "--purge"]
    command += ["--without-mingle", "--without-gossip", "--without-heartbeat", "--loglevel", "INFO"]
    known = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    database = make_dsn(**{name: known[key] for name, key in names.items() if known[key]})
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with (folder / "celery.log").open("w+b") as log:
        worker = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            worker.terminate()
            worker.wait(30)


def paper_of(page: Page) -> str:
    """The text of the paper whose page this is, once the worker has printed it, on one line."""
    expect(page.locator("#kemajuan")).to_contain_text("halaman", timeout=PATIENCE * 1000)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Unduh PDF").click()
    return text_of(Path(waiting.value.path()).read_bytes())


def text_of(pdf: bytes, pages: int | None = None) -> str:
    """What the pages say (the first `pages` of them), with single spaces."""
    found = pypdf.PdfReader(io.BytesIO(pdf)).pages[:pages]
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in found))


def printed(page: Page, *documents: Document, pages: int | None = None) -> list[str]:
    """The texts of these papers (of their first `pages`) once the worker has printed them."""
    keys = [document.pk for document in documents]
    until(page, lambda: not Document.objects.filter(pk__in=keys).exclude(status=READY).exists(), seconds=PATIENCE)
    rows = Document.objects.in_bulk(keys)
    return [text_of(rows[key].file.read(), pages) for key in keys]
