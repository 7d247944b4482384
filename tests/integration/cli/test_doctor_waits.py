"""The doctor comes to an end whoever keeps silent."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.cli import doctor


async def _says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def test_a_slack_that_takes_the_call_and_keeps_silent_is_named_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "PATIENCE", 0.2)
    monkeypatch.chdir(tmp_path)
    async with await asyncio.start_server(_says_nothing, "127.0.0.1", 0) as silent:
        address = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}/api/"
        slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": address}
        found = await doctor.examine(slack)
    assert doctor.Finding("slack", False, f"{address} does not answer within 0.2 s") in found
    assert "database" in {one.name for one in found}
