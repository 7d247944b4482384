"""The alerts of an incident, on its page and as JSON: counted, with links to their sources, and nobody's data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from bot.alerts.alert import Alert
from bot.incidents.triage import Triage
from bot.service import Service
from bot.web.page import draw
from tests.integration.web.conftest import Client

BEGAN = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)


def alert(fingerprint: str, *, name: str = "ModelRecallDrop", url: str = "https://alerts.example/1") -> Alert:
    return Alert(
        source="alertmanager", fingerprint=fingerprint, status="firing", name=name, starts_at=BEGAN, url=url,
        labels={"service": "fraud", "severity": "critical", "failure_mode": "performance", "of": "ana@example.com"},
    )  # fmt: skip


async def test_the_api_lists_what_fires_first_with_count_and_source(web: Client, service: Service) -> None:
    await service.take("alertmanager", [alert("a"), alert("b", name="RecallOfOneSlice")])
    await service.take("alertmanager", [alert("b", name="RecallOfOneSlice")])
    over = Alert(
        source="alertmanager", fingerprint="a", status="resolved", name="ModelRecallDrop", starts_at=BEGAN,
        ends_at=BEGAN + timedelta(minutes=5),
    )  # fmt: skip
    await service.take("alertmanager", [over])
    found = (await web.get("/api/v1/incidents/INC-1/alerts")).json()
    assert [(one["fingerprint"], one["status"], one["count"]) for one in found] == [
        ("b", "firing", 2),
        ("a", "resolved", 2),
    ]
    assert found[0]["url"] == "https://alerts.example/1"
    assert "ana@example.com" not in str(found)


async def test_the_page_shows_them_and_links_to_their_sources(web: Client, service: Service) -> None:
    hostile = alert("b", name="<script>alert(1)</script>", url="javascript:alert(1)")
    await service.take("alertmanager", [alert("a"), hostile])
    page = (await web.get("/incidents/INC-1")).text
    assert "2 in all, 2 firing" in page
    assert '<a href="https://alerts.example/1" rel="noreferrer">alertmanager</a>' in page
    assert "<script>" not in page
    assert "javascript:" not in page


async def test_the_page_tells_alerts_of_one_name_apart_and_says_since_when_they_fire(
    web: Client, service: Service
) -> None:
    pods = [
        replace(alert(name, name="ErrorRateHigh"), annotations={"summary": f"errors on {name}, says ben@example.com"})
        for name in ("pod-1", "pod-2")
    ]
    await service.take("alertmanager", pods)
    page = (await web.get("/incidents/INC-1")).text
    assert "errors on pod-1" in page
    assert "errors on pod-2" in page
    assert "ben@example.com" not in page
    assert f'<time datetime="{BEGAN.isoformat()}">11-21 03:05:00</time>' in page
    assert "errors on pod-2" in (await web.get("/api/v1/incidents/INC-1/alerts")).json()[0]["text"]


async def test_a_merged_incident_says_where_it_goes_on(web: Client, service: Service) -> None:
    await service.take("alertmanager", [alert("a")])
    cost = Alert(
        source="alertmanager", fingerprint="c", status="firing", name="CostHigh", starts_at=BEGAN,
        labels={"service": "fraud", "severity": "critical", "failure_mode": "cost"},
    )  # fmt: skip
    await service.take("alertmanager", [cost])
    await service.merging.merge(2, into=1, by="U0ANA")
    assert 'goes on as <a href="/incidents/INC-1">INC-1</a>' in (await web.get("/incidents/INC-2")).text
    assert [one["key"] for one in (await web.get("/api/v1/incidents?status=merged")).json()] == ["INC-2"]
    assert {one["name"] for one in (await web.get("/api/v1/incidents/INC-1/alerts")).json()} == {
        "ModelRecallDrop",
        "CostHigh",
    }


async def test_what_waits_for_somebody_is_called_as_in_slack(web: Client, service: Service) -> None:
    await service.take("alertmanager", [alert("a")])
    head = await service.incident(1)
    for waits, called in ((Triage(since=BEGAN), "announced"), (Triage(since=BEGAN, announced=False), "held back")):
        waiting = replace(head, status="triage", triage=waits)
        page = draw("incidents.html", incidents=[waiting], older=None, newest=True)
        assert f">{called}<" in page
        assert ">triage<" not in page


async def test_there_is_no_list_for_an_incident_that_is_not_there(web: Client) -> None:
    assert (await web.get("/api/v1/incidents/INC-9/alerts")).status_code == 404
