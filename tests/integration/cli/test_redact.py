"""``evenkeel redact``: what somebody wrote is blank, for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.incidents.commands import AddNote
from bot.incidents.commands.privacy import SetHold
from bot.runbooks.loading import load_library
from bot.service import Declaration, Service
from bot.store import open_store
from tests.integration.cli.conftest import Inside, Shell


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Inside(tmp_path, capsys, monkeypatch)


async def _written(shell: Shell, *, held: bool = False) -> None:
    store = open_store(f"sqlite:///{shell.folder / 'evenkeel.db'}")
    service = Service(store, settings=Settings(), library=load_library({}))
    declared = Declaration(title="Answers repeat", service="chat", text="the customer is called Zoe")
    await service.declare(declared, by="U0ANA", team_id="T1")
    await service.handle(1, AddNote(text="Zoe was called back"), by="U0ANA")
    if held:
        await service.handle(1, SetHold(on=True), by="U0ANA")
    store.close()


async def test_an_entry_is_blank_afterwards_and_the_log_says_who_did_it(shell: Shell) -> None:
    await _written(shell)
    done = await shell.run("redact", "INC-1", "2", "--by", "U0BEN")
    assert (done.code, done.err) == (0, "")
    assert "Entry 2 of INC-1 is blank now." in done.out
    timeline = (await shell.run("timeline", "INC-1")).out
    assert "called back" not in timeline
    assert "entry 2 was redacted" in timeline


async def test_what_opened_it_can_be_blanked_too(shell: Shell) -> None:
    await _written(shell)
    await shell.run("redact", "INC-1", "1")
    assert "is called Zoe" not in (await shell.run("timeline", "INC-1")).out


async def test_under_a_legal_hold_nothing_is(shell: Shell) -> None:
    await _written(shell, held=True)
    assert "INC-1 is under a legal hold" in await shell.fails(1, "redact", "INC-1", "2")
    assert "called back" in (await shell.run("timeline", "INC-1")).out


async def test_it_says_what_cannot_be_blanked(shell: Shell) -> None:
    await _written(shell)
    assert "holds nothing that a person typed" in await shell.fails(1, "redact", "INC-1", "77")
    assert "is not an incident" in await shell.fails(1, "redact", "every", "1")
