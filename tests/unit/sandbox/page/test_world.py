"""The strip of the model services takes what the world tells and leaves out what it cannot read."""

from __future__ import annotations

import pytest

from bot.sandbox.page.world import Figure, services


def test_versions_with_traffic_come_first() -> None:
    """A share that nobody reports is unknown, not zero."""
    state = {"services": {"fraud-scorer": {"traffic": {"41": 0.1, "42": 0.9}, "recall": {"42": 0.71, "43": None}}}}
    (service,) = services(state)
    assert service.figures == (
        Figure(version="42", traffic=0.9, recall=0.71),
        Figure(version="41", traffic=0.1, recall=None),
        Figure(version="43", traffic=None, recall=None),
    )


def test_flags_are_on_or_off() -> None:
    """One flag or several by name."""
    assert [row.flag for row in services({"services": [{"name": "a", "flag": True}]})] == ["on"]
    assert [row.flag for row in services({"services": {"a": {"flag": {"x": False}}}})] == ["x off"]


@pytest.mark.parametrize(
    "state", [None, [], {}, {"services": 5}, {"services": {"a": 1}}, {"services": {"a": {"recall": 3}}}]
)
def test_nonsense_is_left_out(state: object) -> None:
    """The page never fails because of it."""
    assert services(state) == []
