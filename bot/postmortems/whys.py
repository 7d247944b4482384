"""Branching whys as an outline: one answer may have many explanations, and there is more than one first answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.incidents import events as ev
from bot.postmortems.document import Why
from bot.postmortems.people import Cast

#: how a role is called in the document
ROLES = {
    "trigger": "trigger",
    "latent": "condition that was there before",
    "detection": "why it was not noticed sooner",
    "response": "what slowed the response",
    "amplifier": "what made it worse",
    "mitigator": "what kept it from being worse",
}


def outline(entries: Iterable[ev.Entry], cast: Cast) -> tuple[Why, ...]:
    """The whys of a log, parents before what explains them, ``1``, ``1.1``, ``2`` …; people by their roles."""
    added = [entry.event for entry in entries if isinstance(entry.event, ev.WhyAdded)]
    return tuple(_below(added, cast, parent=None, number="", depth=0))


def _below(added: list[ev.WhyAdded], cast: Cast, *, parent: str | None, number: str, depth: int) -> Iterator[Why]:
    children = [why for why in added if why.parent == parent]
    for place, why in enumerate(children, 1):
        mine = f"{number}.{place}" if number else str(place)
        yield Why(number=mine, depth=depth, role=ROLES[why.role], text=cast.told(why.text))
        yield from _below(added, cast, parent=why.why, number=mine, depth=depth + 1)


def gaps(entries: Iterable[ev.Entry]) -> tuple[str, ...]:
    """What the whys still lack: a branch for the detection, a second branch, any at all."""
    added = [entry.event for entry in entries if isinstance(entry.event, ev.WhyAdded)]
    if not added:
        return ("no why has been answered yet",)
    found = []
    if not any(why.role == "detection" for why in added):
        found.append("no branch says why it was not noticed sooner")
    if sum(why.parent is None for why in added) < 2:
        found.append("there is one branch only: what else had to be true?")
    return tuple(found)
