"""The pages and documents: each incident in every format, and text from outside stays text."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import msgspec
import pytest
from sqlalchemy import Connection

from bot.charts import Chart, Line, Mark
from bot.clock import SteppedClock
from bot.incidents import events as ev
from bot.incidents.commands import AddNote
from bot.service import Declaration, Service
from bot.store import Store
from bot.store.jobs import Lane
from tests.integration.web.conftest import BEARER, Client, Recorded, open_incident, said

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


async def test_the_first_page_leads_to_the_incidents_and_says_that_there_are_none(web: Client) -> None:
    assert (await web.get("/")).headers["location"] == "/incidents"
    assert "No incident yet" in (await web.get("/incidents")).text


async def test_an_incident_has_a_page_with_its_timeline(web: Client, recorded: Recorded) -> None:
    await open_incident(web, recorded)
    assert 'href="/incidents/INC-1"' in (await web.get("/incidents")).text
    page = await web.get("/incidents/INC-1")
    assert page.headers["content-type"].startswith("text/html")
    assert "ModelErrorRate" in page.text
    assert "1 alert attached" in page.text


async def test_the_page_shows_who_leads_and_draws_what_was_measured(
    web: Client, recorded: Recorded, store: Store, clock: SteppedClock
) -> None:
    """Whatever a line and a mark are called stays text."""
    await open_incident(web, recorded)
    assert "nobody yet" in (await web.get("/incidents/INC-1")).text
    at = clock.now().timestamp()
    lines = (Line("v41", ((at - 60, 0.84), (at, 0.83))), Line(HOSTILE, ((at - 60, 0.71), (at, 0.7))))
    chart = Chart(title="Recall", lines=lines, marks=(Mark(at, HOSTILE, "alert"),))
    events: list[ev.AnyEvent] = [
        ev.ChartDrawn(step="live", chart="live", stage="1", numbers=chart),
        ev.LeadChanged(lead="U1"),
    ]

    def job(connection: Connection, now: datetime) -> None:
        store.log.append(connection, 1, events, by="evenkeel", at=now)

    await store.writer.submit(job, lane=Lane.CLICK)
    page = (await web.get("/incidents/INC-1")).text
    assert page.count('<g class="course ') == 2
    assert ">v41</text>" in page
    assert HOSTILE not in page
    assert "<dd>U1</dd>" in page


@pytest.mark.parametrize(
    ("address", "media_type", "beginning"),
    [
        ("postmortem", "text/html; charset=utf-8", "<!doctype html>"),
        ("postmortem.html", "text/html; charset=utf-8", "<!doctype html>"),
        ("postmortem.md", "text/markdown; charset=utf-8", "# INC-1: ModelErrorRate"),
        ("postmortem.json", "application/json", "{"),
        ("timeline.json", "application/json", "["),
        ("timeline.csv", "text/csv; charset=utf-8", "seq,at,by,kind,text\n1,2026-11-21T03:05:00+00:00,"),
    ],
)
async def test_documents_come_in_every_format(
    web: Client, recorded: Recorded, address: str, media_type: str, beginning: str
) -> None:
    await open_incident(web, recorded)
    answer = await web.get(f"/incidents/INC-1/{address}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.text.startswith(beginning)
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_documents_and_the_api_agree(web: Client, recorded: Recorded) -> None:
    await open_incident(web, recorded)
    lines = (await web.get("/incidents/INC-1/timeline.json")).json()
    assert (await web.get("/api/v1/incidents/INC-1/timeline")).json() == lines
    rows = list(csv.DictReader(io.StringIO((await web.get("/incidents/INC-1/timeline.csv")).text)))
    assert [row["seq"] for row in rows] == [str(line["seq"]) for line in lines]
    (listed,) = (await web.get("/api/v1/incidents?status=open")).json()
    assert (listed["key"], listed["status"]) == ("INC-1", "open")
    assert (await web.get("/api/v1/incidents/INC-1")).json()["title"] == listed["title"]
    assert (await web.get("/api/v1/incidents?status=resolved")).json() == []
    assert (await web.get("/api/v1/incidents?status=odd")).status_code == 422


@pytest.mark.parametrize(
    "address", ["/incidents/{}", "/incidents/{}/postmortem", "/incidents/{}/postmortem.md",
                "/incidents/{}/timeline.csv", "/api/v1/incidents/{}", "/api/v1/incidents/{}/timeline"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("INC-7", "There is no incident INC-7."),
        ("0", "There is no incident INC-0."),
        ("nonsense", "“nonsense” is not an incident; they are called INC-1, INC-2 …"),
        ("INC-" + "9" * 50, "is not an incident"),
    ],
)
async def test_an_unknown_incident_is_not_found_in_a_sentence(
    web: Client, address: str, key: str, sentence: str
) -> None:
    answer = await web.get(address.format(key))
    assert answer.status_code == 404
    assert sentence in said(answer)


async def test_a_browser_gets_the_sentence_as_a_page(web: Client) -> None:
    answer = await web.get("/incidents/INC-7", headers={"accept": "text/html,*/*"})
    assert answer.status_code == 404
    assert "<h1>There is no incident INC-7.</h1>" in answer.text


@pytest.mark.parametrize("address", ["postmortem.pdf", "postmortem.exe", "timeline.xml"])
async def test_an_unknown_format_is_told_the_known_ones(web: Client, recorded: Recorded, address: str) -> None:
    await open_incident(web, recorded)
    answer = await web.get(f"/incidents/INC-1/{address}")
    assert answer.status_code == 404
    assert "json" in said(answer)


async def test_hostile_text_stays_text_on_every_page(web: Client, service: Service) -> None:
    alert = {
        "status": "firing", "startsAt": "2026-11-21T03:00:00Z", "annotations": {"summary": HOSTILE},
        "labels": {"alertname": HOSTILE, "service": HOSTILE}, "generatorURL": "javascript:alert(1)",
    }  # fmt: skip
    await web.post("/alerts/alertmanager", content=msgspec.json.encode({"alerts": [alert]}), headers=BEARER)
    await service.declare(Declaration(title=HOSTILE, service="s"), by="U0ANA", team_id="T1")
    await service.handle(1, AddNote(text=HOSTILE), by=HOSTILE)
    key = f"/incidents/{HOSTILE}"
    addresses = ["/incidents", "/incidents/1", "/incidents/2", "/incidents/1/postmortem", "/docs", key]
    for address in addresses:
        page = await web.get(address, headers={"accept": "text/html"})
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert 'href="javascript:' not in page.text
        if page.headers["content-type"].startswith("text/html"):
            assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_the_apis_page_lists_every_operation_and_loads_nothing_from_elsewhere(web: Client) -> None:
    page = (await web.get("/docs")).text
    description = (await web.get("/openapi.json")).json()
    for path, methods in description["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in page
    for loading in ("<script", "<link", "src=", "http://", "https://", "@import"):
        assert loading not in page
    assert (await web.get("/redoc")).status_code == 404
