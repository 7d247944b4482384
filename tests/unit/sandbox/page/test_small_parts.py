"""Emoji, pictures, colours, folding and what menus offer: the small functions behind the blocks."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from bot.sandbox.page.choices import groups_of, said
from bot.sandbox.page.colours import swatch
from bot.sandbox.page.emoji import EMOJI, character
from bot.sandbox.page.folding import folded
from bot.sandbox.page.images import image_url
from bot.sandbox.page.names import Names
from tests.unit.sandbox.page.drawing import NAMES, plain


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("+1", "👍"),
        ("+1::skin-tone-2", "👍🏻"),
        ("point_up::skin-tone-6", "☝🏿"),
        ("technologist::skin-tone-3", "🧑🏼‍💻"),
        ("rocket::skin-tone-3", "🚀"),
        ("+1::skin-tone-9", None),
        ("nobody", None),
        ("nobody::skin-tone-3", None),
    ],
)
def test_a_skin_tone_follows_who_can_have_one(name: str, drawn: str | None) -> None:
    """Things have none; an unknown name stays a name."""
    assert character(name) == drawn


def test_there_is_a_good_set_of_emoji() -> None:
    """Names as they are written between colons."""
    assert len(EMOJI) > 600
    assert all(name == name.lower() and " " not in name for name in EMOJI)


@pytest.mark.parametrize(
    ("image", "url"),
    [
        ({"image_url": "http://127.0.0.1:8000/c.png"}, "http://127.0.0.1:8000/c.png"),
        ({"image_url": "http://localhost/c.png"}, "http://localhost/c.png"),
        ({"image_url": "https://example.com/c.png"}, None),
        ({"image_url": "http://127.0.0.1.example.com/c.png"}, None),
        ({"image_url": "http://127.0.0.1@example.com/c.png"}, None),
        ({"image_url": "javascript:alert(1)"}, None),
        ({"image_url": None}, None),
        ({"slack_file": {"id": "F1/../x"}}, "/files/F1%2F..%2Fx/picture?as=U1"),
        ({"slack_file": {"url": "https://files.example/x.png"}}, None),
    ],
)
def test_pictures_come_from_this_machine_only(image: dict[str, object], url: str | None) -> None:
    """Or from the workspace's own files."""
    assert image_url(image, NAMES) == url


def test_a_colour_is_shown_with_a_square_of_it() -> None:
    """Anything else stays text."""
    assert 'fill="#ff0000"' in swatch("#ff0000")
    assert swatch("red<") == "red&lt;"
    assert swatch(None) == ""


def test_only_long_texts_are_folded() -> None:
    """By characters or by lines."""
    html = Markup("x")
    assert folded(html, "short") == html
    assert "<details" in folded(html, "x" * 2000)
    assert "<details" in folded(html, "\n" * 30)


def test_menus_offer_people_channels_or_their_own_options() -> None:
    """In groups where there are groups."""
    users = groups_of({"type": "multi_users_select"}, NAMES)[0].choices
    assert [(choice.value, choice.label) for choice in users] == [("U1", "ana"), ("U2", "ben")]
    assert groups_of({"type": "conversations_select"}, NAMES)[0].choices[0].label == "#general"
    option = {"text": plain(":tada: One"), "value": "1", "description": plain("more")}
    grouped = groups_of(
        {"type": "static_select", "option_groups": [{"label": plain("G"), "options": [option]}]}, NAMES
    )
    assert (grouped[0].label, grouped[0].choices[0].label, grouped[0].choices[0].about) == ("G", "🎉 One", "more")


@pytest.mark.parametrize(
    ("element", "offered"),
    [
        ({"type": "channels_select"}, ["C1"]),
        ({"type": "conversations_select"}, ["C1", "C2"]),
        ({"type": "multi_conversations_select", "filter": {"include": ["private"]}}, ["C2"]),
        ({"type": "conversations_select", "filter": {"include": ["im"]}}, []),
        ({"type": "conversations_select", "filter": {"exclude_bot_users": True}}, ["C1", "C2"]),
    ],
)
def test_private_channels_are_offered_as_the_filter_says(element: dict[str, object], offered: list[str]) -> None:
    """A channels_select knows public ones only."""
    names = Names(me="U1", users={}, channels={"C1": "general", "C2": "secret"}, private=frozenset({"C2"}))
    assert [choice.value for choice in groups_of(element, names)[0].choices] == offered


def test_a_text_object_is_said_in_plain_characters() -> None:
    """For attributes and menus, which take no markup."""
    assert said(plain("a &amp; b :nobody: 10:30:15")) == "a & b :nobody: 10:30:15"
    assert said(None) == ""
