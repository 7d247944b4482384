"""``evenkeel check --sample``: what a body becomes, before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.cli.conftest import Shell

FIXTURES = Path(__file__).parents[2] / "fixtures"
CONFIGURATION = """
sources:
  generic:
    mapping: {each: "$.monitors[*]", title: $.name, dedupe_key: $.key, state: $.state, service: $.about.model}
    values: {state: {fine again: resolved}}
connectors:
  metrics: {kind: prometheus, url: "${PROMETHEUS_URL}"}
"""


@pytest.fixture
def shell(inside: Shell) -> Shell:
    return inside


async def test_it_shows_what_was_found_where_and_where_it_goes(shell: Shell) -> None:
    shell.write("evenkeel.yaml", CONFIGURATION)
    shell.write("body.json", (FIXTURES / "generic" / "1_monitors.json").read_text())
    done = await shell.run("check", "--sample", "body.json")
    assert done.code == 0
    assert done.out.startswith("alert 1 of 2\n  title          $.name ")
    assert "resolved  Null rate of merchant is back to normal" in done.out
    assert "  service       fraud-scorer: label service" in done.out


async def test_any_source_may_be_asked(shell: Shell) -> None:
    shell.write("body.json", (FIXTURES / "grafana" / "1_firing.json").read_text())
    done = await shell.run("check", "--sample", "body.json", "--source", "grafana")
    assert done.code == 0
    assert done.out.startswith("firing ")


async def test_what_would_be_refused_says_why(shell: Shell) -> None:
    shell.write("body.json", '{"name": {}}')
    done = await shell.run("check", "--sample", "body.json")
    assert (done.code, done.out.partition("\n")[0]) == (1, "alert 1 of 1")
    assert done.err.count("\n") == 1
    assert "alert 1 has no title" in done.err
    assert "cannot be read" in await shell.fails(1, "check", "--sample", "none.json")
    assert "there is no source" in await shell.fails(1, "check", "--sample", "body.json", "--source", "nagios")
