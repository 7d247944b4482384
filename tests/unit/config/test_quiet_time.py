"""When a quiet incident is proposed to be resolved, whether it may be by itself, and when its channel goes."""

from __future__ import annotations

import pytest

from bot.config import load_settings
from bot.errors import ConfigurationError


def settings(text: str) -> tuple[float, float | None]:
    found = load_settings(text, file="evenkeel.yaml", environment={}, read_secret=str)
    return found.propose_resolve_after, found.resolve_after


def test_unless_it_is_written_only_people_resolve() -> None:
    assert settings("installation: here\n") == (600.0, None)


def test_both_times_can_be_written() -> None:
    assert settings("propose_resolve_after: 30m\nresolve_after: 12h\n") == (1800.0, 43200.0)


def test_a_time_that_is_none_is_refused_with_its_place() -> None:
    with pytest.raises(ConfigurationError, match=r"evenkeel\.yaml:1:16: 'resolve_after: never' is not a duration"):
        settings("resolve_after: never\n")


def test_channels_stay_unless_it_is_written_and_never_go_within_the_hour() -> None:
    def after(text: str) -> float | None:
        return load_settings(text, file="evenkeel.yaml", environment={}, read_secret=str).archive_after

    assert after("installation: here\n") is None
    assert after("archive_after: 14d\n") == 14 * 86400.0
    with pytest.raises(ConfigurationError, match=r"evenkeel\.yaml:1:16: 'archive_after' is shorter than an hour"):
        after("archive_after: 59m\n")
