"""``check`` and ``replay`` as they are called: what they print, and with which exit code they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.config.files import SHIPPED
from bot.json_schema import schema
from tests.integration.cli.conftest import Inside, Shell

RUNBOOK = str(SHIPPED / "model-performance-drop.yaml")
ALERT = "labels: {alertname: ModelRecallDrop, service: fraud-scorer, severity: critical}\n"
ANSWERS = """versions: {running: "42", target: "41"}
steps: {changes: warn, live: bad, health: ok, versions: bad}
until: 10m
expect: {live: VERDICT}
"""
ADVICE = """schema: runbook/v1
id: own
version: 1
title: Own
failure_mode: generic
owner: ml-oncall
summary: An action that nothing leads up to.
match: [{failure_mode: generic}]
phases:
  remediate: [{id: rollback, action: rollback}]
"""


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A folder with an alert, without a process for each command."""
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "alert.yaml").write_text(ALERT)
    return Inside(folder, capsys, monkeypatch)


async def test_a_replay_that_comes_out_as_expected_ends_with_0(shell: Shell) -> None:
    shell.write("answers.yaml", ANSWERS.replace("VERDICT", "bad"))
    done = await shell.run("replay", RUNBOOK, "--alert", "alert.yaml", "--answers", "answers.yaml")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("model-performance-drop version 1 for fraud-scorer: ModelRecallDrop\n")


async def test_a_replay_that_comes_out_otherwise_says_so_and_ends_with_1(shell: Shell) -> None:
    shell.write("answers.yaml", ANSWERS.replace("VERDICT", "ok"))
    words = ("replay", RUNBOOK, "--alert", "alert.yaml", "--answers", "answers.yaml", "--format", "json")
    done = await shell.run(*words)
    assert (done.code, done.err) == (1, "")
    assert json.loads(done.out)["problems"] == ["answers.yaml:4:16: expected live to be 'ok', and it is 'bad'"]


async def test_a_replay_of_what_is_not_there_is_told_in_a_line(shell: Shell) -> None:
    assert (await shell.fails(1, "replay", RUNBOOK, "--alert", "no.json")).startswith("no.json:1:1: cannot be read")
    assert "--alert" in await shell.fails(2, "replay", RUNBOOK)


async def test_advice_leaves_the_exit_code_alone_unless_it_is_to_count(shell: Shell) -> None:
    shell.write("own.yaml", ADVICE)
    lenient, strict = await shell.run("check", "own.yaml"), await shell.run("check", "--strict", "own.yaml")
    assert (lenient.code, strict.code) == (0, 1)
    assert lenient.out == strict.out
    assert "own.yaml:10:20: warning: no watch follows action 'rollback'" in lenient.out


async def test_programs_get_a_list_of_objects(shell: Shell) -> None:
    shell.write("own.yaml", ADVICE.replace("action: rollback", "action: rollback, du: 5m"))
    done = await shell.run("check", "--format", "json", "own.yaml")
    assert done.code == 1
    assert [(one["level"], one["message"]) for one in json.loads(done.out)] == [
        ("error", "unknown key 'du' in action 'rollback'; did you mean 'due'?")
    ]


async def test_the_schema_for_editors_is_printed(shell: Shell) -> None:
    assert json.loads((await shell.run("check", "--json-schema", "runbook")).out) == schema("runbook")
    assert json.loads((await shell.run("check", "--json-schema", "config")).out) == schema("config")
