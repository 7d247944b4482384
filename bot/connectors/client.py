"""One HTTP client per connector: JSON from one host, within a time and a size, and errors as sentences.

A call never leaves the configured origin (scheme, host, port): paths are relative to the configured address, a
redirect elsewhere is an error, and a name that leads to a private address is refused unless the configuration says
so (``network``). Nothing of the environment (proxies, .netrc) is used, and no text of an error holds the address,
the token or a header. A reading is tried once more where the connection broke or the source stumbled; a call that
may change something is made once and never repeated here.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlencode

import httpx
import msgspec

from bot.config.settings import Connector
from bot.connectors.answers import Wording, json_of, media_type_of
from bot.connectors.failures import NotConnected, SourceRefused, SourceUnavailable
from bot.connectors.network import GuardedTransport

MAX_ANSWER = 1024 * 1024
#: A lease outlives a call by this much at most, so no configured time limit is longer.
LONGEST_CALL = 10.0
_HOPS = 3
#: Statuses of a server that is about to be back, after which a reading is tried once more.
_STUMBLED = frozenset({502, 503, 504})

Query = Mapping[str, str]
T = TypeVar("T")


class Answer(NamedTuple):
    """A JSON body (or an empty one), and the mark of the state that it shows, if the source marks its states."""

    body: bytes
    etag: str | None = None
    status: int = 200


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=True)


class JsonClient:
    """Speaks JSON with the source that ``settings`` describe; ``name`` is what people call it."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.name = name
        self._wording = Wording(name, (settings.token or "", *settings.headers.values()))
        self._limit = min(settings.timeout, LONGEST_CALL)
        self._base = httpx.URL(settings.url)
        headers = {"accept": "application/json", "accept-encoding": "identity", **settings.headers}
        if settings.token:
            headers.setdefault("authorization", f"Bearer {settings.token}")
        self._http = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(self._limit, connect=self._limit / 2),
            trust_env=False,
            follow_redirects=False,
            transport=transport or self._guarded(settings),
        )

    async def close(self) -> None:
        """Close the connections, also those of calls that are still under way: these fail."""
        await self._http.aclose()

    def deadline(self) -> float:
        """When (the loop's time) something that begins now has to be over."""
        return asyncio.get_running_loop().time() + self._limit

    @asynccontextmanager
    async def within(self, deadline: float | None = None) -> AsyncIterator[None]:
        """Several calls that together take no longer than one may. Raises SourceUnavailable when time is up."""
        try:
            async with asyncio.timeout_at(self.deadline() if deadline is None else deadline):
                yield
        except TimeoutError:
            raise self._wording.failed(f"did not answer within {self._limit:g} s") from None

    @asynccontextmanager
    async def before_writing(self, deadline: float) -> AsyncIterator[None]:
        """The part of a write that only reads: whatever fails in it is SourceRefused, for nothing was changed."""
        try:
            async with self.within(deadline):
                yield
        except SourceRefused:
            raise
        except SourceUnavailable as error:
            raise SourceRefused(str(error), again=error.again) from None

    async def get(self, path: str, query: Query | None = None, *, most: int = MAX_ANSWER) -> Answer:
        """A 2xx answer, a JSON text of at most ``most`` bytes. Raises SourceUnavailable with a sentence."""
        answer, body = await self._asked(self._http.build_request("GET", self._address(path, query)), most)
        return Answer(json_of(answer, body, self._wording), answer.headers.get("etag"), answer.status_code)

    async def fetch(self, path: str, query: Query | None = None, *, most: int = MAX_ANSWER) -> tuple[str, bytes]:
        """The media type and the bytes of a 2xx answer, a table or JSON, unparsed. Raises SourceUnavailable."""
        headers = {"accept": "application/json, application/x-ndjson, text/csv"}
        request = self._http.build_request("GET", self._address(path, query), headers=headers)
        answer, body = await self._asked(request, most)
        return media_type_of(answer, body, self._wording), body

    async def status(self, path: str) -> int:
        """The status that a reading is answered with, whichever it is. Raises SourceUnavailable if none comes."""
        answer, _ = await self._asked(self._http.build_request("GET", self._address(path, None)), MAX_ANSWER)
        return answer.status_code

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
        answer, answered = await self._exchange(request, MAX_ANSWER)
        empty = answer.is_success and not answered.strip()
        return Answer(
            b"" if empty else json_of(answer, answered, self._wording), answer.headers.get("etag"), answer.status_code
        )

    def decoded(self, answer: Answer, what: type[T], format_of: str) -> T:
        """The answer as a typed value. Raises SourceUnavailable if it is not in that format."""
        try:
            return msgspec.json.decode(answer.body, type=what)
        except (msgspec.ValidationError, msgspec.DecodeError, ValueError, OverflowError):
            raise self.broken(f"not the format of {format_of}") from None

    def broken(self, what: str) -> SourceUnavailable:
        """The error for an answer that is not in the source's format."""
        return self._wording.failed(f"answered nonsense: {what}", again=False)

    def refused(self, what: str) -> SourceRefused:
        """The error for a source that says no, in its own words, shortened and without the token."""
        return self._wording.refused(f"refused: {what}", said=what)

    def failed(self, what: str) -> SourceUnavailable:
        """The error for what nobody can tell the outcome of."""
        return self._wording.failed(what)

    def _guarded(self, settings: Connector) -> httpx.AsyncBaseTransport:
        return GuardedTransport(
            self._wording,
            self._base.host,
            private=settings.private,
            verify=_certificates(),
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=20),
        )

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

    async def _asked(self, request: httpx.Request, most: int) -> tuple[httpx.Response, bytes]:
        """The answer to a reading, redirects followed and one stumble forgiven, all within the time limit."""
        async with self.within():
            for _ in range(_HOPS):
                answer, body = await self._twice(request, most)
                if not answer.is_redirect:
                    return answer, body
                request = self._followed(answer, request)
        raise self._wording.failed("sends us round in circles", again=False)

    async def _twice(self, request: httpx.Request, most: int) -> tuple[httpx.Response, bytes]:
        try:
            found = await self._tried(request, most)
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            if self._http.is_closed:
                raise self._wording.failed("was still being asked when its connections were closed") from None
            return await self._exchange(request, most)
        return found if found[0].status_code not in _STUMBLED else await self._exchange(request, most)

    def _followed(self, answer: httpx.Response, request: httpx.Request) -> httpx.Request:
        try:
            to = request.url.join(answer.headers.get("location", ""))
        except httpx.InvalidURL:
            raise self._wording.failed("answered a redirect that leads nowhere", again=False) from None
        if (to.scheme, to.host, to.port) != (self._base.scheme, self._base.host, self._base.port):
            what = "wants to send us to another host; its address in evenkeel.yaml is not the right one"
            raise self._wording.failed(what, again=False)
        return self._http.build_request("GET", to)

    async def _exchange(self, request: httpx.Request, most: int) -> tuple[httpx.Response, bytes]:
        try:
            return await self._tried(request, most)
        except httpx.ConnectError as error:
            distrusted = "CERTIFICATE" in str(error)
            why = "shows a certificate that is not trusted here" if distrusted else "cannot be reached"
            raise self._wording.refused(why, again=not distrusted) from None
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            raise self._wording.failed("broke off the connection") from None

    async def _tried(self, request: httpx.Request, most: int) -> tuple[httpx.Response, bytes]:
        """One exchange; a torn connection is left to the caller, who knows whether it may be tried again."""
        try:
            async with asyncio.timeout(self._limit):
                answer = await self._http.send(request, stream=True)
                try:
                    return answer, await self._read(answer, most)
                finally:
                    await answer.aclose()
        except (httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
            raise self._wording.refused("cannot be reached", again=True) from None
        except (TimeoutError, httpx.TimeoutException):
            raise self._wording.failed(f"did not answer within {self._limit:g} s") from None
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            raise
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
            raise self._wording.failed("broke off the connection") from None

    async def _read(self, answer: httpx.Response, most: int) -> bytes:
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise self._wording.failed("answered in a compression that we did not ask for", again=False)
        body = bytearray()
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > most:
                size = f"{most // MAX_ANSWER} MiB"
                raise self._wording.failed(f"answered more than {size}; ask for less, or for a sum", again=False)
        return bytes(body)
