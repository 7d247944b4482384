"""One call of the Web API, from the request to the answer: token, faults, limits, scope, work."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from bot.sandbox.workspace.access import Access
from bot.sandbox.workspace.faults import Fault, Faults
from bot.sandbox.workspace.journal import Journal
from bot.sandbox.workspace.limits import Limits
from bot.sandbox.workspace.methods import METHODS
from bot.sandbox.workspace.methods.arguments import Arguments, Request
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Json, SlackSays

TRANSPORT: Final = "sandbox.transport"
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent back; ``status`` 0 drops the connection instead."""

    body: Json
    status: int = 200
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    lost: bool = False


class WebApi:
    """Answers ``/api/{method}`` as Slack would for this workspace, on a good day or with faults."""

    def __init__(
        self, workspace: Workspace, *, access: Access, limits: Limits, faults: Faults, journal: Journal
    ) -> None:
        self._workspace = workspace
        self._access = access
        self._limits = limits
        self._faults = faults
        self._journal = journal

    async def answer(self, http: HttpRequest) -> Response:
        """The response to one HTTP request, or a dropped connection."""
        method = http.path_params["method"]
        try:
            values = await _values(http, reads=method in METHODS and METHODS[method].reads)
        except msgspec.DecodeError:
            return self._unread(method, "invalid_json")
        except SlackSays as refusal:
            return self._unread(method, refusal.code)
        token = http.headers.get("authorization", "").removeprefix("Bearer ") or str(values.pop("token", ""))
        values.pop("token", None)
        used, allowed, _ = self._limits.standing(method)
        number = self._journal.begin(method, values, used=used, allowed=allowed)
        answer = _Answer(body={"ok": False, "error": "dropped"}, status=0)
        try:
            answer = await self._call(method, values, token=token, base_url=str(http.base_url).rstrip("/"))
        finally:
            self._journal.end(
                number,
                ok=bool(answer.body.get("ok")),
                error=str(answer.body.get("error", "")),
                detail={} if answer.body.get("ok") else answer.body,
                lost=answer.lost,
            )
        if answer.status == 0 or answer.lost:
            return await _drop(http)
        scopes = {"x-oauth-scopes": ",".join(sorted(self._access.scopes))}
        return JSONResponse(answer.body, status_code=answer.status, headers={**scopes, **answer.headers})

    def _unread(self, method: str, error: str) -> Response:
        self._journal.note(method, {}, error=error)
        return JSONResponse({"ok": False, "error": error})

    async def _call(self, method: str, values: Json, *, token: str, base_url: str) -> _Answer:
        hold = self._faults.take_hold(method)
        fault = self._faults.take(method)
        latency = self._faults.latency / 2
        if hold and not hold.after_the_work:
            await hold.stand()
        wait = latency + (fault.seconds if fault and fault.kind == "slow" else 0.0)
        if wait:
            await self._faults.late(wait)
        answer = _refused_by(fault) or self._work(method, values, token=token, base_url=base_url)
        if hold and hold.after_the_work:
            await hold.stand()
        if latency:
            await asyncio.sleep(latency)
        lost = fault is not None and fault.kind == "lose_answer"
        return msgspec.structs.replace(answer, lost=lost)

    def _work(self, method: str, values: Json, *, token: str, base_url: str) -> _Answer:
        try:
            return _Answer(body={"ok": True, **self._run(method, values, token=token, base_url=base_url)})
        except SlackSays as refusal:
            body = {"ok": False, "error": refusal.code, **refusal.extra}
        if refusal_wait := body.pop("retry_after", 0):
            return _Answer(body=body, status=429, headers={"retry-after": str(refusal_wait)})
        return _Answer(body=body)

    def _run(self, name: str, values: Json, *, token: str, base_url: str) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackSays("unknown_method", req_method=name)
        self._access.check_token(token, for_app_token=method.for_app_token)
        wait = self._limits.wait(name, channel=str(values.get("channel", "")))
        if wait:
            raise SlackSays("ratelimited", retry_after=wait)
        request = Request(
            Arguments(values),
            workspace=self._workspace,
            access=self._access,
            journal=self._journal,
            base_url=base_url,
        )
        self._access.check_scope(method.scopes, request.channel_if_any())
        return method.run(request)


def _refused_by(fault: Fault | None) -> _Answer | None:
    """The answer of a call that goes wrong before its work."""
    match fault:
        case Fault(kind="error", code=code):
            return _Answer(body={"ok": False, "error": code})
        case Fault(kind="status", status=status):
            return _Answer(body={"ok": False, "error": f"http_{status}"}, status=status)
        case Fault(kind="ratelimited", seconds=seconds):
            headers = {"retry-after": f"{seconds:.0f}"}
            return _Answer(body={"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        case Fault(kind="drop_before"):
            return _Answer(body={"ok": False, "error": "dropped"}, status=0)
    return None


async def _values(http: HttpRequest, *, reads: bool) -> dict[str, Any]:
    """Query, form and JSON body in one; Slack's own client uses all three.

    Methods that read do not look into a JSON body, as in Slack: what stands there is missing.
    """
    values: dict[str, Any] = dict(http.query_params)
    kind = http.headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/json":
        body = await http.body()
        given = msgspec.json.decode(body) if body else {}
        if not isinstance(given, Mapping):
            raise SlackSays("json_not_object")
        return values if reads else {**values, **given}
    if kind in _FORMS:
        async with http.form() as form:
            values |= {name: value for name, value in form.items() if isinstance(value, str)}
    elif http.method == "POST" and await http.body():
        raise SlackSays("invalid_post_type" if kind else "missing_post_type")
    return values


async def _drop(http: HttpRequest) -> Response:
    """End the connection without a byte. The response is for the framework; nobody receives it."""
    http.scope[TRANSPORT].abort()
    while (await http.receive())["type"] != "http.disconnect":
        continue
    return Response()
