"""``GET /changes`` and ``GET /api/v1/changes``."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import SteppedClock
from tests.integration.web.conftest import BEARER, Client, said


async def post(web: Client, clock: SteppedClock, *, hours: float, **values: str) -> None:
    at = (clock.now() - timedelta(hours=hours)).isoformat()
    body = {"service": "fraud-scorer", "version": "42", "at": at, **values}
    assert (await web.post("/changes", json=body, headers=BEARER)).status_code == 202


async def test_changes_are_listed_for_programs_the_last_one_first(web: Client, clock: SteppedClock) -> None:
    await post(web, clock, hours=5, previous="41", by="ana", url="https://ci.example/7", source="ci")
    await post(web, clock, hours=1, service="ranker", kind="flag", about="new-ranker", version="on")
    found = (await web.get("/api/v1/changes")).json()
    assert [one["service"] for one in found] == ["ranker", "fraud-scorer"]
    assert found[1] == {
        "at": (clock.now() - timedelta(hours=5)).isoformat(), "service": "fraud-scorer", "kind": "deploy",
        "version": "42", "previous": "41", "about": "", "by": "ana", "url": "https://ci.example/7", "source": "ci",
    }  # fmt: skip
    assert [one["version"] for one in (await web.get("/api/v1/changes?since=2h")).json()] == ["on"]
    assert [one["version"] for one in (await web.get("/api/v1/changes?service=fraud-scorer")).json()] == ["42"]


async def test_people_have_a_page_and_hostile_words_do_nothing_there(web: Client, clock: SteppedClock) -> None:
    assert "No change in the last 7d" in (await web.get("/changes")).text
    await post(web, clock, hours=1, by="<script>alert(1)</script>", url="javascript:alert(1)", previous="41")
    page = await web.get("/changes?service=fraud-scorer")
    assert page.status_code == 200
    assert "41 → 42" in page.text
    assert "<script>" not in page.text
    assert "javascript:" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("query", ["since=yesterday", "since=-1h", "since=99999d", "service=a%00b"])
async def test_a_question_that_makes_no_sense_is_answered_with_a_sentence(web: Client, query: str) -> None:
    for path in ("/changes", "/api/v1/changes"):
        answer = await web.get(f"{path}?{query}", headers={"accept": "application/json"})
        assert answer.status_code == 400
        assert said(answer)
