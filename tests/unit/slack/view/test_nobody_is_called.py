"""No text from outside rings for anybody: over every surface, in every place and state, private or not.

Every text field of the head is replaced by one that would call people, but for ids, which Slack itself gave.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.incidents.together import Merged
from bot.incidents.triage import Triage
from bot.service.reporting import Reported
from bot.slack.interactions.desk import Place
from bot.slack.interactions.reporting import thanks
from bot.slack.view import view
from bot.slack.view.status import one_line, status, steps
from bot.slack.view.tray import tray
from tests.unit.slack.stories import ANA, BEN, OPENED, WORKPLACE, Story

HOSTILE = (
    "<!channel>", "<!here|here>", "<!subteam^S123>", "<@U0EVIL>", "@everyone", "@channel now", "<!everyone>",
    "<https://evil.example|click>", "x\u202e\x00<!channel>\n<!here>", "&lt;!channel&gt;", "ana@example.com",
)  # fmt: skip
#: what Slack gave us, or one of our own words
IDS = frozenset({
    "status", "place", "severity", "failure_mode", "channel", "channel_name", "lead", "opened_by",
    "acknowledged_by", "status_by", "keeper", "fled", "left", "invite", "people", "rotas", "acted", "pages",
    "seen", "runbook", "team_id", "page", "escalation", "by", "assigned", "approvers", "reminded", "phase",
    "verdict", "kind", "announce_in", "dismissed_by", "kept_open_by", "into_channel", "judged", "how",
    "outcome", "choice", "refused", "owner", "file", "role", "requested_by", "approved_by", "step", "audience",
    "pins", "sections", "audiences", "confirmed_by", "decided_by", "state", "placed_by", "ended_by", "asked_by",
    "overridden", "what", "to",
})  # fmt: skip
_RINGS = re.compile(r"<!(?!date\^)|<@(?!U0ANA>|U0BEN>)|@(?:channel|here|everyone)\b|\w@example\.com|<https://evil")


def poisoned(value: Any, word: str) -> Any:
    """The value with ``word`` in every text that is not an id."""
    if isinstance(value, str):
        return word
    if isinstance(value, tuple):
        return tuple(poisoned(item, word) for item in value)
    if isinstance(value, dict):
        return {key: poisoned(item, word) for key, item in value.items()}
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__ if name not in IDS}
        return replace(value, **{name: poisoned(item, word) for name, item in fields.items()})
    return value


def heads() -> dict[str, Incident]:
    """An incident in each of its places and states."""
    told = Story().watched().then(
        ev.HypothesisAdded(hypothesis=1, text="the labels"), ev.HelpAsked(step="decide", reason="no idea"), by=ANA
    )  # fmt: skip
    told.then(ev.UpdatePublished(audience="risk", text="We look.", step="told"), by=ANA)
    told.then(ev.AlertsAttached(count=3, reports=2, names=("RecallDown",)), by="alertmanager")
    told.then(ev.FlappingSeen(fingerprint="f", name="RecallDown", source="alertmanager", times=4))
    full = replace(
        told.incident(), reports=2, held=True, labels={"a": "b"}, tool="incident.io", tool_url="https://x.example",
        reported_first=True, reopened=1, reopened_because="it came back", experiments=(),
        alerts=5, route="all", dependencies=("features",),
    )  # fmt: skip
    merged = replace(full.together, merged=(Merged(number=2, title="t", service="s", at=OPENED),))
    full = replace(full, together=merged)
    waits = Triage(since=OPENED)
    return {
        "channel": full,
        "resolved": replace(full, status="resolved", status_by=ANA, status_at=OPENED + timedelta(hours=1)),
        "cancelled": replace(full, status="cancelled", status_by=ANA, status_at=OPENED),
        "thread": replace(full, place="thread", channel=""),
        "guest": replace(full, place="guest", channel="C0THEIRS", left=("C0INC1",)),
        "private": replace(full, private=True, channel_name="inc-1"),
        "moved": replace(full, private=True, moves=1, fled=("C0INC1",), channel="C0PRIV"),
        "direct": replace(full, private=True, place="direct", keeper=ANA, no_channel="restricted_action", channel=""),
        "nobody": replace(full, private=True, place="direct", no_channel="x", channel=""),
        "triage": replace(full, status="triage", triage=waits, channel=""),
        "private triage": replace(full, status="triage", triage=waits, channel="", private=True),
        "merged": replace(full, status="merged", together=replace(merged, into=3, into_channel="C0THREE")),
    }  # fmt: skip


def said_in(incident: Incident) -> list[str]:
    """Every text that Slack would look for mentions in, in drawings and in answers."""
    surfaces = view(incident, WORKPLACE)
    assert surfaces
    contents: list[Any] = [surface.content for surface in surfaces if surface.kind not in ("members", "channel")]
    contents += [status(incident, WORKPLACE), tray(incident, WORKPLACE, user=ANA, now=OPENED), one_line(incident)]
    contents += [steps(incident), thanks(Reported(incident, 2), Place(user=BEN))]
    return [text for content in contents for text in _texts(content)]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    if not isinstance(value, dict) or value.get("type") == "plain_text":
        return []
    mute = {"action_id", "block_id", "value", "url", "type", "link"}
    return [text for name, item in value.items() if name not in mute for text in _texts(item)]


@pytest.mark.parametrize("word", HOSTILE)
@pytest.mark.parametrize("name", list(heads()))
def test_no_drawing_and_no_answer_calls_anybody_or_shows_an_address(name: str, word: str) -> None:
    incident = poisoned(heads()[name], word)
    rings = [text for text in said_in(incident) if _RINGS.search(text)]
    assert rings == []


@pytest.mark.parametrize("name", ["private", "moved", "direct", "nobody", "private triage"])
def test_nothing_that_a_private_incident_is_about_is_drawn_for_a_public_place(name: str) -> None:
    incident = poisoned(heads()[name], "xyzzy")
    public = [surface for surface in view(incident, WORKPLACE) if surface.place.startswith(("#", "C0INC1"))]
    assert public
    for surface in public:
        if not surface.key.startswith("update:"):  # what somebody told stakeholders on purpose
            assert not [text for text in _texts(surface.content) if "xyzzy" in text]
