"""How much hangs on the service stands in the card's last line."""

from __future__ import annotations

from msgspec.structs import replace

from bot.slack.view.small_print import small_print
from tests.unit.slack.stories import WORKPLACE, Story


def test_the_last_line_says_the_tier_where_the_catalogue_does() -> None:
    head = Story().measured().incident()
    assert "tier 1" in small_print(replace(head, tier=1), WORKPLACE)
    assert not any(part.startswith("tier") for part in small_print(head, WORKPLACE))
