"""One HTTP client per connector: JSON from one host, within a time and a size, and errors as sentences.

A call never leaves the configured origin (scheme, host, port): paths are relative to the configured address, and a
redirect elsewhere is an error. Nothing of the environment (proxies, .netrc) is used, and no text of an error holds
the address, the token or a header. A call that may change something is made once and never repeated here.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import unquote, urlencode

import httpx
import msgspec

from bot.config.settings import Connector
from bot.connectors.failures import NotConnected, SourceRefused, SourceUnavailable

MAX_ANSWER = 1024 * 1024
#: A lease outlives a call by this much at most, so no configured time limit is longer.
LONGEST_CALL = 10.0
_HOPS = 3
#: Statuses after which a call may still have been carried out, although they look like a refusal.
_LEFT_OPEN = frozenset({408, 499})

Query = Mapping[str, str]


class Answer(NamedTuple):
    """A JSON body (or an empty one), and the mark of the state that it shows, if the source marks its states."""

    body: bytes
    etag: str | None = None


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=True)


class JsonClient:
    """Speaks JSON with the source that ``settings`` describe; ``name`` is what people call it."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.name = name
        self._token = settings.token or ""
        self._limit = min(settings.timeout, LONGEST_CALL)
        self._base = httpx.URL(settings.url)
        headers = {"accept": "application/json", "accept-encoding": "identity", **settings.headers}
        if self._token:
            headers.setdefault("authorization", f"Bearer {self._token}")
        self._http = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(self._limit, connect=self._limit / 2),
            limits=httpx.Limits(max_connections=20, max_keepalive_connections=5),
            verify=_certificates() if self._base.scheme == "https" else True,
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def get(self, path: str, query: Query | None = None) -> Answer:
        """A 2xx answer, a JSON text of at most 1 MiB. Raises SourceUnavailable with a sentence."""
        request = self._http.build_request("GET", self._address(path, query))
        for _ in range(_HOPS):
            answer, body = await self._exchange(request)
            if not answer.is_redirect:
                return Answer(self._json(answer, body), answer.headers.get("etag"))
            request = self._followed(answer, request)
        raise self._failed("sends us round in circles")

    async def send(
        self, method: str, path: str, *, query: Query | None = None, body: Any = None, if_match: str | None = None
    ) -> Answer:
        """Make a call that may change something, once; its 2xx answer is empty or JSON.

        With ``if_match`` (an ``etag``) only if the state is still that one. Raises SourceRefused if surely nothing
        was changed, SourceUnavailable if nobody can tell.
        """
        content = None if body is None else msgspec.json.encode(body)
        headers = {} if content is None else {"content-type": "application/json"}
        headers |= {} if if_match is None else {"if-match": if_match}
        request = self._http.build_request(method, self._address(path, query), content=content, headers=headers)
        answer, answered = await self._exchange(request)
        empty = answer.is_success and not answered.strip()
        return Answer(b"" if empty else self._json(answer, answered), answer.headers.get("etag"))

    def broken(self, what: str) -> SourceUnavailable:
        """The error for an answer that is not in the source's format."""
        return self._failed(f"answered nonsense: {what}")

    def refused(self, what: str) -> SourceRefused:
        """The error for a source that says no, in its own words, shortened and without the token."""
        return SourceRefused(self._sentence(f"refused: {what}"))

    def _failed(self, what: str) -> SourceUnavailable:
        return SourceUnavailable(self._sentence(what))

    def _sentence(self, what: str) -> str:
        text = " ".join(what.split())
        text = text.replace(self._token, "***") if self._token else text
        return f"{self.name} {text[:200]}"

    def _address(self, path: str, query: Query | None) -> httpx.URL:
        route, _, written = path.partition("?")
        parts = [unquote(part) for part in route.replace("\\", "/").split("/")]
        if route.startswith("//") or "://" in route or "#" in path or ".." in parts or "." in parts:
            raise NotConnected(f"{self.name}: {path[:60]!r} is not a path below the connector's address")
        base = self._base.raw_path.decode().partition("?")[0].rstrip("/")
        asked = "&".join(part for part in (written, urlencode(query or {})) if part)
        raw = f"{base}/{route.lstrip('/')}" + (f"?{asked}" if asked else "")
        try:
            return self._base.copy_with(raw_path=raw.encode())
        except (httpx.InvalidURL, ValueError):
            raise NotConnected(f"{self.name}: {path[:60]!r} is not a path below the connector's address") from None

    def _followed(self, answer: httpx.Response, request: httpx.Request) -> httpx.Request:
        try:
            to = request.url.join(answer.headers.get("location", ""))
        except httpx.InvalidURL:
            raise self._failed("answered a redirect that leads nowhere") from None
        if (to.scheme, to.host, to.port) != (self._base.scheme, self._base.host, self._base.port):
            raise self._failed("wants to send us to another host; its address in evenkeel.yaml is not the right one")
        return self._http.build_request("GET", to)

    async def _exchange(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        try:
            async with asyncio.timeout(self._limit):
                answer = await self._http.send(request, stream=True)
                try:
                    return answer, await self._read(answer)
                finally:
                    await answer.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            distrusted = "CERTIFICATE" in str(error)
            why = "shows a certificate that is not trusted here" if distrusted else "cannot be reached"
            raise SourceRefused(self._sentence(why)) from None
        except (TimeoutError, httpx.TimeoutException):
            raise self._failed(f"did not answer within {self._limit:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
            raise self._failed("broke off the connection") from None

    async def _read(self, answer: httpx.Response) -> bytes:
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise self._failed("answered in a compression that we did not ask for")
        body = bytearray()
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > MAX_ANSWER:
                raise self._failed("answered more than 1 MiB; ask for less, or for a sum")
        return bytes(body)

    def _json(self, answer: httpx.Response, body: bytes) -> bytes:
        self._check_status(answer, body)
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not (kind in ("", "application/json", "text/json", "text/plain") or kind.endswith("+json")):
            raise self._failed(f"answered {kind[:40]}, not JSON; is something else behind its address?")
        try:
            msgspec.json.decode(body, type=msgspec.Raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise self.broken("not JSON") from None
        return body

    def _check_status(self, answer: httpx.Response, body: bytes) -> None:
        status = answer.status_code
        if answer.is_success:
            return
        if status in (401, 403):
            raise SourceRefused(self._sentence(f"does not let us in ({status}); check its token in evenkeel.yaml"))
        if status == 404:
            raise SourceRefused(self._sentence("does not know that address (404)"))
        if status == 429:
            raise SourceRefused(self._sentence("has too much to do (429)"))
        if status == 412:
            raise SourceRefused(self._sentence("was changed by somebody else meanwhile (412)"))
        if answer.is_client_error and status not in _LEFT_OPEN:
            raise SourceRefused(self._sentence(f"refused ({status}){_reason(body)}"))
        what = "wants to send us elsewhere" if answer.is_redirect else f"has a fault of its own ({status})"
        raise self._failed(what)


def _reason(body: bytes) -> str:
    """What the source says itself, if it says it in one of the usual places of a JSON answer."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    found = [said.get(key) for key in ("error", "message", "detail", "title")] if isinstance(said, dict) else []
    texts = [text for text in found if isinstance(text, str) and text.strip()]
    return f": {texts[0].strip()[:120]}" if texts else ""
