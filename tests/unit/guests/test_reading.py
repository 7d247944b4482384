"""What other tools say of their channels and incidents."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadRequest
from bot.guests import TOOLS
from bot.guests.posted import posted
from bot.guests.tool import Invited
from bot.incidents.guests import service_in
from tests.unit.guests.examples import BODIES, FIREHYDRANT, INCIDENT_IO, NOW, PAGERDUTY, ROOTLY, changed, request


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
        (
            {"event": {"type": "incident_event.created"}, "data": {"severity": 7, "services": ["x"]}},
            "rootly",
            "nothing is done about incident_event",
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
