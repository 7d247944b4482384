"""YAML with places: what it reads, what it refuses, and that it never fails in another way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.yaml.reader import Section, seconds, spoken, suggestion
from bot.yaml.source import Problems, find, parse, plain


def read(text: str) -> Any:
    problems = Problems("f")
    node = parse(text, problems)
    problems.raise_if_any()
    return None if node is None else plain(node)


def refused(text: str) -> list[str]:
    problems = Problems("f")
    parse(text, problems)
    return [line.removeprefix("f:") for line in problems.lines]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", {"a": 1}),
        ("a: -1.5e3", {"a": -1500.0}),
        ("a: true", {"a": True}),
        ("a:", {"a": None}),
        ("a: ~", {"a": None}),
        ("a: no", {"a": "no"}),
        ("on: off", {"on": "off"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 2026-11-21", {"a": "2026-11-21"}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: 0x10", {"a": "0x10"}),
        ("a: '1'", {"a": "1"}),
        ('a: "true"', {"a": "true"}),
        ("a: !!str 1", {"a": "1"}),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
        ("[1, {b: c}]", [1, {"b": "c"}]),
        ("<<: {a: 1}", {"<<": {"a": 1}}),
        ("1: one", {"1": "one"}),
        ("", None),
        ("---\n", None),
        ("'a'", "a"),
    ],
)
def test_it_reads(text: str, value: Any) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "3:1: key 'a' is already used on line 1"),
        ("a: &x 1\n", "1:4: anchors and aliases (& and *) are not supported; write the value out, or quote it"),
        ("a: *x\n", "1:4: anchors and aliases"),
        ("a: !!python/name:os.system x\n", "1:4: the tag"),
        ("a: !secret x\n", "1:4: the tag '!secret' is not supported"),
        ("a: 1\n---\nb: 2\n", "2:1: a second document begins here"),
        ("? [a, b]\n: 1\n", "1:3: a key must be text"),
        ("a:\n  \t- b\n", "2:3: YAML: a tab cannot indent; use spaces"),
        ("a: 'b\n", "2:1: YAML: while scanning a quoted scalar"),
        ("a: b: c\n", "1:5: YAML: a colon in this text needs quotes"),
        ("a: {b\n", "2:1: YAML: ',' or a closing bracket is missing"),
        ("a: b\x07c\n", "1:5: YAML: a character that does not belong in a text file"),
        ("[" * 40, "1:31: nested deeper than 30 levels"),
        ("[" + "1," * 100_001 + "]", "1:200000: more than 100000 values in one file"),
        ("x" * (1 << 20) + "x", "1:1: the file has 1048577 characters"),
    ],
)
def test_it_refuses(text: str, said: str) -> None:
    found = refused(text)

    assert found
    assert found[0].startswith(said)


def test_a_bomb_of_anchors_is_defused() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{y}: &{y} [*{x}, *{x}, *{x}]\n" for x, y in zip("abcdefgh", "bcdefghi", strict=True)
    )

    assert len(refused(bomb)) == 1


def test_places_count_from_one() -> None:
    node = parse("a:\n  - x\n  - deep: y\n", Problems("f"))

    assert node is not None
    assert find(node, "x") == (2, 5)
    assert find(node, "y") == (3, 11)
    assert find(node, "z") is None


@given(
    st.text(max_size=80) | st.lists(st.sampled_from(list("a:-[]{}&*!|>'\"#%@`,? \n\t0~")), max_size=40).map("".join)
)
def test_whatever_is_written_it_is_read_or_its_problem_is_told(text: str) -> None:
    problems = Problems("f")
    node = parse(text, problems)

    if node is not None:
        plain(node)
    assert all(line.startswith("f:") for line in problems.lines)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90s", 90),
        ("5m", 300),
        ("1.5h", 5400),
        ("2d", 172_800),
        ("0s", 0),
        ("5", None),
        ("5 minutes", None),
        ("-5m", None),
    ],
)
def test_durations_are_a_number_and_a_unit(text: str, duration: float | None) -> None:
    assert seconds(text) == duration


@pytest.mark.parametrize("text", ["90s", "5m", "36h", "2d", "0s", "1.5s"])
def test_durations_are_spoken_as_they_are_written(text: str) -> None:
    duration = seconds(text)
    assert duration is not None
    assert spoken(duration) == text


def test_a_suggestion_is_made_only_for_what_is_near() -> None:
    assert suggestion("approvel", ["approval", "budget"]) == "; did you mean 'approval'?"
    assert suggestion("zzz", ["approval", "budget"]) == ""


def test_a_reader_goes_on_after_a_mistake_and_tells_them_all() -> None:
    problems = Problems("f")
    node = parse("port: x\nname: [a]\nwindow: soon\nnames: {a: b}\nextra: 1\nempty:\n", problems)
    assert node is not None
    section = Section(node, problems, "the file")

    assert section.integer("port", 8000) == 8000
    assert section.text("name") == ""
    assert section.duration("window", 60) == 60
    assert section.texts("names") == ()
    assert section.text("empty", "default") == "default"
    assert section.text("absent", required=True) == ""
    section.close()

    assert problems.lines == [
        "f:1:1: the file needs 'absent'",
        "f:1:7: 'port' must be a whole number of at least 0, not 'x'",
        "f:2:7: 'name' must be text, not a list",
        "f:3:9: 'window: soon' is not a duration; write a number and s, m, h or d, as in 5m",
        "f:4:8: 'names' must be text or a list of texts, not a mapping",
        "f:5:1: unknown key 'extra' in the file",
    ]
