from __future__ import annotations

import httpx
import pytest

from bot.config.secret import Secret
from bot.connectors import SourceRefused, SourceUnavailable
from bot.connectors.client import MAX_ANSWER, JsonClient
from bot.connectors.failures import NotConnected
from tests.unit.connectors.sources import Handler, setting


def client(handler: Handler) -> JsonClient:
    return JsonClient("metrics", setting(), transport=httpx.MockTransport(handler))


def answering(status: int, text: str = "{}", **headers: str) -> Handler:
    sent = {"content-type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return lambda _: httpx.Response(status, text=text, headers=sent)


async def failure(handler: Handler) -> str:
    async with closing(client(handler)) as source:
        with pytest.raises(SourceUnavailable) as caught:
            await source.get("status")
    assert "s3cret" not in str(caught.value)
    assert "source.test" not in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


class closing:
    def __init__(self, source: JsonClient) -> None:
        self._source = source

    async def __aenter__(self) -> JsonClient:
        return self._source

    async def __aexit__(self, *_: object) -> None:
        await self._source.close()


async def test_a_path_is_relative_to_the_configured_address_and_the_token_goes_along() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"fine": True})

    async with closing(client(handler)) as source:
        assert (await source.get("/a/b?x=1")).body == b'{"fine":true}'
        await source.get("c%2Fd?w=1", {"q": "1 2&x=3"})
    assert [str(request.url) for request in seen] == [
        "http://source.test/base/a/b?x=1",
        "http://source.test/base/c%2Fd?w=1&q=1+2%26x%3D3",
    ]
    assert seen[0].headers["authorization"] == "Bearer s3cret"


@pytest.mark.parametrize(
    "path", ["http://elsewhere.test/x", "//elsewhere.test/x", "../x", "a/../../x", "a/%2e%2e/x", "a\\..\\x", "a#b"]
)
async def test_no_path_leaves_the_configured_address(path: str) -> None:
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={})

    async with closing(client(handler)) as source:
        with pytest.raises(NotConnected):
            await source.get(path)
    assert asked == []


async def test_a_redirect_on_the_same_host_is_followed() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/"):
            return httpx.Response(200, json=1)
        return httpx.Response(308, headers={"location": f"{request.url.path}/"})

    async with closing(client(handler)) as source:
        assert (await source.get("status")).body == b"1"


@pytest.mark.parametrize(
    "location", ["http://elsewhere.test/", "https://source.test/base/", "http://source.test:81/"]
)
async def test_a_redirect_to_another_host_scheme_or_port_is_not_followed(location: str) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"location": location})

    assert "another host" in await failure(handler)
    assert asked == ["source.test"]


async def test_redirects_in_a_circle_end() -> None:
    said = await failure(lambda request: httpx.Response(302, headers={"location": str(request.url)}))
    assert said == "metrics sends us round in circles"


async def test_a_write_is_never_repeated_for_a_redirect() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(303, headers={"location": "/base/other"})

    async with closing(client(handler)) as source:
        with pytest.raises(SourceUnavailable) as caught:
            await source.send("POST", "set", body={})
    assert not isinstance(caught.value, SourceRefused)
    assert asked == ["POST"]


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (answering(200, "<html>sign in</html>", content_type="text/html"), "metrics answered text/html, not JSON"),
        (answering(200, "<html>", content_type="text/plain"), "metrics answered nonsense: not JSON"),
        (answering(200, ""), "metrics answered nonsense: not JSON"),
        (answering(200, "{" * 5000), "metrics answered nonsense: not JSON"),
        (answering(200, '{"a": nan}'), "metrics answered nonsense: not JSON"),
        (answering(401), "metrics does not let us in (401); check its token in evenkeel.yaml"),
        (answering(403), "metrics does not let us in (403)"),
        (answering(404), "metrics does not know that address (404)"),
        (answering(429), "metrics has too much to do (429)"),
        (answering(422, '{"error": "bad\\n query, token s3cret"}'), "metrics refused (422): bad query, token ***"),
        (answering(400, "not even JSON"), "metrics refused (400)"),
        (answering(503), "metrics has a fault of its own (503)"),
        (answering(200, "{}", content_encoding="br"), "compression"),
    ],
)
async def test_a_failure_is_one_sentence_that_names_the_source(handler: Handler, said: str) -> None:
    assert said in await failure(handler)


async def test_an_answer_over_one_mebibyte_is_refused() -> None:
    assert "more than 1 MiB" in await failure(answering(200, '"' + "x" * MAX_ANSWER + '"'))


@pytest.mark.parametrize(
    ("error", "said", "surely_nothing"),
    [
        (httpx.ConnectError("no"), "metrics cannot be reached", True),
        (httpx.ConnectTimeout("no"), "metrics cannot be reached", True),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), "metrics shows a certificate that is not", True),
        (httpx.ReadTimeout("no"), "metrics did not answer within 10 s", False),
        (httpx.ReadError("no"), "metrics broke off the connection", False),
        (httpx.RemoteProtocolError("no"), "metrics broke off the connection", False),
    ],
)
async def test_a_write_that_failed_says_whether_it_may_have_been_done(
    error: Exception, said: str, surely_nothing: bool
) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise error

    async with closing(client(handler)) as source:
        with pytest.raises(SourceUnavailable, match=said) as caught:
            await source.send("PUT", "set", body={"to": 1})
    assert isinstance(caught.value, SourceRefused) is surely_nothing


@pytest.mark.parametrize(
    ("status", "surely_nothing"), [(400, True), (409, True), (412, True), (408, False), (502, False)]
)
async def test_a_status_says_whether_a_write_may_have_been_done(status: int, surely_nothing: bool) -> None:
    async with closing(client(answering(status))) as source:
        with pytest.raises(SourceUnavailable) as caught:
            await source.send("PUT", "set", body={"to": 1})
    assert isinstance(caught.value, SourceRefused) is surely_nothing


async def test_an_empty_answer_to_a_write_is_a_success() -> None:
    async with closing(client(lambda _: httpx.Response(204))) as source:
        assert (await source.send("PUT", "set", body={"to": 1})).body == b""


@pytest.mark.parametrize("stumble", [503, 502, httpx.ReadError("torn"), httpx.RemoteProtocolError("closed")])
async def test_a_reading_is_tried_once_more_after_a_stumble(stumble: int | Exception) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        if len(asked) > 1:
            return httpx.Response(200, json=1)
        if isinstance(stumble, Exception):
            raise stumble
        return httpx.Response(stumble)

    async with closing(client(handler)) as source:
        assert (await source.get("status")).body == b"1"
    assert asked == ["GET", "GET"]


@pytest.mark.parametrize("stumble", [503, 502, httpx.ReadError("torn"), httpx.RemoteProtocolError("closed")])
async def test_a_write_is_never_tried_again(stumble: int | Exception) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        if isinstance(stumble, Exception):
            raise stumble
        return httpx.Response(stumble)

    async with closing(client(handler)) as source:
        with pytest.raises(SourceUnavailable):
            await source.send("POST", "set", body={})
    assert asked == ["POST"]


@pytest.mark.parametrize(
    ("handler", "again"),
    [
        (answering(200, "<html>", content_type="text/html"), False),
        (answering(200, "{"), False),
        (answering(200, "{}", content_encoding="br"), False),
        (answering(200, '"' + "x" * MAX_ANSWER + '"'), False),
        (answering(302, location="http://elsewhere.test/"), False),
        (answering(401), False),
        (answering(404), False),
        (answering(400), False),
        (answering(429), True),
        (answering(503), True),
        (answering(408), True),
    ],
)
async def test_a_failure_says_whether_asking_again_may_help(handler: Handler, again: bool) -> None:
    async with closing(client(handler)) as source:
        with pytest.raises(SourceUnavailable) as caught:
            await source.get("status")
    assert caught.value.again is again


async def test_what_a_source_says_itself_is_told_without_headers_and_tokens() -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(
            400, text="no function f for key k3y-s3cret\nand more", headers={"content-type": "text/plain"}
        )

    settings = setting(headers={"X-Key": Secret("k3y-s3cret")})
    async with closing(JsonClient("metrics", settings, transport=httpx.MockTransport(handler))) as source:
        with pytest.raises(SourceRefused) as caught:
            await source.get("status")
    assert str(caught.value) == "metrics refused (400): no function f for key ***"


async def test_a_redirect_never_carries_the_token_elsewhere() -> None:
    hosts: list[tuple[str, str | None]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        hosts.append((request.url.host, request.headers.get("authorization")))
        return httpx.Response(307, headers={"location": "http://source.test@elsewhere.test/base/"})

    async with closing(client(handler)) as source:
        with pytest.raises(SourceUnavailable, match="another host"):
            await source.get("status")
    assert hosts == [("source.test", "Bearer s3cret")]
