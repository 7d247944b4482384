"""Looking up who is on call, ringing, and being quiet: what the runner makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from bot.config.settings import Operation
from bot.connectors import Connectors
from bot.errors import SlackRefusal
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.rota import Rota
from bot.runbooks.steps.paging import Calling
from tests.unit.connectors.sources import setting
from tests.unit.incidents.story import BEN, CY, Story
from tests.unit.incidents.test_paging import a_story

ML = "oncall:ml-oncall"
Answer = Callable[[httpx.Request], httpx.Response]
ROTA = setting("http", name="rota", url="https://rota.test", operations={"now": Operation(method="GET", path="/now")})
PAGES = setting("pagerduty", name="pages", url="https://events.pagerduty.test")
PD = setting("pagerduty", name="pd", url="https://api.pagerduty.test")


class Slack:
    """Knows two people and one group."""

    def __init__(self, *, lacks: str = "") -> None:
        self._lacks = lacks

    async def group(self, group: str) -> tuple[str, ...]:
        if self._lacks:
            raise SlackRefusal("usergroups.users.list", self._lacks)
        return (BEN, CY) if group == "S1" else ()

    async def by_email(self, email: str) -> str | None:
        if self._lacks:
            raise SlackRefusal("users.lookupByEmail", self._lacks)
        return {"ben@example.com": BEN, "cy@example.com": CY}.get(email)


def calling(answer: Answer, *, slack: Slack | None = None) -> Calling:
    connectors = Connectors({"rota": ROTA, "pages": PAGES, "pd": PD}, transport=httpx.MockTransport(answer))
    return Calling(
        connectors=connectors, directory=slack or Slack(), installation="evenkeel", address="https://evenkeel.test/"
    )


def says(body: object, status: int = 200) -> Answer:
    return lambda _: httpx.Response(status, json=body)


async def seen(rota: Rota, answer: Answer, *, slack: Slack | None = None) -> ev.OnCallSeen:
    story = a_story(people={}, rotas={ML: rota}, page="never")
    (event,) = await calling(answer, slack=slack)(story.incident, Work(kind="oncall", step=ML))
    assert isinstance(event, ev.OnCallSeen)
    return event


@pytest.mark.parametrize(
    ("rota", "body", "people"),
    [
        (Rota(source="slack_group", name="S1"), {}, (BEN, CY)),
        (
            Rota(source="pagerduty", name="P1", connector="pd"),
            {"oncalls": [{"user": {"email": "ben@example.com"}}]},
            (BEN,),
        ),
        (Rota(source="http", name="rota.now", connector="rota"), [CY, "ben@example.com", "x@example.com"], (CY, BEN)),
    ],
)
async def test_people_are_found_wherever_they_stand(rota: Rota, body: object, people: tuple[str, ...]) -> None:
    assert await seen(rota, says(body)) == ev.OnCallSeen(who=ML, people=people)


@pytest.mark.parametrize(
    ("rota", "body", "status", "lacks", "because"),
    [
        (Rota(source="pagerduty", name="P1", connector="pd"), {}, 401, "", "pd does not let us in (401)"),
        (Rota(source="pagerduty", name="P1", connector="gone"), {}, 200, "", "add it under connectors"),
        (Rota(source="pagerduty", name="P1", connector="pd"), {"oncalls": []}, 200, "", "pd names nobody now"),
        (Rota(source="http", name="rota.now", connector="rota"), ["x@example.com"], 200, "", "nobody in Slack has"),
        (Rota(source="http", name="rota.now", connector="rota"), {"a": 1}, 200, "", "rota names nobody now"),
        (Rota(source="slack_group", name="S9"), {}, 200, "", "the Slack group names nobody now"),
        (Rota(source="slack_group", name="S1"), {}, 200, "missing_scope", "lacks usergroups:read"),
        (Rota(source="slack_group", name="S1"), {}, 200, "no_such_subteam", "Slack knows no such user group"),
        (
            Rota(source="http", name="rota.now", connector="rota"), ["ben@example.com"], 200, "missing_scope",
            "lacks users:read.email",
        ),
    ],
)  # fmt: skip
async def test_what_cannot_be_told_has_a_reason_and_no_address_in_it(
    rota: Rota, body: object, status: int, lacks: str, because: str
) -> None:
    event = await seen(rota, says(body, status), slack=Slack(lacks=lacks))
    assert event.people == ()
    assert because in event.because
    assert "@" not in event.because


# --- ringing --------------------------------------------------------------------------------------------------------

KEY = "approval:rollback:1:0:1:pages"


@pytest.fixture(name="story")
def _story() -> Story:
    story = a_story(rotas={ML: Rota(pager="pages")}, page="never")
    story.requested()
    return story


async def test_a_page_carries_installation_incident_step_attempt_and_level(story: Story) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(202, json={"status": "success"})

    work = Work(kind="page", step=KEY)
    (event,) = await calling(answer)(story.incident, work)
    assert event == ev.Paged(what="approval", step="rollback", attempt=1, how="pages", to=(BEN,), names=(ML,))
    (again,) = await calling(answer)(story.incident, work)
    assert again == event
    bodies = [json.loads(request.content) for request in asked]
    assert {body["dedup_key"] for body in bodies} == {"evenkeel/INC-1/approval/rollback/1/0"}
    assert bodies[0]["payload"]["summary"] == "SEV2 fraud-scorer: rollback to v41 needs a yes (INC-1)"
    assert bodies[0]["links"][0]["href"] == "https://evenkeel.test/incidents/INC-1"


async def test_a_pager_that_is_away_is_an_event_with_its_reason(story: Story) -> None:
    (event,) = await calling(says({}, 503))(story.incident, Work(kind="page", step=KEY))
    assert isinstance(event, ev.Paged)
    assert event.because == "pages has a fault of its own (503)"


async def test_nobody_is_rung_for_what_was_decided_meanwhile(story: Story) -> None:
    asked: list[httpx.Request] = []
    story.ask(cmd.Approve(step="rollback", attempt=1), by=BEN)
    for kind in ("page", "hush"):
        assert await calling(lambda r: asked.append(r) or httpx.Response(202))(story.incident, Work(kind, KEY)) == ()  # type: ignore[func-returns-value]
    assert asked == []


async def test_what_rang_is_quieted_under_the_same_key(story: Story) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(202, json={})

    story.report(ev.Paged(what="approval", step="rollback", attempt=1, how="pages", to=(BEN,)))
    story.ask(cmd.Approve(step="rollback", attempt=1), by=BEN)
    (event,) = await calling(answer)(story.incident, Work(kind="hush", step=KEY))
    assert event == ev.PagerQuieted(what="approval", step="rollback", attempt=1, how="pages", outcome="resolved")
    body = json.loads(asked[0].content)
    assert (body["event_action"], body["dedup_key"]) == ("resolve", "evenkeel/INC-1/approval/rollback/1/0")
