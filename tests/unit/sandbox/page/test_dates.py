"""Times are written in UTC and carry what a browser needs to localise them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.sandbox.page.dates import date_token, in_utc

AT = datetime(2026, 9, 21, 14, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("{date_short_pretty} {time}", "Sep 21, 2026 14:05 UTC"),
        ("{date}", "September 21st, 2026"),
        ("{date_long}", "Monday, September 21st, 2026"),
        ("{date_num} at {time_secs}", "2026-09-21 at 14:05:09 UTC"),
        ("{nonsense}", "{nonsense}"),
        ("{date_slash}", "21/09/2026"),
        ("{date_long_full}", "September 21, 2026"),
        ("{date_long_pretty}", "Monday, September 21st, 2026"),
        ("{day_divider_pretty}", "Monday, September 21st, 2026"),
        ("{ago}", "2026-09-21 14:05 UTC"),
    ],
)
def test_slack_formats_are_written_out(pattern: str, text: str) -> None:
    """The zone is named where a time of day is shown."""
    assert in_utc(AT, pattern) == text


def test_a_token_becomes_a_time_element() -> None:
    """Its datetime is exact, its format is Slack's."""
    html = date_token("1790000000^{time}", "then")
    assert html == '<time datetime="2026-09-21T14:13:20Z" data-format="{time}">14:13 UTC</time>'


def test_a_token_with_an_address_is_a_link_if_the_address_is_safe() -> None:
    """The time itself is what one presses."""
    assert date_token("1790000000^{time}^https://example.com", "").startswith('<a href="https://example.com"')
    assert date_token("1790000000^{time}^javascript:alert(1)", "").startswith("<time ")


@pytest.mark.parametrize("body", ["", "soon^{time}", "1790000000", "-5^{time}", "999999999999^{time}"])
def test_a_token_that_cannot_be_read_shows_its_fallback(body: str) -> None:
    """Never an error in the page."""
    assert date_token(body, "<then>") == "&lt;then&gt;"
