"""The real program on a full disk: senders are told to try again, Slack hears of it, and work goes on after."""

from __future__ import annotations

import resource
from pathlib import Path

import httpx
import pytest

from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from tests.crash.nursery import nursery
from tests.crash.process import Process, Start, environment_of, seen
from tests.patience import PATIENCE
from tests.ports import port_for_later

#: so many requests surely need more room than there is
ENOUGH = 200


@pytest.mark.slow
async def test_a_full_disk_costs_no_alert_and_is_said_in_slack(tmp_path: Path) -> None:
    server = WorkspaceServer(patience=PATIENCE)
    server.workspace.channels.create("ml-incidents", creator="U0ANA", members=(server.workspace.app.bot_user,))
    database_url, port = f"sqlite:///{tmp_path / 'evenkeel.db'}", port_for_later()
    async with nursery() as parent, running_workspace(server):
        start = Start(parent, environment_of(server, database_url=database_url, port=port), tmp_path)
        async with start() as process:
            await process.ready()
            assert (await _alert(process, 0)).status_code == 202
            _full(process, tmp_path, so=True)
            answers = [await _alert(process, number) for number in range(1, ENOUGH)]
            turned_away = [answer for answer in answers if answer.status_code != 202]
            assert {(answer.status_code, answer.headers["retry-after"]) for answer in turned_away} == {(503, "5")}
            await seen(server, lambda: _said(server, "I can store nothing"))
            _full(process, tmp_path, so=False)
            await seen(server, lambda: _said(server, "Everything is stored again"))
            assert (await _alert(process, ENOUGH - 1)).json() == {"accepted": 1, "incidents": ["INC-1"]}
            assert _said(server, "I can store nothing") == 1
            await process.stop()


def _full(process: Process, folder: Path, *, so: bool) -> None:
    """No file of the process may be larger than SQLite's log is now: what a full disk is to it."""
    no_limit = resource.RLIM_INFINITY
    log = folder / "evenkeel.db-wal"
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (log.stat().st_size if so else no_limit, no_limit))


async def _alert(process: Process, number: int) -> httpx.Response:
    alert = {
        "status": "firing", "startsAt": "2026-11-21T03:00:00Z", "fingerprint": f"f{number}",
        "labels": {"alertname": "ModelRecallDrop", "service": "fraud", "severity": "critical", "text": "x" * 280},
    }  # fmt: skip
    return await process.web.post("/alerts/alertmanager", json={"alerts": [alert]})


def _said(server: WorkspaceServer, text: str) -> int:
    channel = next(channel for channel in server.workspace.channels.all() if channel.name == "ml-incidents")
    return sum(text in str(message.blocks) for message in server.workspace.messages.all_in(channel.id))
