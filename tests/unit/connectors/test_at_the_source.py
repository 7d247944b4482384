"""What is written to where alerts come from: silences, annotations and notes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.connectors import SourceRefused, SourceUnavailable
from tests.unit.connectors.sources import Handler, connected, setting

NOW = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
ALERTMANAGER = setting("alertmanager", url="http://am.test")
GRAFANA = setting("grafana", url="http://grafana.test")
PAGERDUTY = setting("pagerduty", url="https://api.pagerduty.test")


def answering(answer: Any, seen: list[httpx.Request], status: int = 200) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, json=answer) if answer is not None else httpx.Response(status)

    return handler


async def test_a_silence_is_made_of_equal_matchers_and_nothing_else() -> None:
    seen: list[httpx.Request] = []
    found = connected(answering({"silenceID": "s1"}, seen), am=ALERTMANAGER).alertmanager("am")
    labels = {"alertname": "Drop", "service": "fraud", "instance": ""}
    assert await found.silence(labels, since=NOW, until=NOW + timedelta(hours=2), comment="INC-1") == "s1"
    sent = json.loads(seen[0].content)
    assert (seen[0].method, seen[0].url.path) == ("POST", "/api/v2/silences")
    assert sent["matchers"] == [
        {"name": "alertname", "value": "Drop", "isRegex": False, "isEqual": True},
        {"name": "instance", "value": "", "isRegex": False, "isEqual": True},
        {"name": "service", "value": "fraud", "isRegex": False, "isEqual": True},
    ]
    assert (sent["startsAt"], sent["endsAt"]) == ("2026-11-21T03:05:00Z", "2026-11-21T05:05:00Z")
    assert (sent["comment"], sent["createdBy"]) == ("INC-1", "evenkeel")


@pytest.mark.parametrize("labels", [{}, {"alertname": ""}])
async def test_nothing_silences_everything(labels: dict[str, str]) -> None:
    seen: list[httpx.Request] = []
    found = connected(answering({"silenceID": "s1"}, seen), am=ALERTMANAGER).alertmanager("am")
    with pytest.raises(ValueError, match="everything"):
        await found.silence(labels, since=NOW, until=NOW, comment="INC-1")
    assert seen == []


async def test_a_silence_is_found_again_by_its_comment_while_it_is_in_force() -> None:
    def one(number: int, comment: str, state: str) -> dict[str, Any]:
        return {"id": f"s{number}", "comment": comment, "status": {"state": state}, "endsAt": "2026-11-21T05:05:00Z"}

    listed = [one(1, "[a/INC-1/1]", "active"), one(2, "[a/INC-1/1]", "expired"), one(3, "[a/INC-2/1]", "pending")]
    found = connected(answering(listed, []), am=ALERTMANAGER).alertmanager("am")
    assert [silence.id for silence in await found.silences(holding="[a/INC-1/")] == ["s1"]


async def test_ending_a_silence_that_is_gone_is_fine() -> None:
    await connected(answering("gone", [], 404), am=ALERTMANAGER).alertmanager("am").expire("s1")
    with pytest.raises(SourceUnavailable):
        await connected(answering("no", [], 500), am=ALERTMANAGER).alertmanager("am").expire("s1")


async def test_grafana_gets_one_mark_with_the_tags_it_is_found_by() -> None:
    seen: list[httpx.Request] = []
    grafana = connected(answering({"id": 1}, seen), g=GRAFANA).grafana("g")
    await grafana.annotate("INC-1", tags=("evenkeel", "INC-1"), at=NOW, dashboard="d1", panel=4)
    assert json.loads(seen[0].content) == {
        "text": "INC-1", "tags": ["evenkeel", "INC-1"], "time": 1795230300000, "dashboardUID": "d1", "panelId": 4,
    }  # fmt: skip
    grafana = connected(answering([{"id": 1, "text": "INC-1"}], seen), g=GRAFANA).grafana("g")
    assert await grafana.annotated(("evenkeel", "INC-1"))
    assert str(seen[1].url.query, "ascii") == "tags=evenkeel&tags=INC-1&limit=1&type=annotation"
    assert not await connected(answering([], seen), g=GRAFANA).grafana("g").annotated(("evenkeel", "INC-2"))


async def test_pagerduty_s_incident_gets_a_note_and_tells_its_notes() -> None:
    seen: list[httpx.Request] = []
    await connected(answering({"note": {}}, seen, 201), p=PAGERDUTY).pagerduty("p").note("Q1/x", "INC-1")
    assert (seen[0].url.raw_path, json.loads(seen[0].content)) == (
        b"/incidents/Q1%2Fx/notes", {"note": {"content": "INC-1"}},
    )  # fmt: skip
    notes = connected(answering({"notes": [{"content": "INC-1"}]}, seen), p=PAGERDUTY).pagerduty("p")
    assert await notes.notes("Q1") == ("INC-1",)
    with pytest.raises(SourceRefused):
        await connected(answering({}, seen, 404), p=PAGERDUTY).pagerduty("p").note("Q1", "INC-1")
