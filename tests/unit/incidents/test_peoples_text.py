"""What people typed can be blanked."""

from __future__ import annotations

import pytest

from bot.incidents.events import PEOPLES_TEXT


@pytest.mark.parametrize("kind", ["Reopened", "Resolved", "Cancelled", "NoteAdded", "WhyAdded"])
def test_the_words_that_people_typed_are_among_what_may_be_blanked(kind: str) -> None:
    assert PEOPLES_TEXT[kind] in (("reason",), ("summary",), ("text",))
