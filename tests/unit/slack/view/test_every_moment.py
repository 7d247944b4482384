"""What holds for every message at every moment: it fits on a phone, and its emoji can be shown."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

import bot.slack.view
from bot.sandbox.page.emoji import EMOJI
from bot.slack.view import view
from bot.slack.view.card import card
from bot.slack.view.tray import tray
from tests.unit.slack.moments import MOMENTS
from tests.unit.slack.stories import ANA, BEN, WORKPLACE
from tests.unit.slack.transcript import buttons, read

#: buttons that every task has of its own
_BY_TASK = {"Done", "Answer", "Skip"}
_NAME = re.compile(r":([a-z][a-z0-9_+-]+):")


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_emoji_that_is_drawn_is_known_to_the_sandbox(moment: str) -> None:
    story = MOMENTS[moment]()
    incident = story.incident()
    drawn = [surface.content for surface in view(incident, WORKPLACE) if surface.kind == "message"]
    drawn.append(tray(incident, WORKPLACE, user=ANA, now=story.now))
    texts = re.findall(r'"text":"((?:[^"\\]|\\.)*)"', msgspec.json.encode(drawn).decode())
    assert {name for text in texts for name in _NAME.findall(text)} <= EMOJI.keys()


def test_every_emoji_that_the_view_can_draw_is_known_to_the_sandbox() -> None:
    sources = Path(bot.slack.view.__file__).parent.rglob("*.py")
    names = {name for source in sources for name in _NAME.findall(source.read_text(encoding="utf-8"))}
    assert {"sos", "memo", "raised_hand"} <= names
    assert names <= EMOJI.keys()


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_card_fits_on_a_phone(moment: str) -> None:
    lines = read(card(MOMENTS[moment]().incident(), WORKPLACE)).splitlines()
    assert len(lines) <= 15, "\n".join(lines)


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_button_stands_on_the_card_twice_for_one_thing(moment: str) -> None:
    blocks = card(MOMENTS[moment]().incident(), WORKPLACE).content["blocks"]
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    pressed = [(element["action_id"], element["value"]) for row in rows for element in row]
    assert len(pressed) == len(set(pressed))
    labels = [element["text"]["text"] for row in rows for element in row if element["text"]["text"] not in _BY_TASK]
    assert len(labels) == len(set(labels)) == len(buttons(blocks).keys() - _BY_TASK)


def _drawn(moment: str, key: str) -> str:
    surfaces = view(MOMENTS[moment]().incident(), WORKPLACE)
    return read(next(surface for surface in surfaces if surface.key == key))


def test_what_a_watch_lacks_is_named_by_its_metrics_not_by_steps() -> None:
    assert "metrics.drift`, `services.fraud-scorer.metrics.quality`" in _drawn("bad data", "gaps")
    assert "metrics.shift" not in _drawn("bad data", "gaps")


def test_options_are_never_offered_without_their_question() -> None:
    asked = "Then contain it first.*\n[I'm on it]  [Record finding]  [Contain the bad data first]"
    assert asked in _drawn("bad data", "first")


def test_the_request_stays_a_record_of_who_asked_and_who_approved() -> None:
    asked = f"*Rollback to v41*: asked by <@{ANA}> 03:07 UTC, approved by <@{BEN}> 03:08 UTC"
    refused = _drawn("refused", "approval:rollback:1")
    assert refused == f":no_entry: {asked}; it was not carried out, see the card on top."
    unknown = _drawn("unknown", "approval:rollback:1")
    assert unknown == f":question: {asked}; nobody can tell whether it was carried out, see the card on top."


def test_what_a_person_says_was_done_is_not_told_as_seen_in_traffic() -> None:
    said = f"*Rollback to v41* was carried out, says <@{ANA}> 03:10 UTC; traffic last showed 37 %."
    assert said in _drawn("settled", "first")


def test_the_announcement_after_a_watch_that_held_waits_to_be_resolved() -> None:
    told = _drawn("watch over", "announcement")
    assert told.startswith(":large_yellow_circle:")
    assert "fixed and watched, waits to be resolved" in told


def test_the_card_of_a_resolved_incident_keeps_what_was_done() -> None:
    assert "*Rollback to v41*: v41 serves (100 % of traffic) since 03:09 UTC" in _drawn("resolved", "first")
