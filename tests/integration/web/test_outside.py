"""What the intake asks of the outside: Amazon's certificate once, Amazon's subscription address, and nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.alerts.sources import SourceSettings
from bot.clock import SteppedClock
from bot.config import Settings
from bot.config.secret import Secret
from bot.documents import Documents
from bot.metrics import registry
from bot.service import Service
from bot.web.app import create_app
from bot.web.health import Health
from bot.web.outside import Outside
from tests.integration.web.conftest import BEARER, Client, client_of, said
from tests.unit.alerts.amazon import CERTIFICATE, TOPIC, certificate, signed

ADDRESS = "/alerts/cloudwatch"
Answer = Callable[[httpx.Request], httpx.Response]


class Amazon:
    """Answers for the network, and remembers what was asked."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[str] = []
        self._answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url}")
        return self._answer(request)


@asynccontextmanager
async def asking(service: Service, clock: SteppedClock, amazon: Amazon) -> AsyncIterator[Client]:
    sources = {"cloudwatch": SourceSettings(topics=(TOPIC,))}
    settings = Settings(alert_tokens=(Secret("new-token"),), sources=sources)
    app = create_app(
        service=service, settings=settings, documents=Documents(service, clock), clock=clock,
        health=Health(checks={}, registry=registry(lambda: 0)), slack=None,
        outside=Outside(httpx.MockTransport(amazon)),
    )  # fmt: skip
    async with client_of(app) as web:
        yield web


def well(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=certificate())


async def test_the_certificate_is_fetched_once_however_many_messages_come(
    service: Service, clock: SteppedClock
) -> None:
    amazon = Amazon(well)
    async with asking(service, clock, amazon) as web:
        bodies = [signed("1_alarm", at=clock.now(), MessageId=f"m{n}") for n in range(5)]
        answers = await asyncio.gather(*(web.post(ADDRESS, content=body) for body in bodies))
    assert {answer.status_code for answer in answers} == {202}
    assert amazon.asked == [f"GET {CERTIFICATE}"]
    assert {alert.count for alert in await service._store.alerts.since(clock.now())} == {5}


async def test_a_message_that_comes_again_changes_nothing(service: Service, clock: SteppedClock) -> None:
    async with asking(service, clock, Amazon(well)) as web:
        body = signed("1_alarm", at=clock.now())
        for _ in range(2):
            assert (await web.post(ADDRESS, content=body)).json()["accepted"] == 1
    assert [alert.count for alert in await service._store.alerts.since(clock.now())] == [1]


async def test_a_subscription_is_confirmed_after_its_signature_was_checked(
    service: Service, clock: SteppedClock
) -> None:
    amazon = Amazon(well)
    async with asking(service, clock, amazon) as web:
        answer = await web.post(ADDRESS, content=signed("4_subscription", by="mallory", at=clock.now()))
        assert answer.status_code == 401
        assert len(amazon.asked) == 1
        answer = await web.post(ADDRESS, content=signed("4_subscription", at=clock.now()))
    assert (answer.status_code, answer.json()) == (202, {"accepted": 0, "incidents": []})
    assert amazon.asked[1].startswith("GET https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription")


@pytest.mark.parametrize(
    "answer", [lambda _: httpx.Response(500), lambda _: httpx.Response(302, headers={"location": "http://10.0.0.1"}),
               lambda _: httpx.Response(200, content=b"x" * 1_000_000)]
)  # fmt: skip
async def test_while_amazon_does_not_answer_the_sender_is_told_to_come_again(
    service: Service, clock: SteppedClock, answer: Answer
) -> None:
    async with asking(service, clock, Amazon(answer)) as web:
        told = await web.post(ADDRESS, content=signed("1_alarm", at=clock.now()))
    assert told.status_code == 503
    assert int(told.headers["retry-after"]) > 0
    assert "sns.eu-west-1.amazonaws.com" in said(told)


async def test_nothing_is_fetched_for_strangers(service: Service, clock: SteppedClock) -> None:
    amazon = Amazon(well)
    async with asking(service, clock, amazon) as web:
        for changed in (
            {"TopicArn": "arn:aws:sns:eu-west-1:666:evil"},
            {"SigningCertURL": "https://evil.example/a.pem"},
        ):
            answer = await web.post(ADDRESS, content=signed("1_alarm", at=clock.now(), **changed), headers=BEARER)
            assert answer.status_code == 401
    assert amazon.asked == []


async def test_who_asks_whether_it_may_send_is_told(service: Service, clock: SteppedClock) -> None:
    async with asking(service, clock, Amazon(well)) as web:
        answer = await web.options("/alerts/cloudevents", headers={"WebHook-Request-Origin": "eventgrid.azure.net"})
        assert answer.headers["webhook-allowed-origin"] == "eventgrid.azure.net"
        assert answer.status_code == 200
        assert (await web.options("/alerts/grafana")).headers["allow"] == "POST, OPTIONS"
        assert (await web.options("/alerts/nagios")).status_code == 404
