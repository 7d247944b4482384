"""The recorded sources, in place of the network: what was recorded is answered, what is written is noted.

Every connector keeps speaking its own protocol; only the exchange of one request for one response is replaced. What
the first fitting record says is answered. A state that an action wrote is what is read from the same address after.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote

import httpx
import msgspec

from bot.config.settings import Connector
from bot.replay.recording import Answer

#: Every connector of a replay lies below this address, by its name; nothing there exists.
ADDRESS = "http://replay.invalid"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request: to which connector, how, for what, and with which body."""

    source: str
    method: str
    what: str
    body: Any = None


def recorded_connectors(connectors: Mapping[str, Connector]) -> dict[str, Connector]:
    """The same connectors with addresses that only ``RecordedSources`` knows, and without their secrets."""
    return {
        name: msgspec.structs.replace(one, url=f"{ADDRESS}/{name}", token=None, headers={})
        for name, one in connectors.items()
    }


class RecordedSources(httpx.AsyncBaseTransport):
    """Answers with ``answers`` (by connector). ``serves`` are the queries that ask for traffic by version."""

    def __init__(
        self,
        answers: Mapping[str, Sequence[Answer]],
        *,
        serves: Collection[str],
        traffic: Callable[[], tuple[tuple[dict[str, str], float], ...] | None],
        carried_out: Callable[[str], bool],
        passed: Callable[[], float],
    ) -> None:
        """``traffic`` is what serves now, ``carried_out`` whether a step's action was, ``passed`` seconds so far."""
        self._answers = answers
        self._serves = {_plain(query) for query in serves}
        self._traffic = traffic
        self._carried_out = carried_out
        self._passed = passed
        self._state: dict[str, Any] = {}
        self.written: list[Asked] = []
        self.unanswered: dict[str, Asked] = {}
        self.used: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One response, at once."""
        asked = _asked(request)
        answer = self._fitting(asked)
        if answer is not None and answer.status != 200:
            return httpx.Response(answer.status, json={"error": "as recorded"})
        if request.method not in ("GET", "HEAD") and not _is_question(request):
            return self._write(asked, answer)
        if "/api/v1/query" in request.url.path:
            return self._prometheus(request, asked, answer)
        if request.url.path.endswith("/render"):
            return self._graphite(request, asked, answer)
        state = self._state.get(f"{asked.source} {request.url.path}")
        if answer is not None and answer.body is not None and (answer.after is not None or state is None):
            return httpx.Response(200, json=answer.body)
        if state is not None:
            return httpx.Response(200, json=state)
        return self._nothing(asked)

    def _fitting(self, asked: Asked) -> Answer | None:
        for answer in self._answers.get(asked.source, ()):
            waits = answer.after is not None and not self._carried_out(answer.after)
            if answer.asked in asked.what and not waits and answer.since <= self._passed():
                self.used.add(answer.place)
                return answer
        return None

    def _write(self, asked: Asked, answer: Answer | None) -> httpx.Response:
        self.written.append(asked)
        path = asked.what.partition("?")[0]
        if isinstance(asked.body, dict):
            self._state[f"{asked.source} /{asked.source}{path}"] = asked.body
        return httpx.Response(200, json={} if answer is None or answer.body is None else answer.body)

    def _nothing(self, asked: Asked) -> httpx.Response:
        self.unanswered[f"{asked.source} {asked.what}"] = asked
        return httpx.Response(404, json={"error": "the replay has no answer for it"})

    def _series(self, asked: Asked, answer: Answer | None) -> tuple[tuple[dict[str, str], float], ...]:
        if answer is not None and answer.series is not None:
            return answer.series
        traffic = self._traffic() if _plain(asked.what) in self._serves else None
        if traffic is not None:
            return traffic
        self.unanswered[f"{asked.source} {asked.what}"] = asked
        return ()

    def _prometheus(self, request: httpx.Request, asked: Asked, answer: Answer | None) -> httpx.Response:
        if answer is not None and answer.body is not None:
            return httpx.Response(200, json=answer.body)
        found = self._series(asked, answer)
        asking = _parameters(request)
        if request.url.path.endswith("query_range"):
            moments = _moments(asking)
            rows = [
                {"metric": labels, "values": [[at, str(_back(answer, value))] for at in moments]}
                for labels, value in found
            ]
            return httpx.Response(200, json={"status": "success", "data": {"resultType": "matrix", "result": rows}})
        at = float(asking.get("time", "0"))
        vector = [{"metric": labels, "value": [at, str(value)]} for labels, value in found]
        return httpx.Response(200, json={"status": "success", "data": {"resultType": "vector", "result": vector}})

    def _graphite(self, request: httpx.Request, asked: Asked, answer: Answer | None) -> httpx.Response:
        if answer is not None and answer.body is not None:
            return httpx.Response(200, json=answer.body)
        asking = _parameters(request)
        until = int(float(asking.get("until", "0") or 0)) if asking.get("until", "").isdigit() else 0
        found = self._series(asked, answer)
        rows = [
            {"target": "&".join(labels.values()) or asked.what, "tags": labels,
             "datapoints": [[_back(answer, value), until - 60], [value, until]]}
            for labels, value in found
        ]  # fmt: skip
        return httpx.Response(200, json=rows)


def _back(answer: Answer | None, value: float) -> float:
    return value if answer is None or answer.before is None else answer.before


def _moments(asking: Mapping[str, str]) -> list[float]:
    start, end, step = (float(asking.get(key, "1")) for key in ("start", "end", "step"))
    count = min(int(max(0.0, end - start) // max(step, 1.0)) + 1, 1000)
    return [start + number * max(step, 1.0) for number in range(count)]


def _is_question(request: httpx.Request) -> bool:
    """Prometheus and Graphite take long questions as a form."""
    form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return form and ("/api/v1/query" in request.url.path or request.url.path.endswith("/render"))


def _parameters(request: httpx.Request) -> dict[str, str]:
    found = dict(request.url.params.items())
    return found | {key: values[0] for key, values in parse_qs(request.content.decode("utf-8", "replace")).items()}


def _asked(request: httpx.Request) -> Asked:
    """What is asked, in the words of a runbook: the query of a metrics server, else path and query string."""
    source, _, path = request.url.path.lstrip("/").partition("/")
    content = request.content
    asking = _parameters(request) if _is_question(request) or request.method == "GET" else {}
    words = asking.get("query") if "/api/v1/query" in request.url.path else asking.get("target")
    query = request.url.query.decode()
    what = words or unquote(f"/{path}{'?' + query if query else ''}")
    return Asked(source=unquote(source), method=request.method, what=what, body=_body(content) if not words else None)


def _body(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content) if content else None
    except msgspec.DecodeError:
        return content.decode("utf-8", "replace")


def _plain(query: str) -> str:
    return "".join(query.split())
