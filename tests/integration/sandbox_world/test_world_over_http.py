"""The addresses of the world, over real sockets."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.world import Alerting, deliver
from tests.integration.sandbox_world.conftest import Served, serving

RECALL = 'ml_eval_metric{service="fraud-scorer",metric="recall",dataset="live"}'


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_queries_are_answered_as_prometheus_does(served: Served, method: str) -> None:
    if method == "GET":
        answer = await served.client.get("/api/v1/query", params={"query": RECALL})
    else:
        answer = await served.client.post("/api/v1/query", data={"query": RECALL})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    (row,) = answer.json()["data"]["result"]
    assert row["metric"]["version"] == "42"
    assert row["value"][0] == served.world.now()


async def test_a_range_of_a_week_is_answered(served: Served) -> None:
    now = served.world.now()
    span = {"start": f"{now - 7 * 86400:.3f}", "end": f"{now:.3f}", "step": "605"}
    answer = await served.client.get("/api/v1/query_range", params={"query": RECALL} | span)
    versions = {row["metric"]["version"]: len(row["values"]) for row in answer.json()["data"]["result"]}
    assert set(versions) == {"40", "41", "42"}
    assert versions["41"] > 300


async def test_a_wrong_query_is_bad_data(served: Served) -> None:
    answer = await served.client.get("/api/v1/query", params={"query": "ml_eval_metric{"})
    assert answer.status_code == 400
    assert answer.json()["errorType"] == "bad_data"


async def test_it_looks_like_a_metrics_server_to_a_health_check(served: Served) -> None:
    assert (await served.client.get("/-/healthy")).status_code == 200
    assert "synthetic" in (await served.client.get("/api/v1/status/buildinfo")).json()["data"]["version"]


async def test_a_flag_is_read_set_and_put_back(served: Served) -> None:
    before = await served.client.get("/flags/fraud-model", params={"environment": "production"})
    reading = before.json()
    assert (reading["value"], reading["percentages"]) == ("42", {"42": 100.0})
    assert before.headers["etag"] == f'"{reading["version"]}"'
    written = await served.client.put("/flags/fraud-model", json={"value": "41", "environment": "production"})
    assert (written.status_code, written.json()["value"]) == (200, "41")
    back = await served.client.put("/flags/fraud-model", json=reading)
    assert back.json()["percentages"] == {"42": 100.0}
    assert back.json()["version"] == reading["version"] + 2


async def test_a_flag_that_was_changed_meanwhile_is_not_written(served: Served) -> None:
    etag = (await served.client.get("/flags/fraud-model")).headers["etag"]
    await served.client.put("/flags/fraud-model", json={"value": "40"}, headers={"if-match": etag})
    late = await served.client.put("/flags/fraud-model", json={"value": "41"}, headers={"if-match": etag})
    assert late.status_code == 412
    assert "changed meanwhile" in late.json()["error"]
    assert (await served.client.get("/flags/fraud-model")).json()["value"] == "40"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/flags/other", '{"value": "41"}', 404),
        ("/flags/fraud-model", '{"value": "41", "environment": "moon"}', 404),
        ("/flags/fraud-model", '{"value": "99"}', 422),
        ("/flags/fraud-model", "{}", 422),
        ("/flags/fraud-model", '{"value": 41}', 400),
        ("/flags/fraud-model", "{", 400),
    ],
)
async def test_what_cannot_be_set_is_refused_and_changes_nothing(
    served: Served, path: str, body: str, status: int
) -> None:
    answer = await served.client.put(path, content=body)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert served.world.flag("production").value == "42"


@pytest.mark.parametrize("scenario", ["feature-feed-break"])
async def test_a_switch_is_a_flag_of_production_like_the_model_s(served: Served) -> None:
    before = await served.client.get("/flags/device-feed", params={"environment": "production"})
    assert (before.json()["value"], before.json()["percentages"]) == ("vendor", {"vendor": 100.0})
    etag = before.headers["etag"]
    written = await served.client.put("/flags/device-feed", json={"value": "snapshot"}, headers={"if-match": etag})
    assert (written.status_code, written.json()["value"]) == (200, "snapshot")
    late = await served.client.put("/flags/device-feed", json={"value": "vendor"}, headers={"if-match": etag})
    assert late.status_code == 412
    unknown = await served.client.put("/flags/device-feed", json={"value": "moon"})
    assert (unknown.status_code, "there are vendor, snapshot" in unknown.json()["error"]) == (422, True)
    nowhere = await served.client.get("/flags/device-feed", params={"environment": "moon"})
    assert (nowhere.status_code, "device-feed in production and staging" in nowhere.json()["error"]) == (404, True)
    staging = await served.client.get("/flags/device-feed", params={"environment": "staging"})
    assert staging.json()["value"] == "vendor"
    assert served.world.flag("production", name="device-feed").value == "snapshot"
    assert served.world.flag("production").value == "42"


async def test_the_evaluator_refuses_in_words_what_it_does_not_have(served: Served) -> None:
    answer = await served.client.get("/evaluations", params={"service": "fraud-scorer", "a": "41", "b": "99"})
    assert answer.status_code == 400
    assert "there is no version '99'" in answer.json()["error"]
    assert (await served.client.get("/evaluations")).status_code == 400


async def test_versions_and_exposition_can_be_read(served: Served) -> None:
    versions = (await served.client.get("/versions/fraud-scorer")).json()["versions"]
    assert [found["version"] for found in versions] == ["42", "41", "40"]
    assert (await served.client.get("/versions/other")).status_code == 404
    text = (await served.client.get("/metrics")).text
    assert "# TYPE ml_predictions_total counter\n" in text
    assert 'ml_eval_metric{service="fraud-scorer",version="42",metric="recall",dataset="live"} 0.7' in text


class Receiver:
    """Stands where the bot will: away at first, then it takes what carries the right token."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._asked = 0
        self.taken: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    async def take(self, request: Request) -> Response:
        self._asked += 1
        if request.headers.get("authorization") != f"Bearer {self._token}":
            return Response(status_code=401)
        if self._asked == 1:
            return Response(status_code=503)
        await self.taken.put((request.url.path, await request.json()))
        return Response(status_code=202)

    def app(self) -> Starlette:
        paths = ("/changes", "/alerts/alertmanager")
        return Starlette(routes=[Route(path, self.take, methods=["POST"]) for path in paths])


async def test_the_release_and_the_alert_arrive_over_http(served: Served) -> None:
    token = secrets.token_hex()
    receiver = Receiver(token)

    async def sleep(seconds: float) -> None:
        served.clock.forward(seconds)
        await asyncio.sleep(0)

    async with serving(receiver.app()) as bot, httpx.AsyncClient(base_url=bot, trust_env=False) as client:
        alerting = Alerting(
            served.world,
            post_change=deliver(client, "/changes", token=token, sleep=sleep),
            post_alert=deliver(client, "/alerts/alertmanager", token=token, sleep=sleep),
            address=served.address,
        )
        await alerting.look()
    first, second = receiver.taken.get_nowait(), receiver.taken.get_nowait()
    assert (first[0], first[1]["version"]) == ("/changes", "42")
    assert (second[0], second[1]["status"]) == ("/alerts/alertmanager", "firing")
    assert second[1]["alerts"][0]["generatorURL"].startswith(served.address)
