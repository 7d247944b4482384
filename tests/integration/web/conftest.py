"""The web application over a service on SQLite, asked without a socket between."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.clock import SteppedClock
from bot.config import Settings
from bot.config.files import SHIPPED, read_runbooks
from bot.config.secret import Secret
from bot.documents import Documents
from bot.metrics import registry
from bot.runbooks.loading import load_library
from bot.service import Service
from bot.store import Store
from bot.web.app import create_app
from bot.web.health import Health
from tests.conftest import Opener
from tests.routes import EVERYTHING_OPENS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "alertmanager"
OLD, NEW = "old-token", "new-token"
SETTINGS = Settings(alert_tokens=(Secret(NEW), Secret(OLD)), routes=EVERYTHING_OPENS)
BEARER = {"authorization": f"Bearer {NEW}"}

Recorded = Callable[[str], bytes]
Client = httpx.AsyncClient


@pytest.fixture
def store(sqlite_url: str, opened: Opener) -> Store:
    return opened(sqlite_url)


@pytest.fixture
def service(store: Store) -> Service:
    return Service(store, settings=SETTINGS, library=load_library(read_runbooks(SHIPPED)))


def application(service: Service, clock: SteppedClock, settings: Settings = SETTINGS) -> FastAPI:
    """All addresses, but Slack's: Socket Mode is used."""
    return create_app(
        service=service, settings=settings, documents=Documents(service, clock), clock=clock,
        health=Health(checks={}, registry=registry(lambda: 0)), slack=None,
    )  # fmt: skip


def client_of(app: FastAPI) -> Client:
    """Asks the application; its exceptions come out here."""
    return Client(transport=httpx.ASGITransport(app=app), base_url="http://evenkeel.test")


@pytest.fixture
async def web(service: Service, clock: SteppedClock) -> AsyncIterator[Client]:
    async with client_of(application(service, clock)) as client:
        yield client


@pytest.fixture
def recorded() -> Recorded:
    """What a real Alertmanager 0.25 sent, by the first letters of the file's name."""

    def read(name: str) -> bytes:
        return next(FIXTURES.glob(f"{name}*")).read_bytes()

    return read


async def open_incident(web: Client, recorded: Recorded) -> None:
    """INC-1, from the first recorded alert."""
    answer = await web.post("/alerts/alertmanager", content=recorded("1_"), headers=BEARER)
    assert answer.json() == {"accepted": 1, "incidents": ["INC-1"]}


def said(answer: httpx.Response) -> str:
    """The sentence of an error."""
    detail = answer.json()["detail"]
    assert isinstance(detail, str)
    return detail


@contextlib.contextmanager
def held_by_another(sqlite_url: str) -> Iterator[None]:
    """Nobody else can write to the database while the block lasts."""
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
