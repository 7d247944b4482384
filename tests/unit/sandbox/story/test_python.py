"""Source that means what it should, in lines that the formatter leaves alone."""

from __future__ import annotations

import ast

import pytest

from bot.sandbox.story.python import LINE, Argument, call, comment, equals, literal, pieces_of, width

TEXTS = [
    "",
    "plain",
    'he said "no"',
    "it's",
    'both "of" it\'s',
    "two\nlines\tand a \\ backslash",
    "شكرا \u202eabc\u202c",
    "日本語" * 80,
    "🧨 e\u0301 \x00 \x1b[31m \u2028 \ud800",
    "{braces} %s # no comment",
    "x" * 3000,
    "words of " * 200,
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_literal_is_the_text(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_in_a_literal_is_invisible_or_turns_the_line_around(text: str) -> None:
    assert literal(text).isprintable()


@pytest.mark.parametrize("text", TEXTS)
def test_pieces_are_the_text_together_and_none_is_too_wide(text: str) -> None:
    pieces = pieces_of(text, room=40)
    assert ast.literal_eval(f"({' '.join(pieces)})") == text
    assert all(width(piece) <= 40 for piece in pieces)


@pytest.mark.parametrize("text", TEXTS)
def test_a_call_is_as_narrow_as_the_project_wants_it(text: str) -> None:
    lines = call("await ", "stage.posts", [Argument(code="ANA"), Argument(name="text", text=text)], indent=8)
    assert all(width(line) <= LINE for line in lines)
    tree = ast.parse("\n".join(["async def story():", "  if True:", *lines]))
    (found,) = [node for node in ast.walk(tree) if isinstance(node, ast.keyword)]
    assert ast.literal_eval(found.value) == text


def test_a_short_call_stays_on_its_line() -> None:
    lines = call("await ", "stage.press", [Argument(code="ANA"), Argument(text="I'm on it")], indent=8)
    assert lines == ['        await stage.press(ANA, "I\'m on it")']


def test_long_lists_stand_one_value_below_the_other() -> None:
    assert equals("x", ["A", "B"], indent=4) == ['    assert x == ["A", "B"]']
    lines = equals("await stage.did(ANA)", ["ApprovalRequested"] * 9, indent=8)
    assert lines[0] == "        assert await stage.did(ANA) == ["
    assert lines[1:-1] == ['            "ApprovalRequested",'] * 9


def test_a_comment_never_ends_early() -> None:
    lines = comment("somebody typed\nimport os\r# " + "a word " * 60, indent=8)
    assert all(line.startswith("        # ") and width(line) <= LINE for line in lines)
