"""``evenkeel check --sample``: what a body becomes, before anybody sends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.cli.conftest import FIXTURES, Inside, Shell

MAPPING = """
sources:
  generic:
    mapping:
      each: $.events[*]
      title: $.monitor.name
      url: $.link
      state: $.state
      external_id: $.id
      dedupe_key: $.key
      severity: $.priority
      service: $.where
      metric: $.metric
    values: {severity: {P1: SEV1}, state: {bad: firing}}
"""
EVENT = (
    '{"monitor": {"name": "PSI high"}, "link": "https://monitor.example/1", "state": "bad", "id": 77, '
    '"key": "psi-1", "priority": "P1", "where": "fraud", "metric": "psi"}'
)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Inside(tmp_path, capsys, monkeypatch)


async def test_it_says_what_was_found_where_what_it_becomes_and_where_it_goes(shell: Shell) -> None:
    shell.write("evenkeel.yaml", MAPPING)
    shell.write("sample.json", f'{{"events": [{EVENT}]}}')

    done = await shell.run("check", "--sample", "sample.json")

    assert (done.code, done.err) == (0, "")
    words = [" ".join(line.split()) for line in done.out.splitlines()]
    assert words[:9] == [
        "alert 1 of 1", 'title $.monitor.name "PSI high"', 'url $.link "https://monitor.example/1"',
        'state $.state "bad"', "external_id $.id 77", 'dedupe_key $.key "psi-1"', 'severity $.priority "P1"',
        'service $.where "fraud"', 'metric $.metric "psi"',
    ]  # fmt: skip
    assert words[9].startswith("not found summary, ")
    told = "\n".join(words)
    for line in (
        "firing PSI high", "fingerprint psi-1", "url https://monitor.example/1", "label metric = psi",
        "severity SEV1: label severity is SEV1", "so it opens an incident: SEV1 opens",
    ):  # fmt: skip
        assert line in told


async def test_what_would_be_refused_says_why_and_shows_where_it_was_looked_for(shell: Shell) -> None:
    shell.write("evenkeel.yaml", MAPPING)
    shell.write("sample.json", '{"events": [{"monitor": {}}]}')

    done = await shell.run("check", "--sample", "sample.json")

    assert (done.code, done.out) == (1, "")
    assert "(nothing there)" in done.err
    assert "alert 1 has no title; it was looked for at $.monitor.name" in done.err


async def test_a_sample_of_any_source_can_be_looked_at(shell: Shell) -> None:
    done = await shell.run("check", "--sample", str(FIXTURES / "1_firing.json"), "--source", "alertmanager")

    assert done.out.startswith("firing    ModelErrorRate\n")
    shell.write("sample.json", "{}")
    assert "not a Grafana notification" in await shell.fails(
        1, "check", "--sample", "sample.json", "--source", "grafana"
    )
    assert "cannot be read" in await shell.fails(1, "check", "--sample", "nowhere.json")
