"""Real servers' recorded answers, given again to the same calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

FIXTURES = Path(__file__).parents[2] / "fixtures" / "connectors"


def calls(name: str) -> list[dict[str, Any]]:
    """The calls of a fixture file, in the order in which they were made."""
    found: list[dict[str, Any]] = json.loads((FIXTURES / f"{name}.json").read_text())
    return found


class Replay:
    """Answers each call with what the server answered to it, in the order of the recording; notes what was asked.

    The last answer that was recorded for a call is given again for as long as it is asked.
    """

    def __init__(self, recorded: list[dict[str, Any]]) -> None:
        self.asked: list[httpx.Request] = []
        self._answers: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        for call in recorded:
            self._answers.setdefault(_key(call), []).append(call)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The recorded answer; a call that was not recorded is a 599."""
        self.asked.append(request)
        body = request.content.decode()
        left = self._answers.get((request.method, request.url.raw_path.decode(), _sorted(body)), [])
        if not left:
            return httpx.Response(599, json={"message": f"not recorded: {request.method} {request.url} {body}"})
        answer = left.pop(0) if len(left) > 1 else left[0]
        told = answer["response"]
        return httpx.Response(
            answer["status"], text=told if isinstance(told, str) else json.dumps(told),
            headers={"content-type": "application/json", **answer.get("headers", {})},
        )  # fmt: skip


def _key(call: dict[str, Any]) -> tuple[str, str, str]:
    address = urlsplit(call.get("url") or call["path"])
    path = address.path + (f"?{address.query}" if address.query else "")
    body = "" if call["method"] == "GET" or call["request"] is None else json.dumps(call["request"])
    return call["method"], path, _sorted(body)


def _sorted(body: str) -> str:
    return json.dumps(json.loads(body), sort_keys=True) if body else ""
