"""What is asserted of a sentence is the part that is the same on another day."""

from __future__ import annotations

import pytest

from bot.sandbox.story.phrases import phrase


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("You asked for it, so somebody else has to approve it.",) * 2,
        ("This needs a yes from <@U0BEN>.", "This needs a yes from"),
        ("The request ended at <!date^1790000000^{time}|11:29>.", "The request ended at"),
        ("INC-1 was resolved at 05:39.", "was resolved at"),
        ("*Recall* 0.753, was 0.836 · 1,586 confirmed frauds", "confirmed frauds"),
        ("12:30", ""),
        ("", ""),
        ("a\nb\nthe third line is not read", ""),
    ],
)
def test_numbers_links_and_markup_are_left_out(said: str, kept: str) -> None:
    assert phrase(said) == kept


def test_a_long_sentence_is_cut_between_words() -> None:
    found = phrase("word " * 100)
    assert len(found) <= 90
    assert found.endswith("word")
