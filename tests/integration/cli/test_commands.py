"""The short commands: what they print, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import yaml
from typer.testing import CliRunner

from bot.alerts.sources import alertmanager
from bot.cli import Document, Text, app
from bot.config import Settings
from bot.config.files import SHIPPED, read_runbooks
from bot.incidents.timeline_formats import FORMATS
from bot.postmortems.exports import EXPORTS
from bot.runbooks.loading import load_library
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.world import SCENARIOS
from bot.service import Service
from bot.store import open_store
from tests.integration.cli.conftest import COMMANDS, FIXTURES, Inside, Shell


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Without a process for each command."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return Inside(folder, capsys, monkeypatch)


@pytest.fixture
async def incident(shell: Shell) -> Shell:
    """A folder whose database holds INC-1."""
    store = open_store(f"sqlite:///{shell.folder / 'evenkeel.db'}")
    service = Service(store, settings=Settings(), library=load_library(read_runbooks(SHIPPED)))
    batch = alertmanager.read((FIXTURES / "1_firing.json").read_bytes())
    await service.take("alertmanager", batch.alerts)
    store.close()
    return shell


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_how_it_is_called(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert f"evenkeel {command}" in done.output.partition("Example")[2]


def test_the_commands_are_all_there() -> None:
    assert {
        command.callback.__name__.replace("_", "-") for command in app.registered_commands if command.callback
    } == set(COMMANDS)


def test_every_format_may_be_asked_for() -> None:
    assert tuple(EXPORTS) == Document.__args__  # type: ignore[attr-defined]
    assert tuple(FORMATS) == Text.__args__  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("check", "--nonsense"), "No such option: --nonsense"),
        (("check", "--service", "x"), "goes with --expand"),
        (("export",), "Missing argument"),
        (("export", "INC-1", "--format", "pdf"), "'markdown', 'html', 'json'"),
        (("timeline", "INC-1", "--format", "xml"), "'text', 'json', 'csv'"),
        (("alerts", "--since", "yesterday"), "as in 30m"),
        (("manifest",), "--socket"),
        (("manifest", "--socket", "--url", "https://x.example"), "or --socket"),
        (("manifest", "--url", "http://x.example"), "https://"),
        (("demo", "--scenario", "nonsense"), "--scenario list"),
        (("demo", "--port", "many"), "--port"),
        (("demo", "--port", "80000"), "--port"),
        (("manifest", "--url", "https://"), "names no host"),
        (("alerts", "--since", "99999999999d"), "too far back"),
    ],
)
async def test_a_wrong_call_ends_with_two_lines_and_exit_code_2(
    shell: Shell, words: tuple[str, ...], said: str
) -> None:
    lines = (await shell.fails(2, *words)).splitlines()
    assert said in lines[0]
    assert lines[1].startswith("Try `evenkeel")


async def test_check_prints_every_mistake_with_its_place(shell: Shell) -> None:
    shell.write("evenkeel.yaml", "command: incident\nservices:\n  fraud: {ownr: ml}\n")
    shell.write("runbooks/broken.yaml", "schema: evenkeel/runbook/v1\nid: [")
    done = await shell.run("check")
    places = [line.split(": ")[0] for line in done.out.splitlines()]
    assert done.code == 1
    assert {"evenkeel.yaml:1:10", "evenkeel.yaml:3:11", "runbooks/broken.yaml:3:1"} <= set(places)
    alone = await shell.run("check", "evenkeel.yaml")
    assert alone.code == 1
    assert "runbooks" not in alone.out
    missing = await shell.run("check", "nowhere.yaml")
    assert (missing.code, missing.out) == (1, "nowhere.yaml:1:1: there is no such file or folder\n")


async def test_check_writes_runbooks_out_for_a_service(shell: Shell) -> None:
    shell.write("evenkeel.yaml", "services:\n  fraud: {owner: ml}\n")
    done = await shell.run("check", "--expand", "--service", "fraud")
    documents = list(yaml.safe_load_all(done.out))
    assert {document["id"] for document in documents} >= {"generic", "model-performance-drop", "data-quality"}
    assert "there is no service 'fraudd'" in await shell.fails(1, "check", "--expand", "--service", "fraudd")


@pytest.mark.parametrize("words", [("export", "INC-1"), ("timeline", "1"), ("alerts",), ("changes",)])
async def test_reading_without_a_database_says_where_it_would_be(shell: Shell, words: tuple[str, ...]) -> None:
    assert "there is no database evenkeel.db" in await shell.fails(1, *words)


async def test_the_postmortem_comes_in_every_format_to_a_file_or_not(incident: Shell) -> None:
    markdown = await incident.run("export", "INC-1")
    assert markdown.out.startswith("# INC-1: ModelErrorRate")
    done = await incident.run("export", "1", "--format", "html", "--out", "INC-1.html")
    assert (done.code, done.out) == (0, "")
    assert (incident.folder / "INC-1.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads((await incident.run("export", "inc-1", "--format", "json")).out)["key"] == "INC-1"
    assert "cannot be written" in await incident.fails(1, "export", "1", "--out", "no/such/folder.md")


async def test_the_timeline_comes_in_every_format(incident: Shell) -> None:
    assert "ModelErrorRate" in (await incident.run("timeline", "INC-1")).out
    lines = msgspec.json.decode((await incident.run("timeline", "INC-1", "--format", "json")).out)
    rows = list(csv.DictReader(io.StringIO((await incident.run("timeline", "1", "--format", "csv")).out)))
    assert [line["text"] for line in lines] == [row["text"] for row in rows]


@pytest.mark.parametrize(("key", "said"), [("INC-7", "There is no incident INC-7."), ("x", "“x” is not an incident")])
async def test_an_unknown_incident_is_a_sentence(incident: Shell, key: str, said: str) -> None:
    for command in ("export", "timeline"):
        assert said in await incident.fails(1, command, key)


async def test_what_was_received_is_listed_for_a_while_back(incident: Shell) -> None:
    head, row = (await incident.run("alerts")).out.splitlines()
    columns = "fingerprint source status count first_seen last_seen incident request service alert quiet"
    assert head.split() == columns.split()
    assert row.split()[:4] == ["38de438a98f9fb52", "alertmanager", "firing", "1"]
    assert row.split()[-2:] == ["fraud", "ModelErrorRate"]
    (alert,) = msgspec.json.decode((await incident.run("alerts", "--format", "json")).out)
    assert alert["incident"] == "INC-1"
    assert (await incident.run("alerts", "--format", "csv")).out.startswith("fingerprint,source,")
    _an_hour_later(incident.folder / "evenkeel.db")
    assert (await incident.run("alerts", "--since", "30m")).out == "No alert in that time.\n"
    assert len((await incident.run("alerts", "--since", "2h")).out.splitlines()) == 2


def _an_hour_later(database: Path) -> None:
    seen = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    connection = sqlite3.connect(database)
    connection.execute("UPDATE alerts SET first_seen = ?, last_seen = ?", (seen, seen))
    connection.commit()
    connection.close()


async def test_doctor_finds_a_working_workspace_and_says_what_is_missing(
    slack: Shell, workspace: WorkspaceServer
) -> None:
    workspace.workspace.channels.create("stakeholders", creator="U0ANA")
    done = await slack.run("doctor")
    found = {line[6:18].strip(): line[:4].strip() for line in done.out.splitlines()}
    assert done.code == 1
    assert [name for name, state in found.items() if state == "MEND"] == ["connectors"]
    parts = {"config", "token", "scopes", "clock", "channels", "database", "connectors", "runbooks", "alerts"}
    assert set(found) == parts


async def test_doctor_names_the_cure_of_whatever_is_broken(shell: Shell) -> None:
    done = await shell.run("doctor")
    assert done.code == 1
    assert "SLACK_BOT_TOKEN is not set" in done.out
    away = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    shell.write("evenkeel.yaml", "connectors:\n  metrics: {kind: prometheus, url: http://127.0.0.1:9}\n")
    done = await shell.run("doctor", **away)
    mend = [line for line in done.out.splitlines() if line.startswith("MEND")]
    assert any("http://127.0.0.1:9/api/ does not answer" in line for line in mend)
    assert any(line.startswith("MEND  metrics") and "check its url" in line for line in mend)
    assert any("ALERT_TOKEN" in line for line in mend)


async def test_doctor_sees_a_token_that_slack_does_not_know_and_scopes_that_are_missing(
    slack: Shell, workspace: WorkspaceServer
) -> None:
    done = await slack.run("doctor", SLACK_BOT_TOKEN="xoxb-old")
    assert "invalid_auth" in done.out
    workspace.access.scopes = workspace.access.scopes - {"pins:write"}
    done = await slack.run("doctor")
    assert "missing: pins:write (pins the card)" in done.out


async def test_the_manifest_is_one_that_slack_takes(shell: Shell) -> None:
    socket = yaml.safe_load((await shell.run("manifest", "--socket")).out)
    assert socket["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in socket["settings"]["interactivity"]
    shell.write("evenkeel.yaml", "command: /outage\n")
    over_http = yaml.safe_load((await shell.run("manifest", "--url", "https://keel.example/")).out)
    (command,) = over_http["features"]["slash_commands"]
    assert (command["command"], command["url"]) == ("/outage", "https://keel.example/slack/events")
    assert over_http["settings"]["event_subscriptions"]["request_url"] == "https://keel.example/slack/events"


async def test_the_demo_lists_its_scenarios_with_a_sentence_each(shell: Shell) -> None:
    done = await shell.run("demo", "--scenario", "list")
    assert [line.partition(": ")[0] for line in done.out.splitlines()] == list(SCENARIOS)
    assert all(line.endswith(".") for line in done.out.splitlines())


async def test_reading_needs_no_slack(incident: Shell) -> None:
    away = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    assert (await incident.run("export", "INC-1", **away)).out.startswith("# INC-1")
