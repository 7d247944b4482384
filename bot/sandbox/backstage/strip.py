"""What the strip shows: which scenario plays, what time it is, how fast it runs, and how the service does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from bot.sandbox.backstage.controls import Controls
from bot.sandbox.backstage.plots import last_value
from bot.sandbox.backstage.scales import written
from bot.sandbox.world import World
from bot.sandbox.world.charts import Chart, charts

GLANCE_MINUTES: Final = 2.0


class ScenarioRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the menu. ``label`` is the name as people write it."""

    name: str
    label: str
    sentence: str
    plays: bool


class Playing(msgspec.Struct, frozen=True, kw_only=True):
    """The menu. ``touched``: something would be lost, so playing asks first. ``pages``: the incidents' address."""

    rows: tuple[ScenarioRow, ...]
    label: str
    name: str
    touched: bool
    pages: str


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """The demo's time. ``ahead_ms`` lets a browser go on by itself; ``ahead`` says it in words, empty if it is none.

    ``at`` is cut to the minute, so that a clock that only ticks is not drawn anew every second.
    """

    at: datetime
    other_day: bool
    ahead_ms: int
    ahead: str
    rate: int


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the speeds is chosen."""

    rate: int
    fast: bool


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version that serves, or whose recall is still known. Texts are ready to be read."""

    name: str
    share: str
    recall: str
    serves: bool


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """What the scenario is about, if it is not recall. ``whose`` it is; ``bad``: beyond the alert's line."""

    name: str
    whose: str
    value: str
    bad: bool


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """The service in a few words."""

    service: str
    versions: tuple[Version, ...]
    figure: Figure | None = None


def label_of(name: str) -> str:
    """``Fraud recall drop`` for ``fraud-recall-drop``."""
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def playing(controls: Controls, *, pages: str) -> Playing:
    """The menu as it is now."""
    current = controls.scenario()
    rows = tuple(
        ScenarioRow(name=name, label=label_of(name), sentence=sentence, plays=name == current)
        for name, sentence in controls.scenarios.items()
    )
    return Playing(rows=rows, label=label_of(current), name=current, touched=controls.touched(), pages=pages)


def in_words(span: timedelta) -> str:
    """``3 h 20 min``: the two largest units, seconds only below a minute; empty for less than a second."""
    seconds = int(span.total_seconds())
    days, hours, minutes = seconds // 86400, seconds % 86400 // 3600, seconds % 3600 // 60
    if seconds < 60:
        return f"{seconds} s" if seconds > 0 else ""
    parts = [(days, "d"), (hours, "h"), (minutes, "min")]
    while parts[0][0] == 0:
        parts.pop(0)
    return " ".join(f"{count} {unit}" for count, unit in parts[:2] if count)


def clock(controls: Controls) -> Clock:
    """What time it is, to the minute."""
    now, ahead = controls.now(), controls.ahead()
    words = in_words(ahead)
    return Clock(
        at=now.replace(second=0, microsecond=0),
        other_day=now.date() != (now - ahead).date(),
        ahead_ms=round(ahead.total_seconds() * 1000),
        ahead=f"+{words} ahead" if words else "",
        rate=controls.rate(),
    )


def rate(controls: Controls) -> Rate:
    """How fast time runs."""
    chosen = controls.rate()
    return Rate(rate=chosen, fast=chosen > 1)


def version_name(version: str) -> str:
    """``v42`` for the version ``42``; any other name as it is."""
    return f"v{version}" if version[:1].isdigit() else version


def telling(charts: Sequence[Chart]) -> Figure | None:
    """The highest line of the most telling chart, if there is an alert for it; None if the chart is about recall."""
    chart = next(iter(charts), None)
    if chart is None or chart.threshold is None or "recall" in chart.title.lower():
        return None
    last = [(found[0], line.name) for line in chart.lines if (found := last_value(line))]
    if not last:
        return None
    value, name = max(last)
    what = chart.title.partition(",")[0].partition(" by ")[0]
    return Figure(name=what, whose=name, value=written(value, chart.unit), bad=value > chart.threshold)


def glance(world: World) -> Glance:
    """The versions with traffic, the largest share first, then those whose recall is still measured."""
    shares = {version: share for version, share in world.shares("production").items() if share > 0}
    recall = world.live_recall()
    order = sorted({*shares, *recall}, key=lambda version: (-shares.get(version, 0.0), version))
    return Glance(
        service=world.scenario.service,
        versions=tuple(
            Version(
                name=version_name(version),
                share=f"{shares.get(version, 0.0):.0%}".replace("%", " %"),
                recall=f"{recall[version]:.2f}" if version in recall else "",
                serves=version in shares,
            )
            for version in order
        ),
        figure=telling(charts(world, minutes=GLANCE_MINUTES)),
    )
