"""The experiments that run on a service's users: a list of names, or each with when it runs and its page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from bot.runbooks.schema.experiment import Experiment
from bot.yaml.reader import Section

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_experiments(section: Section) -> tuple[Experiment, ...]:
    """What stands under ``experiments``; every problem is noted there."""
    node = section.take("experiments")
    if node is None or not isinstance(node.value, dict):
        return tuple(Experiment(name=name) for name in dict.fromkeys(section.texts("experiments")))
    return tuple(_experiment(name, inner) for name, inner in section.sections("experiments", "experiment"))


def _experiment(name: str, section: Section) -> Experiment:
    found = Experiment(
        name=name, since=_moment(section, "since"), until=_moment(section, "until", ends=True),
        url=_page(section),
    )  # fmt: skip
    if found.since and found.until and found.until <= found.since:
        section.problem("until", f"'until' of {section.name} comes before its 'since'")
    section.close()
    return found


def _moment(section: Section, key: str, *, ends: bool = False) -> datetime | None:
    """A day means its beginning, as an end the end of it, in UTC; a time says its zone."""
    text = section.text(key)
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            day = datetime.combine(date.fromisoformat(text), time(), tzinfo=UTC)
            return day + timedelta(days=1) if ends else day
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    section.problem(key, f"'{key}: {text}' is no day and no time; write 2026-11-21, or 2026-11-21T02:51:00Z")
    return None


def _page(section: Section) -> str:
    address = section.text("url")
    if address and not address.startswith(("https://", "http://")):
        section.problem("url", f"'url: {address}' is not an address; it begins with https://")
    return address
