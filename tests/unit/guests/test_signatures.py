"""Whether it was the tool who said it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from bot.alerts.sources.source import Request, SourceSettings
from bot.errors import Unauthenticated
from bot.guests import TOOLS
from tests.unit.guests.examples import BODIES, NOW, request

STAMP = str(int(NOW.timestamp()))
KEY = base64.b64encode(b"a key of sixteen").decode()


def signed(tool: str, *, at: str = STAMP, key: str = KEY) -> dict[str, str]:
    """The headers with which a tool signs its own example."""
    body = json.dumps(BODIES[tool]).encode()
    if tool == "incident-io":
        made = hmac.new(base64.b64decode(key), b"msg_1." + at.encode() + b"." + body, hashlib.sha256).digest()
        signature = f"v1,{base64.b64encode(made).decode()}"
        return {"webhook_id": "msg_1", "webhook_timestamp": at, "webhook_signature": f"v1,b2xk {signature}"}
    if tool == "rootly":
        ours = hmac.new(key.encode(), at.encode() + body, hashlib.sha256)
        return {"x_rootly_signature": f"t={at},v1={ours.hexdigest()}"}
    if tool == "pagerduty":
        ours = hmac.new(key.encode(), body, hashlib.sha256)
        return {"x_pagerduty_signature": f"v1={'0' * 64}, v1={ours.hexdigest()}"}
    return {"fh_signature": hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}


def secret(tool: str) -> str:
    return f"whsec_{KEY}" if tool == "incident-io" else KEY


@pytest.mark.parametrize("tool", TOOLS)
def test_each_signature_is_known_also_while_secrets_are_rotated(tool: str) -> None:
    other = f"whsec_{base64.b64encode(b'another').decode()}"
    TOOLS[tool].verify(request(BODIES[tool], (other, secret(tool)), **signed(tool)))


@pytest.mark.parametrize("tool", TOOLS)
def test_a_body_that_was_changed_or_is_not_signed_is_refused(tool: str) -> None:
    for body, headers in ((BODIES[tool] | {"x": 1}, signed(tool)), (BODIES[tool], {})):
        with pytest.raises(Unauthenticated):
            TOOLS[tool].verify(request(body, (secret(tool),), **headers))


@pytest.mark.parametrize("tool", ["incident-io", "rootly"])
def test_an_old_request_is_refused(tool: str) -> None:
    old = str(int(NOW.timestamp()) - 400)
    with pytest.raises(Unauthenticated):
        TOOLS[tool].verify(request(BODIES[tool], (secret(tool),), **signed(tool, at=old)))


@pytest.mark.parametrize("tool", TOOLS)
def test_without_a_secret_the_token_counts(tool: str) -> None:
    TOOLS[tool].verify(request(BODIES[tool], authorization="Bearer token"))
    with pytest.raises(Unauthenticated):
        TOOLS[tool].verify(request(BODIES[tool], authorization="Bearer other"))


def test_the_published_example_of_svix_verifies_under_both_names_of_its_headers() -> None:
    """The vector of the standard that incident.io signs by: https://www.standardwebhooks.com."""
    body, at = b'{"test": 2432232314}', "1614265330"
    signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    known = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    for name in ("webhook", "svix"):
        said = {"id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "timestamp": at, "signature": signature}
        headers = {f"{name}-{part}": value for part, value in said.items()}
        then = datetime.fromtimestamp(int(at), tz=UTC)
        settings = SourceSettings(secrets=(known,))
        TOOLS["incident-io"].verify(Request(headers=headers, body=body, at=then, tokens=(), settings=settings))


@pytest.mark.parametrize(
    ("tool", "headers"),
    [
        ("rootly", {"x-rootly-signature": "t=1795230300,v1=d3c2de84d23f8ddb1be04dbb7a4f0d1d"}),
        ("rootly", {"x-rootly-signature": "v1=,t="}),
        ("pagerduty", {"x-pagerduty-signature": "v2=abc"}),
        ("firehydrant", {"fh-signature": "sha256="}),
    ],
)
def test_half_a_signature_is_none(tool: str, headers: dict[str, str]) -> None:
    settings = SourceSettings(secrets=(KEY,))
    with pytest.raises(Unauthenticated):
        TOOLS[tool].verify(Request(headers=headers, body=b"{}", at=NOW, tokens=(), settings=settings))


def test_a_secret_of_incident_io_that_cannot_be_one_is_found_by_check() -> None:
    assert TOOLS["incident-io"].secret("not base64!")
    assert not TOOLS["incident-io"].secret(secret("incident-io"))
