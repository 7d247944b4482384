"""What is refused of a sender that is known is counted, and kept to be looked at; what strangers send is not."""

from __future__ import annotations

import gzip
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import pytest

from bot.alerts.refused import Refusal
from bot.alerts.sources import SourceSettings
from bot.clock import SteppedClock
from bot.config import Settings
from bot.config.files import SHIPPED, read_runbooks
from bot.config.secret import Secret
from bot.runbooks.loading import load_library
from bot.service import Service
from bot.store import Store
from bot.store.refusals import KEEPING, MOST_KEPT
from tests.conftest import START
from tests.integration.web.conftest import BEARER, NEW, SETTINGS, Client, Recorded, application, client_of

ALERTS = "/alerts/alertmanager"
LARGE = b'{"alerts": [' + b" " * 1_100_000

Known = Callable[[], Awaitable[list[Refusal]]]


@pytest.fixture
def known(service: Service, store: Store) -> Known:
    """What is known of refusals by now."""

    async def read() -> list[Refusal]:
        await service.refusing.close()
        return await store.refusals.since(START)

    return read


async def kept(web: Client, number: int) -> dict[str, str]:
    found: dict[str, str] = (await web.get(f"/requests/{number}", headers=BEARER)).json()
    return found


async def test_a_body_that_cannot_be_read_is_kept_with_its_reason(web: Client, known: Known) -> None:
    answer = await web.post(ALERTS, content=b'{"alerts": 7}', headers=BEARER)
    assert answer.status_code == 400
    (refusal,) = await known()
    assert (refusal.source, refusal.kind, refusal.count, refusal.untold) == ("alertmanager", "shape", 1, 1)
    assert (refusal.request, refusal.reason) == (1, answer.json()["detail"])
    request = await kept(web, 1)
    assert (request["body"], request["refused"]) == ('{"alerts": 7}', refusal.reason)


@pytest.mark.parametrize(
    ("body", "headers", "code", "kind"),
    [
        (b"{", {}, 400, "not_json"),
        (LARGE, {}, 413, "too_large"),
        (gzip.compress(LARGE), {"content-encoding": "gzip"}, 413, "too_large"),
        (b"{}", {"content-encoding": "gzip"}, 400, "packing"),
        (b"{}", {"content-encoding": "br"}, 415, "packing"),
    ],
)
async def test_each_kind_of_reason_is_known(
    web: Client, known: Known, body: bytes, headers: dict[str, str], code: int, kind: str
) -> None:
    assert (await web.post(ALERTS, content=body, headers=BEARER | headers)).status_code == code
    assert [(refusal.kind, refusal.request) for refusal in await known()] == [(kind, 1)]
    assert (await web.post(ALERTS, content=body, headers=headers)).status_code in (401, code)
    (refusal,) = await known()
    assert refusal.count == 1, "a stranger's are not counted"


async def test_an_address_that_names_no_source_is_counted_for_who_has_a_token(web: Client, known: Known) -> None:
    for headers in ({}, BEARER):
        assert (await web.post("/alerts/prometheus", content=b"{}", headers=headers)).status_code == 404
    assert [(refusal.source, refusal.kind, refusal.count) for refusal in await known()] == [
        ("unknown", "no_source", 1)
    ]


async def test_how_a_large_one_begins_is_kept(web: Client, known: Known) -> None:
    async def sent() -> AsyncIterator[bytes]:
        yield LARGE

    for body in (sent(), LARGE):  # without its length, and with it
        await web.post(ALERTS, content=body, headers=BEARER)
    await known()
    for number in (1, 2):
        assert (await kept(web, number))["body"].startswith('{"alerts": [')


async def test_a_large_one_that_its_source_has_signed_is_counted(
    service: Service, clock: SteppedClock, known: Known
) -> None:
    settings = Settings(sources={"grafana": SourceSettings(secrets=(Secret("s3cret"),))})
    signed = {"x-grafana-alerting-signature": hmac.new(b"s3cret", LARGE, "sha256").hexdigest()}
    async with client_of(application(service, clock, settings)) as web:
        for headers in ({"x-grafana-alerting-signature": "0" * 64}, signed):
            assert (await web.post("/alerts/grafana", content=LARGE, headers=headers)).status_code == 413
            clock.advance(15)
        endless = b"x" * 9_000_000
        assert (await web.post("/alerts/grafana", content=endless, headers=signed)).status_code == 413
    assert [(refusal.kind, refusal.count) for refusal in await known()] == [("too_large", 1)]


async def test_alerts_that_are_not_read_beside_others_are_counted(
    web: Client, known: Known, recorded: Recorded
) -> None:
    body = msgspec.json.decode(recorded("2_"))
    body["alerts"].append({"status": "odd"})
    assert (await web.post(ALERTS, content=msgspec.json.encode(body), headers=BEARER)).status_code == 202
    (refusal,) = await known()
    assert (refusal.kind, refusal.count, refusal.request) == ("some_alerts", 1, 2)
    assert "`$.alerts[2].status`" in (await kept(web, 2))["refused"]


async def test_what_was_redacted_is_not_kept_with_what_is_not_read_beside_it(
    web: Client, known: Known, recorded: Recorded, service: Service
) -> None:
    body = msgspec.json.decode(recorded("2_"))
    await web.post(ALERTS, content=msgspec.json.encode(body), headers=BEARER)
    await service.redact(1, 1, by="U0ANA")
    body["alerts"].append({"status": "odd"})
    await web.post(ALERTS, content=msgspec.json.encode(body), headers=BEARER)
    (refusal,) = await known()
    assert (refusal.count, refusal.request) == (1, 2)
    request = await kept(web, 2)
    assert request["body"] == request["refused"] == "[not kept: beside it stands what was redacted]"


async def test_a_flood_is_counted_and_a_few_of_it_kept(
    web: Client, known: Known, clock: SteppedClock, service: Service
) -> None:
    for _ in range(4 * MOST_KEPT):
        await web.post(ALERTS, content=b"{", headers=BEARER)
    (refusal,) = await known()
    assert (refusal.count, refusal.request) == (4 * MOST_KEPT, MOST_KEPT)
    assert service.taken_in.refused == {"not_json": 4 * MOST_KEPT}
    clock.advance(KEEPING.total_seconds())
    await web.post(ALERTS, content=b"{", headers=BEARER)
    (refusal,) = await known()
    assert (refusal.count, refusal.request) == (4 * MOST_KEPT + 1, MOST_KEPT + 1)


async def test_a_body_that_nobody_has_signed_is_not_kept(service: Service, clock: SteppedClock, known: Known) -> None:
    signing = SourceSettings(secrets=(Secret("s3cret"),))
    settings = Settings(alert_tokens=(Secret(NEW),), sources={"grafana": signing})
    async with client_of(application(service, clock, settings)) as web:
        for body, code in ((b"{", 401), (LARGE, 413)):
            assert (await web.post("/alerts/grafana", content=body, headers=BEARER)).status_code == code
    assert await known() == []


async def test_what_was_taken_in_partly_may_come_again_mended(web: Client, store: Store) -> None:
    events = [{"id": str(n), "source": "/ci", "specversion": "1.0", "type": f"drift{n}.found"} for n in (1, 2)]
    spoiled = [events[0], events[1] | {"data": {"title": "\0"}}]
    for batch, taken in ((spoiled, 1), (events, 2), (events, 2)):
        answer = await web.post("/alerts/cloudevents", json=batch, headers=BEARER)
        assert (answer.status_code, answer.json()["accepted"]) == (202, taken)
    assert {(alert.name, alert.count) for alert in await store.alerts.since(START)} == {
        ("drift1.found", 2), ("drift2.found", 1),
    }  # fmt: skip


async def test_a_refused_request_is_taken_in_once_it_can_be_read(
    web: Client, known: Known, store: Store, clock: SteppedClock
) -> None:
    body = b'{"what": "recall is low", "alert_model": "fraud-scorer"}'
    assert (await web.post("/alerts/generic", content=body, headers=BEARER)).status_code == 400
    await known()
    assert (await web.post("/requests/1", headers=BEARER)).status_code == 400
    mapped = SourceSettings(mapping={"title": "$.what", "service": "$.alert_model"})
    settings = msgspec.structs.replace(SETTINGS, sources={"generic": mapped})
    later = Service(store, settings=settings, library=load_library(read_runbooks(SHIPPED)))
    async with client_of(application(later, clock, settings)) as mended:
        answer = await mended.post("/requests/1", headers=BEARER)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "incidents": ["INC-1"]})
