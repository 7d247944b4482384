"""By day the doctor says who would be called at night."""

from __future__ import annotations

import pytest

from bot.sandbox.workspace.server import WorkspaceServer
from tests.integration.cli.conftest import Shell

CONFIG = """
connectors:
  pages: {kind: pagerduty, url: http://127.0.0.1:9}
  gone: {kind: http, url: http://127.0.0.1:9, operations: {now: {path: /now}}}
oncall:
  listed: {users: [U123], pager: pages}
  group: {slack_group: %s, pager: pages}
  empty: {slack_group: S9NOBODY}
  away: {http: gone.now}
"""


@pytest.fixture
def shell(inside: Shell) -> Shell:
    return inside


async def test_the_doctor_says_who_is_on_call_and_why_nobody_is_known(
    slack: Shell, workspace: WorkspaceServer
) -> None:
    group = workspace.workspace.directory.add_group("ml", "ML", ("U0ANA",))
    slack.write("evenkeel.yaml", CONFIG % group.id)
    done = await slack.run("doctor")
    told = [line for line in done.out.splitlines() if "on call" in line]
    assert [line.split(maxsplit=3)[0] for line in told] == ["ok", "ok", "MEND", "MEND"]
    assert "listed: users of evenkeel.yaml; pages rings" in told[0]
    assert "group: U0ANA now; pages rings" in told[1]
    assert "empty: Slack knows no such user group" in told[2]
    assert "away: gone cannot be reached" in told[3]
