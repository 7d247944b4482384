"""The incident's address is written to where its alert came from: once, and nothing else depends on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.incidents import events as ev
from bot.sandbox.demo.serving import free_port, served
from tests.scenarios.conftest import Stages
from tests.scenarios.sources import Sources
from tests.scenarios.stage import Stage

FIXTURES = Path(__file__).parent.parent / "fixtures"
ADDRESS = "INC-1 in Evenkeel: https://evenkeel.example/incidents/INC-1"
GRAFANA = {
    "alerts": [
        {
            "status": "firing", "labels": {"alertname": "RecallDrop", "service": "fraud"}, "fingerprint": "a1",
            "startsAt": "2026-11-21T03:00:00Z", "panelURL": "https://grafana.example/d/fraud1?orgId=1&viewPanel=4",
        }
    ]
}  # fmt: skip


class There:
    """Grafana and PagerDuty, as far as marks and notes go; so many are made and not answered."""

    def __init__(self) -> None:
        self.marks: list[dict[str, Any]] = []
        self.notes: list[str] = []
        self.loses_answers = 0
        routes = [
            Route("/api/annotations", self._marks, methods=["GET"]),
            Route("/api/annotations", self._mark, methods=["POST"]),
            Route("/incidents/{id}/notes", self._notes, methods=["GET"]),
            Route("/incidents/{id}/notes", self._note, methods=["POST"]),
        ]
        self.days = Sources(Starlette(routes=routes))

    async def _marks(self, request: Request) -> Response:
        tags = set(request.query_params.getlist("tags"))
        return JSONResponse([{"id": 1} for mark in self.marks if tags <= set(mark["tags"])])

    async def _mark(self, request: Request) -> Response:
        self.marks.append(await request.json())
        return self._answer()

    async def _notes(self, _: Request) -> Response:
        return JSONResponse({"notes": [{"content": note} for note in self.notes]})

    async def _note(self, request: Request) -> Response:
        self.notes.append((await request.json())["note"]["content"])
        return self._answer()

    def _answer(self) -> Response:
        self.loses_answers -= 1
        return JSONResponse({}, 502 if self.loses_answers >= 0 else 200)


@pytest.fixture
async def there() -> There:
    return There()


@pytest.fixture
async def stage(stages: Stages, there: There) -> AsyncIterator[Stage]:
    """Both are connected."""
    with free_port() as port:
        async with served(there.days, port) as url:
            kinds = {"dashboards": "grafana", "pages": "pagerduty"}
            lines = [f'  {name}: {{kind: {kind}, url: "{url}", token: t}}' for name, kind in kinds.items()]
            yield await stages(config="\n".join(["routes: [{name: all, open: now}]", "connectors:", *lines]))


async def test_grafana_is_marked_on_the_panel_whose_alert_fired(stage: Stage, there: There) -> None:
    await stage.sends(GRAFANA, to="/alerts/grafana")
    await stage.rest()
    (mark,) = there.marks
    assert mark == {
        "text": ADDRESS, "tags": ["evenkeel", "evenkeel/INC-1"], "time": 1795230000000, "dashboardUID": "fraud1",
        "panelId": 4,
    }  # fmt: skip
    assert there.notes == []
    assert "dashboards links here" in await stage.timeline()


async def test_a_mark_whose_answer_was_lost_is_not_made_twice(stage: Stage, there: There) -> None:
    there.loses_answers = 1
    await stage.sends(GRAFANA, to="/alerts/grafana")
    await stage.rest(300)
    assert len(there.marks) == 1
    assert [event.because for event in await stage.happened(ev.LinkedBack)][-1] == ""


async def test_a_failure_stands_in_the_small_print_and_holds_nothing_up(stage: Stage, there: There) -> None:
    there.days.answers("annotations", status=403)
    await stage.sends(GRAFANA, to="/alerts/grafana")
    await stage.rest(600)
    last = stage.screen.card().splitlines()[-1]
    assert ":warning: dashboards has no link to this: dashboards does not let us in (403)" in last
    assert len(await stage.happened(ev.LinkedBack)) == 4
    assert stage.screen.channel()


async def test_pagerduty_s_incident_gets_one_note(stage: Stage, there: There) -> None:
    there.loses_answers = 1
    recorded = (FIXTURES / "pagerduty" / "1_triggered.json").read_bytes()
    assert (await stage.sends(recorded, to="/alerts/pagerduty")).status_code == 202
    await stage.rest(300)
    assert there.notes == [ADDRESS]
    assert there.marks == []


async def test_an_alert_from_elsewhere_links_nowhere(stage: Stage, there: There) -> None:
    await stage.sends(GRAFANA)
    await stage.rest(60)
    assert (there.marks, there.notes) == ([], [])


async def test_a_private_incident_is_linked_from_nowhere(stage: Stage, there: There) -> None:
    labels = {"alertname": "ToxicAnswers", "service": "chat", "failure_mode": "safety"}
    await stage.sends({"alerts": [GRAFANA["alerts"][0] | {"labels": labels}]}, to="/alerts/grafana")
    await stage.rest(60)
    assert (await stage.incident()).private
    assert there.marks == []
