"""Addresses as people type them into their tools."""

from __future__ import annotations

import pytest

from tests.integration.web.conftest import BEARER, Client, Recorded, open_incident, said


@pytest.mark.parametrize("end", ["/", "//"])
async def test_a_slash_at_the_end_loses_no_alert_and_redirects_nobody(
    web: Client, recorded: Recorded, end: str
) -> None:
    answer = await web.post(f"/alerts/alertmanager{end}", content=recorded("1_"), headers=BEARER)
    assert (answer.status_code, answer.json()["incidents"]) == (202, ["INC-1"])
    answer = await web.post(f"/changes{end}", json={"service": "fraud-scorer"}, headers=BEARER)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1})
    assert (await web.get(f"/incidents{end}")).status_code == 200


async def test_the_intake_alone_is_no_source(web: Client) -> None:
    assert (await web.post("/alerts/", content="{}", headers=BEARER)).status_code == 404


async def test_one_incident_says_all_that_the_list_says_of_it(web: Client, recorded: Recorded) -> None:
    await open_incident(web, recorded)
    (listed,) = (await web.get("/api/v1/incidents")).json()
    one = (await web.get("/api/v1/incidents/INC-1")).json()
    assert one | listed == one | {"opened_at": listed["opened_at"]}
    assert (one["status"], one["key"], one["number"]) == ("open", "INC-1", 1)


async def test_an_incident_has_one_number_in_plain_digits(web: Client, recorded: Recorded) -> None:
    await open_incident(web, recorded)
    answer = await web.get("/api/v1/incidents/１")
    assert answer.status_code == 404
    assert "is not an incident" in said(answer)


@pytest.mark.parametrize("query", ["status=wrong", "limit=0", "limit=many"])
async def test_a_question_that_means_nothing_is_answered_with_a_sentence_and_for_browsers_with_a_page(
    web: Client, query: str
) -> None:
    answer = await web.get(f"/api/v1/incidents?{query}")
    assert answer.status_code == 422
    assert said(answer).startswith(f"`{query.partition('=')[0]}`: Input should be")
    page = await web.get(f"/api/v1/incidents?{query}", headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
