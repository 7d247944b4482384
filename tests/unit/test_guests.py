"""What other tools say of their channels and incidents, and whether it was they who said it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.sources.source import Request, SourceSettings
from bot.errors import BadRequest, Unauthenticated
from bot.guests import TOOLS
from bot.guests.posted import posted
from bot.guests.tool import Invited
from bot.incidents.guests import service_in

NOW = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
KEY = base64.b64encode(b"a key of sixteen").decode()

INCIDENT_IO = {
    "event_type": "public_incident.incident_created_v2",
    "public_incident.incident_created_v2": {
        "id": "01FDAG4SAP5TYPT98WGR2N7W91", "reference": "INC-123", "name": "fraud scorer recall is down",
        "permalink": "https://app.incident.io/incidents/123", "severity": {"name": "Critical", "rank": 2},
        "incident_status": {"name": "Investigating", "category": "active"}, "visibility": "public",
        "slack_channel_id": "C02AW36C1M5", "slack_channel_name": "inc-123-recall", "slack_team_id": "T02A1FSLE8J",
        "created_at": "2026-11-21T02:58:10Z", "updated_at": "2026-11-21T03:04:59Z",
    },
}  # fmt: skip
ROOTLY = {
    "event": {"id": "9839c4ca", "type": "incident.created", "issued_at": "2026-11-21T03:05:00Z"},
    "data": {
        "id": "b7eed587", "sequential_id": 19, "title": "Recall is down", "private": False, "status": "started",
        "url": "https://rootly.com/account/incidents/19", "slack_channel_id": "C05J7JSEA23",
        "slack_channel_name": "incident-recall", "severity": {"name": "SEV1"}, "services": [{"name": "Fraud Scorer"}],
    },
}  # fmt: skip
FIREHYDRANT = {
    "data": {
        "incident": {
            "id": "04d9fd1a", "name": "recall", "severity": {"slug": "SEV2", "description": "It hurts."},
            "current_milestone": "started", "updated_at": "2026-11-21 03:04:59 UTC", "priority": {"slug": "P3"},
            "incident_url": "https://app.firehydrant.io/incidents/1", "impacts": [{"name": "fraud-scorer"}],
            "incident_channels": [{"id": "C05J7JSEA23", "name": "inc-602-hark"}],
        }
    },
    "event": {"operation": "CREATED", "resource_type": "incident"},
}  # fmt: skip
PAGERDUTY = {
    "event": {
        "id": "5ac64822", "event_type": "incident.resolved", "resource_type": "incident",
        "occurred_at": "2026-11-21T03:04:59.123Z",
        "data": {
            "id": "PGR0VU2", "type": "incident", "status": "resolved", "title": "recall", "urgency": "high",
            "html_url": "https://acme.pagerduty.com/incidents/PGR0VU2", "priority": {"summary": "P1"},
        },
    }
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "incident-io": INCIDENT_IO, "rootly": ROOTLY, "firehydrant": FIREHYDRANT, "pagerduty": PAGERDUTY,
}  # fmt: skip


def request(body: Any, secrets: tuple[str, ...] = (), /, **headers: str) -> Request:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(
        headers=named, body=content, at=NOW, tokens=("token",), settings=SourceSettings(secrets=secrets)
    )  # fmt: skip


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


@pytest.mark.parametrize(
    ("tool", "channel", "severity"),
    [("incident-io", "C02AW36C1M5", "Critical"), ("rootly", "C05J7JSEA23", "SEV1"),
     ("firehydrant", "C05J7JSEA23", "SEV2")],
)  # fmt: skip
def test_the_channel_and_what_it_is_about_are_read(tool: str, channel: str, severity: str) -> None:
    invited = TOOLS[tool].read(request(BODIES[tool])).invited
    assert invited is not None
    assert (invited.channel, invited.severity) == (channel, severity)
    assert service_in(" / ".join(invited.words), ["fraud-scorer", "ranker"]) == "fraud-scorer"


def changed(tool: str, **values: Any) -> Any:
    """The tool's example with other values in its incident."""
    body = json.loads(json.dumps(BODIES[tool]))
    inner = {"incident-io": lambda: body["public_incident.incident_created_v2"], "rootly": lambda: body["data"],
             "firehydrant": lambda: body["data"]["incident"]}[tool]()  # fmt: skip
    inner.update(values)
    return body


@pytest.mark.parametrize(
    ("body", "tool", "because"),
    [
        (changed("incident-io", slack_channel_id=None), "incident-io", "no channel yet"),
        (changed("incident-io", incident_status={"category": "closed"}), "incident-io", "is over"),
        ({"event_type": "private_incident.incident_created_v2"}, "incident-io", "nothing is done about private"),
        (changed("rootly", slack_channel_id=None), "rootly", "no channel yet"),
        (changed("rootly", status="resolved"), "rootly", "is over"),
        (changed("firehydrant", incident_channels=[]), "firehydrant", "no channel yet"),
        (changed("firehydrant", current_milestone="resolved"), "firehydrant", "is over"),
        ({"data": {}, "event": {"resource_type": "change_event"}}, "firehydrant", "nothing is done about change"),
        (changed("incident-io", incident_status={"category": "learning"}), "incident-io", "is over"),
        (changed("rootly", status="mitigated"), "rootly", "is mitigated"),
        (
            {"event": {"type": "incident.scheduled.created"}, "data": {}},
            "rootly",
            "nothing is done about incident.sch",
        ),
        (changed("firehydrant", current_milestone="mitigated"), "firehydrant", "is mitigated"),
        ({"event": {"event_type": "service.updated", "data": {"type": "service"}}}, "pagerduty", "nothing is done"),
        ({"event": {"event_type": "pagey.ping", "data": {"type": "ping"}}}, "pagerduty", "nothing is done"),
    ],
)
def test_what_is_no_invitation_says_why(body: Any, tool: str, because: str) -> None:
    heard = TOOLS[tool].read(request(body))
    assert heard.invited is None
    assert because in heard.because


MINUTE = datetime(2026, 11, 21, 3, 4, 59, tzinfo=UTC)


def standing(category: str) -> Any:
    """An incident of incident.io in a status of that category."""
    return changed("incident-io", incident_status={"category": category})


@pytest.mark.parametrize(
    ("body", "tool", "expected"),
    [
        (INCIDENT_IO, "incident-io", ("going", "Investigating", MINUTE)),
        (standing("learning"), "incident-io", ("over", "resolved", MINUTE)),
        (standing("merged"), "incident-io", ("over", "merged", MINUTE)),
        (standing("paused"), "incident-io", ("going", "", MINUTE)),
        (ROOTLY, "rootly", ("going", "started", NOW)),
        (changed("rootly", status="cancelled"), "rootly", ("over", "cancelled", NOW)),
        (changed("rootly", status="mitigated"), "rootly", ("going", "mitigated", NOW)),
        (FIREHYDRANT, "firehydrant", ("going", "started", MINUTE)),
        (changed("firehydrant", current_milestone="postmortem_started"), "firehydrant",
         ("over", "postmortem started", MINUTE)),
        (changed("firehydrant", updated_at="yesterday"), "firehydrant", ("going", "started", None)),
        (PAGERDUTY, "pagerduty", ("over", "resolved", MINUTE.replace(microsecond=123000))),
    ],
)  # fmt: skip
def test_how_the_tools_incident_stands_is_read(
    body: Any, tool: str, expected: tuple[str, str, datetime | None]
) -> None:
    told = TOOLS[tool].read(request(body)).told
    assert told is not None
    assert (told.state, told.word, told.said_at) == expected
    assert bool(told.channel) != bool(told.url)
    assert told.severity in ("Critical", "SEV1", "SEV2", "P1")


@pytest.mark.parametrize(("category", "state"), [("live", "going"), ("closed", "over")])
def test_incident_io_wraps_the_incident_whose_status_changed(category: str, state: str) -> None:
    inner = INCIDENT_IO["public_incident.incident_created_v2"]
    kind = "public_incident.incident_status_updated_v2"
    status = {"name": "Anything", "category": category}
    body = {"event_type": kind, kind: {"incident": inner, "new_status": status, "previous_status": {"name": "x"}}}
    heard = TOOLS["incident-io"].read(request(body, webhook_id="msg_2"))
    assert heard.told is not None
    assert (heard.told.state, heard.told.channel, heard.delivery) == (state, "C02AW36C1M5", "msg_2")
    assert (heard.invited is not None) == (state == "going")


def test_a_severity_by_its_name_alone_is_read_too() -> None:
    invited = TOOLS["firehydrant"].read(request(changed("firehydrant", severity="SEV1"))).invited
    assert invited is not None
    assert invited.severity == "SEV1"


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


@pytest.mark.parametrize("tool", TOOLS)
@given(body=st.one_of(st.binary(max_size=60), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["event", "data", "event_type", "type", "incident", "x"]), inner, max_size=4),
    max_leaves=8,
)))  # fmt: skip
def test_nonsense_is_a_sentence(tool: str, body: Any) -> None:
    try:
        TOOLS[tool].read(request(body))
    except BadRequest as error:
        assert len(str(error)) > 10


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'{"channel": 5}', b'{"channel": "general"}', b'{"channel": "C0123ABCD", "incident": "seven"}',
     b"\xff", b'{"service": "fraud"}'],
)  # fmt: skip
def test_our_own_words_are_checked(body: bytes) -> None:
    with pytest.raises(BadRequest):
        posted(body)


def test_a_title_says_nothing_about_persons() -> None:
    invited = Invited(channel="C0123ABCD", title='ana@example.com asked, output: "take a hammer"')
    assert invited.sound.title == "(e-mail address withheld) asked, output (withheld)"


@pytest.mark.parametrize(
    ("name", "service"),
    [("inc-742-fraud-scorer-recall", "fraud-scorer"), ("inc-1-fraud_scorer", "fraud-scorer"), 
     ("inc-2-fraud", "fraud"), ("inc-3-fraudulent", ""), ("inc-4", ""), ("Fraud Scorer is slow", "fraud-scorer")],
)  # fmt: skip
def test_a_service_is_known_by_whole_words_the_longest_first(name: str, service: str) -> None:
    assert service_in(name, ["fraud", "fraud-scorer", ""]) == service


def test_a_secret_of_incident_io_that_cannot_be_one_is_found_by_check() -> None:
    assert TOOLS["incident-io"].secret("not base64!")
    assert not TOOLS["incident-io"].secret(secret("incident-io"))
