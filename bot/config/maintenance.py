"""When alerts are expected: ``maintenance`` of evenkeel.yaml."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot.alerts.quiet import Window
from bot.config.routes import read_match
from bot.yaml.reader import Section, suggestion

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def read_maintenance(section: Section) -> tuple[Window, ...]:
    """The windows; every problem is noted in the section."""
    found = []
    for number, node in enumerate(section.items("maintenance"), 1):
        inner = Section(node, section.problems, f"maintenance window {number}")
        window = _window(inner, inner.text("name") or f"window {number}")
        inner.close()
        if window is not None:
            found.append(window)
    return tuple(found)


def _window(section: Section, name: str) -> Window | None:
    match = read_match(section)
    if not match:
        section.problems.add(section.place, f"{section.name} needs 'match': nothing keeps every alert quiet")
    begins, ends = section.text("from", required=True), section.text("until", required=True)
    days, zone = _days(section), _zone(section)
    if not begins or not ends:
        return None
    if _CLOCK.fullmatch(begins) and _CLOCK.fullmatch(ends):
        return Window(name=name, match=match, days=days, since=_time(begins), until=_time(ends), zone=zone)
    first, last = _moment(section, "from", begins, zone), _moment(section, "until", ends, zone)
    if first is None or last is None:
        return None
    if last <= first:
        section.problem("until", f"{section.name} ends before it begins")
    if "days" in section:
        section.problem("days", "'days' goes with times of day, as in from: \"02:00\"")
    return Window(name=name, match=match, begins=first, ends=last)


def _days(section: Section) -> frozenset[int]:
    found = section.placed_texts("days")
    for at, day in found:
        if day.lower() not in DAYS:
            meant = next((known for known in DAYS if len(day) > 1 and known.startswith(day.lower())), day.lower())
            section.problems.add(at, f"'days: {day}' is no day{suggestion(meant, DAYS)}")
    days = frozenset(DAYS.index(day.lower()) for _, day in found if day.lower() in DAYS)
    return days or frozenset(range(7))


def _zone(section: Section) -> str:
    zone = section.text("zone") or "UTC"
    try:
        ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        section.problem("zone", f"'zone: {zone}' is not known; write a name like Europe/Berlin")
        return "UTC"
    return zone


def _time(text: str) -> time:
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))


def _moment(section: Section, key: str, text: str, zone: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        section.problem(key, f"'{key}: {text}' is no time; write \"02:00\", or 2026-11-21T02:00:00Z")
        return None
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
