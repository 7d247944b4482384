"""``serve`` and ``work``: from an empty folder, against a workspace, until a signal."""

from __future__ import annotations

import signal
import time

import pytest

from bot.sandbox.demo.serving import free_port
from bot.sandbox.workspace.server import WorkspaceServer
from tests.integration.cli.conftest import Shell, ended, sees, serving


async def test_without_tokens_two_lines_say_which_and_where_they_are(shell: Shell) -> None:
    said = await shell.fails(1, "serve")
    assert "SLACK_BOT_TOKEN is not set" in said.splitlines()[0]
    assert "SLACK_SIGNING_SECRET is not set" in said.splitlines()[1]


async def test_it_says_at_its_start_where_it_is_and_what_it_read(slack: Shell) -> None:
    async with serving(slack) as running:
        (line,) = running.lines
        assert line["address"].startswith("http://127.0.0.1:")
        assert line["slack"] == f"{line['address']}/slack/events"
        assert line["config"] == "defaults; there is no evenkeel.yaml"
        assert line["runbooks"] >= 3
        assert (await running.web.get("/healthz")).status_code == 200


async def test_without_a_configuration_a_critical_alert_opens_a_channel_with_the_runbooks_step(
    slack: Shell, workspace: WorkspaceServer
) -> None:
    async with serving(slack) as running:
        assert await running.alert("2_firing") == {"accepted": 2, "incidents": ["INC-1"]}
        assert await sees(workspace, "INC-1") is not None
        opened = await sees(workspace, "evenkeel.yaml")
        assert opened == "inc-1-fraud-feature-drift-high"


async def test_without_a_configuration_a_warning_is_announced_with_a_button(
    slack: Shell, workspace: WorkspaceServer
) -> None:
    async with serving(slack) as running:
        assert await running.alert() == {"accepted": 1, "incidents": ["INC-1"]}
        assert await sees(workspace, "Not now") == "ml-incidents"


@pytest.mark.parametrize("over", ["http", "sockets"])
async def test_slack_reaches_it_over_http_and_over_socket_mode(
    slack: Shell, workspace: WorkspaceServer, over: str
) -> None:
    variables = {"SLACK_APP_TOKEN": workspace.workspace.app.app_token} if over == "sockets" else {}
    async with serving(slack, **variables) as running:
        if over == "http":
            workspace.request_url = f"{running.address}/slack/events"
        else:
            assert running.lines[-1]["slack"] == "Socket Mode"
        lobby = next(c for c in workspace.workspace.channels.all() if c.name == "ml-incidents")
        ana = workspace.workspace.directory.by_name("ana")
        assert (await workspace.people.slash(ana.id, lobby.id, "/incident help")).ok


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly_within_five_seconds(slack: Shell, number: signal.Signals) -> None:
    async with serving(slack) as running:
        await running.alert()
        begun = time.monotonic()
        running.process.send_signal(number)
        done = await ended(running.process)
    assert done.code == 0
    assert time.monotonic() - begun < 5
    assert '"stopping"' in done.err


async def test_what_was_taken_before_the_end_is_there_after_a_new_start(slack: Shell) -> None:
    async with serving(slack) as running:
        await running.alert()
    async with serving(slack) as running:
        assert (await running.alert("3_resolved"))["incidents"] == ["INC-1"]


async def test_while_slack_is_away_alerts_still_come_in_and_readiness_says_so(slack: Shell) -> None:
    away = {"SLACK_API_URL": "http://127.0.0.1:9/api/", "SLACK_APP_TOKEN": "xapp-sandbox"}
    async with serving(slack, **away) as running:
        assert (await running.alert())["incidents"] == ["INC-1"]
        answer = await running.web.get("/readyz")
        assert answer.status_code == 503
        assert not answer.json()["checks"]["slack"]["ok"]
        running.process.kill()  # its log holds the client's traceback
        await running.process.wait()


async def test_without_an_alert_token_it_warns(slack: Shell) -> None:
    async with serving(slack, ALERT_TOKEN="") as running:
        running.process.send_signal(signal.SIGTERM)
        assert "ALERT_TOKEN is not set" in (await ended(running.process)).err


async def test_a_wrong_token_is_said_at_the_start_and_not_found_out_at_three(slack: Shell) -> None:
    async with serving(slack, SLACK_BOT_TOKEN="xoxb-wrong") as running:
        assert (await running.web.get("/readyz")).status_code == 503  # asked after the start's own question
        running.process.send_signal(signal.SIGTERM)
        assert "Slack does not know this bot" in (await ended(running.process)).err


async def test_a_broken_runbook_is_named_and_the_others_are_loaded(slack: Shell) -> None:
    slack.write("runbooks/broken.yaml", "schema: evenkeel/runbook/v1\nid: [")
    (slack.folder / "runbooks" / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    async with serving(slack) as running:
        running.process.send_signal(signal.SIGTERM)
        said = (await ended(running.process)).err
        assert "runbooks/broken.yaml:3:1:" in said
        assert "runbooks/binary.yaml:1:1: cannot be read" in said


async def test_a_taken_port_is_said_in_two_lines(slack: Shell) -> None:
    with free_port() as taken:
        port = taken.getsockname()[1]
        said = await slack.fails(1, "serve", PORT=str(port))
    assert f"cannot listen at 127.0.0.1:{port}" in said
    assert "set PORT" in said
    assert not (slack.folder / "evenkeel.db").exists()


async def test_a_second_process_on_the_same_file_is_told_who_has_it(slack: Shell) -> None:
    async with serving(slack) as running:
        said = await slack.fails(1, "serve")
        assert f"in use by process {running.process.pid}" in said


@pytest.mark.parametrize("words", [("work",), ("serve", "--no-controller")])
async def test_a_second_kind_of_process_needs_postgresql(slack: Shell, words: tuple[str, ...]) -> None:
    said = await slack.fails(2, *words)
    assert "SQLite serves one process" in said
    assert "PostgreSQL" in said


async def test_mistakes_of_the_configuration_come_all_at_once_with_their_places(slack: Shell) -> None:
    slack.write("evenkeel.yaml", "command: incident\nincidents_chanel: x\n")
    done = await slack.run("serve")
    assert done.code == 1
    assert [line.split(" ")[0] for line in done.err.splitlines()] == ["evenkeel.yaml:1:10:", "evenkeel.yaml:2:1:"]
