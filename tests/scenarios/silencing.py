"""An Alertmanager as far as silences go: what is silent, by whose word, and what fires."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Silenceable:
    """``firing`` are the labels of the alerts that fire; ``silences`` by id, as the API shows them.

    So many silences are made and not answered as ``loses_answers`` says.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.firing: list[dict[str, str]] = []
        self.silences: dict[str, dict[str, Any]] = {}
        self.loses_answers = 0
        self.app = Starlette(
            routes=[
                Route("/api/v2/silences", self._list, methods=["GET"]),
                Route("/api/v2/silences", self._make, methods=["POST"]),
                Route("/api/v2/silence/{id}", self._expire, methods=["DELETE"]),
                Route("/api/v2/alerts", self._alerts, methods=["GET"]),
            ]
        )

    def in_force(self) -> list[dict[str, Any]]:
        """The silences that count now."""
        return [one for one in self.silences.values() if self._state(one) == "active"]

    def silent(self, labels: dict[str, str]) -> bool:
        """Whether an alert with these labels would tell nobody."""
        return any(all(_fits(matcher, labels) for matcher in one["matchers"]) for one in self.in_force())

    def _state(self, silence: dict[str, Any]) -> str:
        return "active" if datetime.fromisoformat(silence["endsAt"]) > self._now() else "expired"

    async def _list(self, _: Request) -> Response:
        return JSONResponse([one | {"status": {"state": self._state(one)}} for one in self.silences.values()])

    async def _make(self, request: Request) -> Response:
        sent = await request.json()
        if not any(matcher["value"] for matcher in sent["matchers"]):
            return JSONResponse("at least one matcher must not match the empty string", 400)
        found = str(uuid.uuid4())
        self.silences[found] = {"id": found, **sent}
        if self.loses_answers:
            self.loses_answers -= 1
            return JSONResponse("the answer was lost on its way", 502)
        return JSONResponse({"silenceID": found})

    async def _expire(self, request: Request) -> Response:
        self.silences[request.path_params["id"]]["endsAt"] = self._now().isoformat()
        return Response()

    async def _alerts(self, _: Request) -> Response:
        return JSONResponse([{"labels": labels} for labels in self.firing])


def _fits(matcher: dict[str, Any], labels: dict[str, str]) -> bool:
    return bool(matcher["isEqual"] and not matcher["isRegex"] and labels.get(matcher["name"], "") == matcher["value"])
