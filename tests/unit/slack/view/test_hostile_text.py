"""Whatever alerts, sources and people write: Slack accepts the drawing, and nobody is called by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from slack_sdk.models.blocks import Block

from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.sandbox.workspace.blocks_check import checked_blocks
from bot.sandbox.workspace.stamps import Stamps
from bot.slack.view import view
from bot.slack.view.text import link, plain, said
from bot.slack.view.tray import tray
from tests.unit.slack.stories import ANA, BARE, BEN, WORKPLACE, Story

NOW = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
HOSTILE = st.one_of(
    st.text(max_size=300),
    st.sampled_from(["<!channel>", "<@U123>", "@everyone", "<https://x|y>", "&" * 5000, "<" * 5000, "", "\n" * 50]),
    st.text(alphabet="&<>|@`*_~\n\r\t\u2028 2026-11-21T02:51:00Z", max_size=4000),
)
_MENTION = re.compile(r"<!(channel|here|everyone)|<@(?!U0ANA|U0BEN)")


def _messages(incident: Incident) -> list[dict[str, Any]]:
    messages = [surface.content for surface in view(incident, WORKPLACE) if surface.kind == "message"]
    return [*messages, tray(incident, WORKPLACE, user=ANA, now=NOW)]


def _parsed(value: Any) -> list[str]:
    """The texts in which Slack looks for mentions: not those of headers and buttons."""
    if isinstance(value, list):
        return [text for item in value for text in _parsed(item)]
    if not isinstance(value, dict) or value.get("type") == "plain_text":
        return []
    texts = [value["text"]] if isinstance(value.get("text"), str) else []
    return texts + [text for item in value.values() for text in _parsed(item)]


def _accepted(content: dict[str, Any]) -> None:
    stamps = Stamps(clock=lambda: NOW, ids=count(1))
    assert checked_blocks(content["blocks"], stamps)
    for block in content["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
    assert len(content["text"]) <= 4000


@settings(max_examples=60, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_slack_accepts_every_drawing_of_every_text(one: str, two: str, three: str) -> None:
    story = Story().measured()
    story.then(
        ev.StepMeasured(step="live", attempt=1, verdict="bad", because=one, value=0.7, baseline=0.8),
        ev.StepMeasured(step="store", attempt=1, verdict="error", because=two),
        ev.StepDone(step="upstream", answer=three),
        ev.UpdatePublished(audience=one[:50], text=two),
        ev.DoneOutside(step="rollback", note=three),
        by=ANA,
    ).then(ev.Reopened(reason=one))
    incident = replace(
        story.incident(), service=two, alert_name=one, alert_text=three, title=one, alert_url=two,
        consumers=(three,) * 9, owner=one,
    )  # fmt: skip
    for content in _messages(incident):
        _accepted(content)
        assert not [text for text in _parsed(content) if _MENTION.search(text)]


@pytest.mark.parametrize("moment", ["measured", "asked", "rolling_back", "watched", "resolved"])
def test_slack_accepts_what_is_shown_at_every_moment(moment: str) -> None:
    story = Story()
    getattr(story, moment)()
    for content in _messages(story.incident()):
        _accepted(content)


def test_slack_accepts_what_is_shown_with_nothing_connected() -> None:
    for content in _messages(Story(BARE, connected=False).incident()):
        _accepted(content)


def test_ten_thousand_alerts_are_a_number_on_the_screen() -> None:
    story = Story().then(*(ev.AlertsAttached(count=100) for _ in range(100)))
    surfaces = {surface.key: surface for surface in view(story.incident(), WORKPLACE)}
    assert "more than 10,000 alerts" in str(surfaces["announcement"].content)


@given(st.text(max_size=400), st.integers(min_value=1, max_value=200))
def test_said_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(said(text, limit)) <= limit
    assert len(plain(text, limit)) <= limit


def test_nothing_is_cut_in_half() -> None:
    assert said("a&&&&", 12) == "a&amp;&amp;…"
    assert said("at 2026-11-21T02:51:00Z it began", 10) == "at…"


def test_moments_are_drawn_for_their_reader() -> None:
    at = int(datetime(2026, 11, 21, 2, 51, tzinfo=UTC).timestamp())
    assert said("released 2026-11-21T02:51:00Z") == f"released <!date^{at}^{{time}}|02:51 UTC>"
    assert said("2026-13-45T99:99:99Z") == "2026-13-45T99:99:99Z"


def test_only_our_own_sentences_name_people() -> None:
    assert said(f"ask <@{BEN}>", ours=True) == f"ask <@{BEN}>"
    assert said(f"ask <@{BEN}>") == f"ask &lt;@{BEN}&gt;"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "", "https://x y", "ftp://x"])
def test_only_addresses_of_the_web_become_links(address: str) -> None:
    assert link(address, "Source") == ""


def test_an_address_cannot_end_its_link() -> None:
    assert link("https://x/?a=1&b=|<y>", "S|rc") == "<https://x/?a=1&amp;b=%7C%3Cy%3E|S/rc>"


@pytest.mark.parametrize("draw", [said, plain])
def test_nobody_turns_around_what_is_read_after_it(draw: Callable[[str], str]) -> None:
    assert draw("model\u202egpj.exe\u2066 is @\u202echannel late") in (
        "modelgpj.exe is @\u200bchannel late", "modelgpj.exe is @channel late",
    )  # fmt: skip
