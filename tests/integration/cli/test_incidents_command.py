"""``evenkeel incidents``: the newest, those before them, and all there are."""

from __future__ import annotations

import csv
import io

import msgspec
import pytest

from bot.config import Settings
from bot.incidents.commands import Resolve
from bot.incidents.commands.privacy import MakePrivate
from bot.runbooks.loading import load_library
from bot.service import Declaration, Service
from bot.service import listings as pages
from bot.store import open_store
from tests.integration.cli.conftest import Inside, Shell


@pytest.fixture
async def five(shell: Shell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Inside:
    """INC-1 to INC-5; the first is resolved, the second private."""
    store = open_store(f"sqlite:///{shell.folder / 'evenkeel.db'}")
    service = Service(store, settings=Settings(), library=load_library({}))
    for number in range(1, 6):
        await service.declare(Declaration(title=f"trouble {number}", service="fraud"), by="U0ANA", team_id="T1")
    await service.handle(1, Resolve(summary="over"), by="U0ANA")
    await service.handle(2, MakePrivate(), by="U0ANA")
    store.close()
    return Inside(shell.folder, capsys, monkeypatch)


async def keys(shell: Shell, *words: str) -> list[str]:
    rows = msgspec.json.decode((await shell.run("incidents", *words, "--format", "json")).out)
    return [row["incident"] for row in rows]


async def test_the_last_one_comes_first_and_a_private_one_says_only_that_it_is_there(five: Inside) -> None:
    head, *rows = (await five.run("incidents")).out.splitlines()
    assert head.split() == ["incident", "severity", "status", "opened_at", "service", "lead", "title"]
    assert [row.split()[0] for row in rows] == ["INC-5", "INC-4", "INC-3", "INC-2", "INC-1"]
    assert "trouble 4" in rows[1]
    assert "trouble" not in rows[3]
    assert "private" in rows[3]


async def test_all_are_listed_however_small_the_pages(five: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_INCIDENTS", 2)
    monkeypatch.setattr("bot.cli.reading_incidents.MOST_INCIDENTS", 2)
    assert await keys(five) == ["INC-5", "INC-4", "INC-3", "INC-2", "INC-1"]
    assert await keys(five, "--limit", "3") == ["INC-5", "INC-4", "INC-3"]
    assert await keys(five, "--before", "INC-3") == ["INC-2", "INC-1"]
    assert await keys(five, "--status", "resolved") == ["INC-1"]


async def test_as_a_table_for_other_programs_and_where_there_is_none(five: Inside, shell: Shell) -> None:
    told = (await five.run("incidents", "--format", "csv")).out
    assert [row["incident"] for row in csv.DictReader(io.StringIO(told))][-1] == "INC-1"
    assert (await five.run("incidents", "--status", "merged")).out == "No incident.\n"


async def test_what_is_no_incident_is_said(five: Inside) -> None:
    done = await five.run("incidents", "--before", "yesterday")
    assert done.code == 1
    assert "“yesterday” is not an incident" in done.err
    assert (await five.run("incidents", "--limit", "0")).code == 2
