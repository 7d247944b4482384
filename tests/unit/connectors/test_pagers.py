"""What rings, and who is on call: PagerDuty, Opsgenie and any HTTP service, by the answers that they give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.config.secret import Secret
from bot.config.settings import Operation
from bot.connectors import NotConnected, Page, SourceRefused, SourceUnavailable
from tests.unit.connectors.sources import Handler, connected, setting

FIXTURES = Path(__file__).parents[2] / "fixtures" / "pagers"
KEY = "evenkeel/INC-1/approval/rollback/1/0"
PAGE = Page(
    key=KEY, summary="SEV2 fraud-scorer: rollback to v41 needs a yes (INC-1)", incident="INC-1",
    service="fraud-scorer", severity="SEV2", link="https://evenkeel.example/incidents/INC-1",
)  # fmt: skip
PAGERDUTY = setting("pagerduty", name="pagerduty", url="https://api.pagerduty.test", token=Secret("k3y"))
OPSGENIE = setting("opsgenie", name="opsgenie", url="https://api.opsgenie.test", token=Secret("k3y"))
BELL = setting(
    "http",
    name="bell",
    operations={
        "ring": Operation(method="POST", path="ring/{{ incident }}"),
        "resolve": Operation(method="DELETE", path="ring", query={"key": "{{ key }}"}),
    },
)


def recorded(name: str, seen: list[httpx.Request], status: int = 200) -> Handler:
    """Answers what was recorded."""

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        body = (FIXTURES / f"{name}.json").read_bytes()
        return httpx.Response(status, content=body, headers={"content-type": "application/json"})

    return handler


def body(request: httpx.Request) -> Any:
    return json.loads(request.content)


# --- PagerDuty ------------------------------------------------------------------------------------------------------


async def test_pagerduty_is_rung_by_an_event_that_carries_the_page_s_key() -> None:
    seen: list[httpx.Request] = []
    await connected(recorded("pagerduty_accepted", seen, 202), pages=PAGERDUTY).pager("pages").page(PAGE)
    assert (seen[0].method, seen[0].url.path) == ("POST", "/v2/enqueue")
    assert body(seen[0]) == {
        "routing_key": "k3y", "event_action": "trigger", "dedup_key": KEY,
        "payload": {"summary": PAGE.summary, "source": "fraud-scorer", "severity": "critical",
                    "component": "fraud-scorer", "group": "INC-1"},
        "links": [{"href": PAGE.link, "text": "INC-1"}],
    }  # fmt: skip


@pytest.mark.parametrize(("resolved", "action"), [(True, "resolve"), (False, "acknowledge")])
async def test_pagerduty_is_quieted_under_the_same_key(resolved: bool, action: str) -> None:
    seen: list[httpx.Request] = []
    pager = connected(recorded("pagerduty_accepted", seen, 202), pages=PAGERDUTY).pager("pages")
    await pager.quiet(KEY, resolved=resolved)
    assert body(seen[0]) == {"routing_key": "k3y", "event_action": action, "dedup_key": KEY}


async def test_pagerduty_says_why_it_takes_no_event_and_the_key_is_in_no_text() -> None:
    pager = connected(recorded("pagerduty_invalid", [], 400), pages=PAGERDUTY).pager("pages")
    with pytest.raises(SourceRefused, match=r"pages refused .400.: Event object is invalid") as error:
        await pager.page(PAGE)
    assert "k3y" not in str(error.value)


async def test_pagerduty_names_who_is_on_call_by_a_schedule_each_once() -> None:
    seen: list[httpx.Request] = []
    schedules = connected(recorded("pagerduty_oncalls", seen), pd=PAGERDUTY).schedules("pd")
    assert await schedules.on_call("PI7DH85") == ("dee@example.com", "ben@example.com")
    assert seen[0].url.path == "/oncalls"
    assert dict(seen[0].url.params)["schedule_ids[]"] == "PI7DH85"
    assert seen[0].headers["authorization"] == "Token token=k3y"
    assert seen[0].headers["accept"] == "application/vnd.pagerduty+json;version=2"


async def test_of_an_escalation_policy_the_first_level_is_on_call() -> None:
    seen: list[httpx.Request] = []
    schedules = connected(recorded("pagerduty_oncalls", seen), pd=PAGERDUTY).schedules("pd")
    assert await schedules.on_call("policy:PT20YPA") == ("ben@example.com",)
    assert dict(seen[0].url.params)["escalation_policy_ids[]"] == "PT20YPA"


# --- Opsgenie -------------------------------------------------------------------------------------------------------


async def test_opsgenie_is_rung_by_an_alert_whose_alias_is_the_page_s_key() -> None:
    seen: list[httpx.Request] = []
    await connected(recorded("opsgenie_accepted", seen, 202), pages=OPSGENIE).pager("pages").page(PAGE)
    assert (seen[0].url.path, seen[0].headers["authorization"]) == ("/v2/alerts", "GenieKey k3y")
    assert body(seen[0]) == {
        "message": PAGE.summary, "description": PAGE.summary, "alias": KEY, "priority": "P2",
        "entity": "fraud-scorer", "source": "evenkeel", "details": {"incident": "INC-1", "link": PAGE.link},
    }  # fmt: skip


@pytest.mark.parametrize(("resolved", "act"), [(True, "close"), (False, "acknowledge")])
async def test_opsgenie_is_quieted_by_the_alias(resolved: bool, act: str) -> None:
    seen: list[httpx.Request] = []
    pager = connected(recorded("opsgenie_accepted", seen, 202), pages=OPSGENIE).pager("pages")
    await pager.quiet(KEY, resolved=resolved)
    written = seen[0].url.raw_path.decode()
    assert written == f"/v2/alerts/{KEY.replace('/', '%2F')}/{act}?identifierType=alias"


async def test_an_alert_that_opsgenie_no_longer_has_is_quiet() -> None:
    await connected(recorded("opsgenie_unknown", [], 404), pages=OPSGENIE).pager("pages").quiet(KEY, resolved=True)


@pytest.mark.parametrize(
    ("schedule", "kind"), [("ML nights", "name"), ("d875e654-9b4e-4219-a803-0c26936d18de", "id")]
)
async def test_opsgenie_names_who_is_on_call_by_a_schedule_s_name_or_id(schedule: str, kind: str) -> None:
    seen: list[httpx.Request] = []
    schedules = connected(recorded("opsgenie_on_calls", seen), og=OPSGENIE).schedules("og")
    assert await schedules.on_call(schedule) == ("ben@example.com", "dee@example.com")
    assert seen[0].url.path == f"/v2/schedules/{schedule}/on-calls"
    assert dict(seen[0].url.params) == {"scheduleIdentifierType": kind, "flat": "true"}


async def test_an_answer_in_another_format_is_told() -> None:
    schedules = connected(recorded("pagerduty_accepted", []), og=OPSGENIE).schedules("og")
    with pytest.raises(SourceUnavailable, match="not the format of Opsgenie's on-calls"):
        await schedules.on_call("x")


# --- any HTTP service -----------------------------------------------------------------------------------------------


async def test_an_http_service_rings_by_its_operation_with_what_a_page_says() -> None:
    seen: list[httpx.Request] = []
    pager = connected(recorded("opsgenie_accepted", seen), bell=BELL).pager("bell.ring")
    await pager.page(PAGE)
    assert (seen[0].method, seen[0].url.path) == ("POST", "/base/ring/INC-1")
    assert body(seen[0])["key"] == KEY
    assert set(body(seen[0])) == {"key", "summary", "incident", "service", "severity", "link"}


async def test_it_is_quieted_by_the_operations_it_has_and_never_rung_instead() -> None:
    seen: list[httpx.Request] = []
    pager = connected(recorded("opsgenie_accepted", seen), bell=BELL).pager("bell.ring")
    await pager.quiet(KEY, resolved=False)
    assert seen == [], "it has no operation 'acknowledge'"
    await pager.quiet(KEY, resolved=True)
    assert (seen[0].method, dict(seen[0].url.params)) == ("DELETE", {"key": KEY})


@pytest.mark.parametrize("name", ["nobody", "bell", "bell.whistle", "metrics"])
def test_what_cannot_ring_is_said_with_what_to_do(name: str) -> None:
    connectors = connected(recorded("opsgenie_accepted", []), bell=BELL, metrics=setting("prometheus"))
    with pytest.raises(NotConnected, match=r"evenkeel\.yaml"):
        connectors.pager(name)
