"""``evenkeel post-results``: what Evidently and NannyML found, posted by a job."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.cli.conftest import Shell, serving

FIXTURES = Path(__file__).parents[2] / "fixtures" / "evidently"


@pytest.fixture
def shell(inside: Shell) -> Shell:
    return inside


async def test_results_become_alerts(slack: Shell) -> None:
    slack.write("report.json", (FIXTURES / "1_report.json").read_text())
    slack.write("rows.json", (FIXTURES / "2_nannyml.json").read_text())
    async with serving(slack) as running:
        words = ("--service", "fraud-scorer", "--to", running.address)
        done = await slack.run("post-results", "report.json", *words)
        assert (done.code, done.out) == (0, "Taken: 4 alerts, INC-1.\n")
        done = await slack.run("post-results", "rows.json", *words)
        assert (done.code, done.out.partition(",")[0]) == (0, "Taken: 2 alerts")
        listed = (await slack.run("alerts")).out
    assert listed.count("evidently") == 6


async def test_it_says_why_it_cannot_post(shell: Shell) -> None:
    shell.write("text.json", "[[[")
    shell.write("number.json", "7")
    words = ("--service", "s", "--to", "http://127.0.0.1:9")
    assert "ALERT_TOKEN" in await shell.fails(1, "post-results", "text.json", *words)
    for file, why in (
        ("text.json", "is not JSON"),
        ("number.json", "holds neither"),
        ("none.json", "cannot be read"),
    ):
        assert why in await shell.fails(1, "post-results", file, *words, ALERT_TOKEN="t")
    shell.write("rows.json", "[]")
    assert "does not answer" in await shell.fails(1, "post-results", "rows.json", *words, ALERT_TOKEN="t")
