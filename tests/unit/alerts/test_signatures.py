"""Who does not know a secret, or comes late, is not let in; raw bytes are what counts."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.sources import Request, SourceSettings
from bot.alerts.sources.signatures import demand_recent, demand_signature, demand_standard, moment, signed
from bot.errors import Unauthenticated

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
BODY = b'{"a": 1}'


def signature(message: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def request(*secrets: str, body: bytes = BODY, window: float = 300.0) -> Request:
    return Request(headers={}, body=body, at=NOW, tokens=(), settings=SourceSettings(secrets=secrets, window=window))


def test_the_right_signature_opens() -> None:
    demand_signature(request("secret"), given=[signature(BODY, "secret")])


def test_while_rotating_either_secret_opens() -> None:
    for secret in ("new", "old"):
        demand_signature(request("new", "old"), given=[signature(BODY, secret)])


def test_a_sender_that_signs_with_several_secrets_is_known_by_any_of_them() -> None:
    demand_signature(request("new"), given=[signature(BODY, "theirs"), signature(BODY, "new")])


def test_the_bytes_are_signed_and_not_what_they_mean() -> None:
    same_meaning = b'{"a":1}'
    with pytest.raises(Unauthenticated, match="wrong"):
        demand_signature(request("secret", body=same_meaning), given=[signature(BODY, "secret")])


@pytest.mark.parametrize("given", ["", " ", "0" * 64, "sha256", "é" * 64, "\udc80", signature(b"other", "secret")])
def test_another_signature_does_not_open(given: str) -> None:
    with pytest.raises(Unauthenticated):
        demand_signature(request("secret"), given=[given])


def test_hexadecimal_letters_may_be_large() -> None:
    assert signed(BODY, secrets=("secret",), given=[signature(BODY, "secret").upper()])


@pytest.mark.parametrize(
    ("secret", "message", "published"),
    [
        # https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
        ("It's a Secret to Everybody", b"Hello, World!",
         "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
        # RFC 4231, test cases 1 and 2
        ("\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        ("Jefe", b"what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    ],
)  # fmt: skip
def test_a_signature_is_what_others_have_published_it_to_be(secret: str, message: bytes, published: str) -> None:
    assert signed(message, secrets=(secret,), given=[published])
    assert not signed(message + b" ", secrets=(secret,), given=[published])


def test_standard_webhooks_are_signed_as_their_own_libraries_do() -> None:
    """The vector of https://github.com/standard-webhooks/standard-webhooks; incident.io and MLflow sign so."""
    body, stamp = b'{"test": 2432232314}', "1614265330"
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    sent = Request(
        headers={}, body=body, at=datetime.fromtimestamp(int(stamp), tz=UTC), tokens=(), settings=SourceSettings()
    )
    given = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    demand_standard(sent, delivery="msg_p5jXN8AQM9LWM0D4loKWxJek", stamp=stamp, given=given, keys=[b"other", key])
    for other in ("", given.lower(), given.removeprefix("v1,"), "v1a," + given):
        with pytest.raises(Unauthenticated):
            demand_standard(sent, delivery="msg_p5jXN8AQM9LWM0D4loKWxJek", stamp=stamp, given=other, keys=[key])


def test_an_empty_secret_signs_nothing() -> None:
    assert not signed(BODY, secrets=("",), given=[signature(BODY, "")])
    assert not signed(BODY, secrets=(), given=[signature(BODY, "")])


def test_a_thousand_signatures_are_not_a_thousand_tries() -> None:
    assert not signed(BODY, secrets=("secret",), given=["0" * 64] * 1000 + [signature(BODY, "secret")])


@pytest.mark.parametrize("away", [timedelta(0), timedelta(minutes=5), timedelta(minutes=-5)])
def test_a_stamp_within_the_window_is_of_now(away: timedelta) -> None:
    demand_recent(request(), stamp=str(int((NOW + away).timestamp())))


@pytest.mark.parametrize("away", [timedelta(minutes=6), timedelta(minutes=-6), timedelta(days=400)])
def test_an_old_request_that_is_repeated_is_refused(away: timedelta) -> None:
    with pytest.raises(Unauthenticated, match="not of now: it is more than 300 s away"):
        demand_recent(request(), stamp=str(int((NOW + away).timestamp())))


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "1e9", "٣", "9" * 400, "1.5"])
def test_what_is_no_unix_time_is_refused(stamp: str) -> None:
    with pytest.raises(Unauthenticated, match="no Unix time"):
        demand_recent(request(), stamp=stamp)


def test_unix_time_is_read_in_seconds_and_in_milliseconds() -> None:
    assert moment(str(int(NOW.timestamp()))) == moment(str(int(NOW.timestamp()) * 1000)) == NOW
