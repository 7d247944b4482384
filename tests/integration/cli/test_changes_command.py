"""``evenkeel changes``: what was released, switched or re-aliased."""

from __future__ import annotations

import msgspec
import pytest

from tests.integration.cli.conftest import TOKEN, Shell, serving

SENT = {"service": "fraud-scorer", "version": "42", "previous": "41", "by": "ana", "source": "ci", "id": "run-7"}


@pytest.fixture
def shell(inside: Shell) -> Shell:
    return inside


async def test_what_was_posted_is_listed_once(slack: Shell) -> None:
    async with serving(slack) as running:
        for body in (SENT, SENT, {"service": "ranker", "kind": "flag", "about": "new-ranker", "version": "on"}):
            answer = await running.web.post("/changes", json=body, headers={"authorization": f"Bearer {TOKEN}"})
            assert answer.status_code == 202
        head, *rows = (await slack.run("changes")).out.splitlines()
        assert head.split() == ["at", "service", "kind", "version", "previous", "about", "by", "source", "url"]
        assert len(rows) == 2
        told = msgspec.json.decode((await slack.run("changes", "--service", "fraud-scorer", "--format", "json")).out)
        assert [(one["version"], one["previous"], one["source"]) for one in told] == [("42", "41", "ci")]
        csv = (await slack.run("changes", "--since", "7d", "--format", "csv")).out
        assert csv.startswith("at,service,kind,version,")
        assert "new-ranker" in csv
        nothing = (await slack.run("changes", "--service", "nobody")).out
        assert nothing == "No change of nobody in that time: send them to POST /changes.\n"
