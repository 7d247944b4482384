"""``evenkeel replay-alert``: what was received, what it becomes today, and once more through the running program."""

from __future__ import annotations

import msgspec
import pytest

from bot.sandbox.workspace.server import WorkspaceServer
from tests.integration.cli.conftest import Shell, sees, serving


@pytest.fixture
def shell(inside: Shell) -> Shell:
    return inside


async def test_a_request_is_shown_and_taken_in_again(slack: Shell) -> None:
    async with serving(slack) as running:
        await running.alert()
        assert "  request" in (await slack.run("alerts")).out.splitlines()[0]
        shown = (await slack.run("replay-alert", "1")).out
        assert shown.startswith("Request 1 of alertmanager, received 2")
        assert '"generatorURL"' in shown
        assert "What it becomes today:\n\nfiring    ModelErrorRate\n" in shown
        assert "  so it " in shown
        sent = await slack.run("replay-alert", "1", "--send", "--to", running.address)
        assert (sent.code, sent.out) == (0, "Taken: 1 alert, INC-1.\n")
        assert "there is no request 7" in await slack.fails(1, "replay-alert", "7")
        assert "404" in await slack.fails(1, "replay-alert", "7", "--send", "--to", running.address)


async def test_what_was_refused_is_listed_shown_and_told_in_slack(slack: Shell, workspace: WorkspaceServer) -> None:
    async with serving(slack) as running:
        body = b'{"alerts": [{"labels": {"password": "hunter2"}}]}'
        assert (await running.web.post("/alerts/alertmanager", content=body)).status_code == 400
    (row,) = msgspec.json.decode((await slack.run("alerts", "--format", "json")).out)
    assert (row["source"], row["status"], row["count"], row["request"]) == ("alertmanager", "refused", 1, 1)
    assert row["alert"].startswith("not an Alertmanager notification: Object missing required field `status`")
    shown = (await slack.run("replay-alert", "1")).out
    assert "\nRefused, or a part of it: not an Alertmanager notification: " in shown
    assert '"password": "[secret]"' in shown
    assert "What it becomes today:\n\nNothing: not an Alertmanager notification" in shown
    async with serving(slack):
        assert await sees(workspace, "One notification of `alertmanager` was refused") == "ml-incidents"


async def test_it_says_why_it_cannot_send(shell: Shell) -> None:
    assert "ALERT_TOKEN" in await shell.fails(1, "replay-alert", "1", "--send")
    away = await shell.fails(1, "replay-alert", "1", "--send", "--to", "http://127.0.0.1:9", ALERT_TOKEN="t")
    assert "is `evenkeel serve` running?" in away
    assert "--to goes with --send" in await shell.fails(2, "replay-alert", "1", "--to", "http://127.0.0.1:9")
