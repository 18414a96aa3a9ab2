"""What every test may ask for: servers, the cast, clients, factories, query budgets."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from typing import IO

import pytest
import pytest_django
from django.conf import settings
from django.test import Client, TransactionTestCase
from xdist.scheduler import LoadScopeScheduling

import portal.celery  # noqa: F401  as in manage.py and wsgi.py: else tasks knock at the door of a broker nobody runs
from portal.embedded import SERVERS, Embedded
from portal.launch.prepare import catalogues
from tests import factories, pristine
from tests.cast import Cast, build_cast

_held = pytest.StashKey[contextlib.ExitStack]()


# -- servers ----------------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded servers unless somebody named other ones; only once, also with many workers."""
    if hasattr(config, "workerinput") or config.option.help or config.option.collectonly:
        return
    stack = config.stash[_held] = contextlib.ExitStack()
    stack.enter_context(_only_run())
    catalogues()
    missing = [
        name for name, given in zip(SERVERS, ("DATABASE_URL", "REDIS_URL"), strict=True) if given not in os.environ
    ]
    if missing:
        stack.enter_context(Embedded(settings.VAR_DIR).held(missing))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the servers: they stop when nobody else holds them."""
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    if stack := config.stash.get(_held, None):
        stack.close()


@contextlib.contextmanager
def _only_run() -> Iterator[IO]:
    """Two test runs on one server would empty each other's tables: the second says so at once."""
    file = settings.VAR_DIR / "run" / "tests.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pytest.exit(
                f"Another test run uses {settings.VAR_DIR}. Wait for it, or set RAKOR_VAR to another folder.", 4
            )
        yield lock


# -- many workers -----------------------------------------------------------------------------------------------------

# Modules whose tests share something dear: one worker takes them all. All other tests go where there is room.
TOGETHER = ("bad_luck.py", "test_conformance.py", "test_interrupted.py", "test_launch_run.py", "test_scenario.py")


class Scheduling(LoadScopeScheduling):
    """What `--dist loadgroup` means here: xdist's own marks do not reach its scheduler with pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if module.endswith(TOGETHER) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling | None:
    """Our scheduler for `--dist loadgroup`."""
    return Scheduling(config, log) if config.option.dist == "loadgroup" else None


# -- database ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """The test database; a test that commits leaves it as the migrations made it."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        pristine.keep()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: pristine.restore())
        yield


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest, _django_db_marker: None) -> Iterator[None]:
    """Nothing of this test's cache for the next one."""
    touches = request.node.get_closest_marker("django_db") or {"db", "transactional_db", "live_server"} & set(
        request.fixturenames
    )
    yield
    if touches:
        from django.core.cache import cache

        cache.clear()


# -- people -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def cast(db: None) -> Cast:
    """The named people of tests/cast.py with their positions in force today."""
    return build_cast()


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """`client_of(user)`: a browser in which that person is logged in; None for an anonymous one."""

    def make(user: object | None = None, **defaults: object) -> Client:
        client = Client(**defaults)
        if user is not None:
            client.force_login(user)
        return client

    return make


@pytest.fixture
def draft_meeting(cast: Cast) -> object:
    """An edition in preparation, hosted by Belu, with one room and three sessions: only the province sees it."""
    return factories.make_programme(factories.make_meeting(slug="rakor-konsep"))


@pytest.fixture
def published_meeting(cast: Cast) -> object:
    """An edition with a fixed date (terjadwal), hosted by Belu, with one room and three sessions."""
    return factories.make_programme(factories.make_meeting(slug="rakor-atambua", status="terjadwal"))


# -- budgets ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def assert_queries(django_assert_num_queries: Callable) -> Callable:
    """`with assert_queries(7):` the block sends exactly so many statements to the database. The number is literal."""
    return django_assert_num_queries
