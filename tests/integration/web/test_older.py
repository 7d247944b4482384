"""Lists go further back than their first page: ``before``, ``limit``, ``Link``, and “Older” for people."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from bot.clock import SteppedClock
from bot.service import Declaration, Service, listings
from tests.integration.web.conftest import BEARER, Client


async def declare(service: Service, count: int) -> None:
    for number in range(1, count + 1):
        await service.declare(Declaration(title=f"trouble {number}", service="fraud"), by="U0ANA", team_id="T1")


async def change(web: Client, clock: SteppedClock, version: str, *, hours: float, service: str = "fraud") -> None:
    at = (clock.now() - timedelta(hours=hours)).isoformat()
    body = {"service": service, "version": version, "at": at}
    assert (await web.post("/changes", json=body, headers=BEARER)).status_code == 202


async def pages(web: Client, address: str, key: str) -> list[list[str]]:
    """What each page holds, followed by its ``Link``."""
    found = []
    while address:
        answer = await web.get(address)
        assert answer.status_code == 200
        found.append([row[key] for row in answer.json()])
        link = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("link", ""))
        address = link[1] if link else ""
    return found


async def test_programs_follow_the_link_to_the_very_first_incident(web: Client, service: Service) -> None:
    await declare(service, 5)
    assert await pages(web, "/api/v1/incidents?limit=2&status=open", "key") == [
        ["INC-5", "INC-4"], ["INC-3", "INC-2"], ["INC-1"],
    ]  # fmt: skip
    assert await pages(web, "/api/v1/incidents?limit=5", "key") == [["INC-5", "INC-4", "INC-3", "INC-2", "INC-1"]]
    assert [one["key"] for one in (await web.get("/api/v1/incidents?before=INC-2")).json()] == ["INC-1"]
    assert (await web.get("/api/v1/incidents?before=1")).json() == []


async def test_people_press_older_until_there_is_nothing_older(
    web: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await declare(service, 3)
    monkeypatch.setattr(listings, "MOST_INCIDENTS", 2)
    newest = (await web.get("/incidents")).text
    assert 'href="/incidents?before=INC-2">Older' in newest
    assert ">Newest<" not in newest
    older = (await web.get("/incidents?before=INC-2")).text
    assert 'href="/incidents/INC-1"' in older
    assert (">Older<" in older, ">Newest<" in older) == (False, True)
    assert "No incident is older than that" in (await web.get("/incidents?before=INC-1")).text


async def test_changes_of_one_second_are_listed_once_each_however_small_the_pages(
    web: Client, clock: SteppedClock
) -> None:
    for version in ("1", "2", "3"):
        await change(web, clock, version, hours=2)
    await change(web, clock, "4", hours=1)
    await change(web, clock, "0", hours=3)
    await change(web, clock, "x", hours=1, service="ranker")
    address = "/api/v1/changes?limit=2&service=fraud"
    assert await pages(web, address, "version") == [["4", "3"], ["2", "1"], ["0"]]
    assert await pages(web, f"{address}&since=150m", "version") == [["4", "3"], ["2", "1"]]


async def test_people_find_older_changes_and_those_of_a_longer_time(
    web: Client, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("1", "2", "3"):
        await change(web, clock, version, hours=int(version), service="a&b")
    newest = (await web.get("/changes?service=a%26b")).text
    assert ">Older<" not in newest
    assert 'href="/changes?since=30d&amp;service=a%26b">Last 30d' in newest
    monkeypatch.setattr(listings, "MOST_CHANGES", 2)
    link = re.search(r'rel="next" href="(.+?)">Older<', (await web.get("/changes?service=a%26b")).text)
    assert link is not None
    older = await web.get(html.unescape(link[1]))
    assert ("<td>1</td>" in older.text, ">Older<" in older.text, ">Newest<" in older.text) == (False, False, True)
    assert "<td>3</td>" in older.text
    assert "No change is older than that" in (await web.get("/changes?before=1&since=30m")).text


@pytest.mark.parametrize(
    "address",
    ["/api/v1/incidents?before=yesterday", "/api/v1/incidents?limit=0", "/api/v1/incidents?limit=201",
     "/incidents?before=%00", "/api/v1/changes?before=x", "/api/v1/changes?limit=501", "/changes?before=0"],
)  # fmt: skip
async def test_a_page_that_cannot_be_is_answered_with_a_sentence(web: Client, address: str) -> None:
    answer = await web.get(address, headers={"accept": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]
