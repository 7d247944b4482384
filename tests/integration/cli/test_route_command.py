"""``evenkeel route``: where an alert goes, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.cli.conftest import FIXTURES, Inside, Shell

ROUTES = """
routes:
  - name: fraud drift
    match: {alertname: "~.*Drift.*"}
    open: {after: 3, within: 10m}
maintenance:
  - {name: retraining, match: {service: fraud}, from: "05:00", until: "06:00"}
"""
FILE = str(FIXTURES / "1_firing.json")


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Inside(tmp_path, capsys, monkeypatch)


async def test_without_a_configuration_the_default_is_explained(shell: Shell) -> None:
    done = await shell.run("route", FILE)

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "ModelErrorRate, firing",
        "  route         none is configured",
        "  service       fraud: label model",
        "  failure mode  availability: alertname fits the rule for availability",
        "  severity      SEV3: label severity is warning",
        "  so it         is announced with a button: SEV3 waits for a person",
    ]


async def test_each_alert_is_told_by_the_routes_and_windows_of_the_file(shell: Shell) -> None:
    shell.write("evenkeel.yaml", ROUTES)
    done = await shell.run("route", str(FIXTURES / "2_firing.json"), "--at", "2026-11-21T05:30")

    assert done.out.count("route         fraud drift (evenkeel.yaml:3) fits: alertname is FeatureDriftHigh") == 2
    assert done.out.count("so it         opens an incident after 3 alerts within 10m: the route says so") == 2
    assert done.out.count("but now       nothing happens: maintenance: retraining") == 2
    later = await shell.run("route", FILE, "--at", "2026-11-21T06:00")
    assert "but now" not in later.out


async def test_what_cannot_be_read_is_said_in_a_line(shell: Shell) -> None:
    shell.write("half.json", "{")

    assert "nowhere.json cannot be read" in await shell.fails(1, "route", "nowhere.json")
    assert "half.json cannot be read as a request of alertmanager" in await shell.fails(1, "route", "half.json")
    assert "there is no source “nagios”" in await shell.fails(1, "route", FILE, "--source", "nagios")
