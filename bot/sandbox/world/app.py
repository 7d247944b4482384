"""The world over HTTP: a metrics server, the flags, the evaluator and the versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.world.evaluations import EvaluationRequest
from bot.sandbox.world.exposition import exposition
from bot.sandbox.world.flags import FlagReading, places
from bot.sandbox.world.promql.answers import Answer, instant_query, range_query
from bot.sandbox.world.registry import registry
from bot.sandbox.world.scenarios import ENVIRONMENTS, Environment
from bot.sandbox.world.world import Conflict, World

BUILD = {"version": "2.42.0-synthetic", "revision": "", "branch": "", "goVersion": ""}


def world_app(world: World) -> Starlette:
    """The application that shows ``world``; it keeps nothing of its own."""
    api = _WorldApi(world)
    return Starlette(
        routes=[
            Route("/api/v1/query", api.query, methods=["GET", "POST"]),
            Route("/api/v1/query_range", api.query_range, methods=["GET", "POST"]),
            Route("/api/v1/status/buildinfo", api.build),
            Route("/-/healthy", api.healthy),
            Route("/flags/{flag}", api.read_flag, methods=["GET"]),
            Route("/flags/{flag}", api.write_flag, methods=["PUT"]),
            Route("/evaluations", api.evaluations),
            Route("/versions/{service}", api.versions),
            Route("/metrics", api.metrics),
        ]
    )


class FlagWrite(msgspec.Struct, frozen=True):
    """The body of a ``PUT``: one option for everybody, or percentages. A reading may be sent back as it came;
    ``percentages`` win over ``value`` then."""

    environment: str = "production"
    value: str | None = None
    percentages: dict[str, float] | None = None


class _WorldApi:
    def __init__(self, world: World) -> None:
        self._world = world

    async def query(self, request: Request) -> Response:
        return _answer(instant_query(await _parameters(request), self._world, now=self._world.now()))

    async def query_range(self, request: Request) -> Response:
        return _answer(range_query(await _parameters(request), self._world))

    async def build(self, _: Request) -> Response:
        return _answer((200, {"status": "success", "data": BUILD}))

    async def healthy(self, _: Request) -> Response:
        return PlainTextResponse("Prometheus Server is Healthy.\n")

    async def read_flag(self, request: Request) -> Response:
        environment = _environment(request.query_params.get("environment", "production"))
        name = request.path_params["flag"]
        if environment not in places(self._world.scenario, name):
            return _no_such_flag(self._world)
        return _flag(self._world.flag(environment, name=name))

    async def write_flag(self, request: Request) -> Response:
        try:
            wanted = msgspec.json.decode(await request.body(), type=FlagWrite)
            if_version = _if_match(request)
        except (msgspec.DecodeError, ValueError) as problem:
            return _json(400, {"error": f"the request cannot be read: {problem}"})
        environment = _environment(wanted.environment)
        name = request.path_params["flag"]
        if environment not in places(self._world.scenario, name):
            return _no_such_flag(self._world)
        percentages = wanted.percentages or ({wanted.value: 100.0} if wanted.value is not None else {})
        try:
            return _flag(self._world.set_flag(environment, percentages, if_version=if_version, name=name))
        except Conflict as problem:
            return _json(412, {"error": str(problem)})
        except ValueError as problem:
            return _json(422, {"error": str(problem)})

    async def evaluations(self, request: Request) -> Response:
        asked: dict[str, Any] = dict(request.query_params)
        asked["slices"] = tuple(name for name in asked.get("slices", "").split(",") if name)
        try:
            return _json(200, self._world.evaluate(msgspec.convert(asked, EvaluationRequest)))
        except ValueError as problem:
            return _json(400, {"error": str(problem)})

    async def versions(self, request: Request) -> Response:
        scenario = self._world.scenario
        if request.path_params["service"] != scenario.service:
            return _json(404, {"error": f"there is no such service; there is {scenario.service}"})
        found = registry(scenario, started=self._world.state.started)
        return _json(200, {"service": scenario.service, "versions": found, "synthetic": True})

    async def metrics(self, _: Request) -> Response:
        return PlainTextResponse(exposition(self._world), media_type="text/plain; version=0.0.4")


async def _parameters(request: Request) -> Mapping[str, str]:
    """The query's parameters, from the address and, for a POST, from the form in its body."""
    found = dict(request.query_params)
    if request.method == "POST":
        found |= dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
    return found


def _environment(name: str) -> Environment | None:
    return next((environment for environment in ENVIRONMENTS if environment == name), None)


def _if_match(request: Request) -> int | None:
    written = request.headers.get("if-match", "*").strip().strip('"')
    return None if written == "*" else int(written)


def _no_such_flag(world: World) -> Response:
    names = (world.scenario.flag, *(switch.name for switch in world.scenario.switches))
    known = "; ".join(f"there is {name} in {' and '.join(places(world.scenario, name))}" for name in names)
    return _json(404, {"error": f"there is no such flag; {known}"})


def _flag(reading: FlagReading) -> Response:
    return _json(200, reading, headers={"etag": f'"{reading.version}"'})


def _answer(answer: Answer) -> Response:
    status, body = answer
    return _json(status, body)


def _json(status: int, body: Any, *, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        msgspec.json.encode(body), status_code=status, media_type="application/json", headers=dict(headers or {})
    )
