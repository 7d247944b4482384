"""The text of a scenario test that plays what people did, and asserts what does not depend on the second."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.sandbox.story.acts import AnyAct
from bot.sandbox.story.lines import left_out, lines, why_left_out
from bot.sandbox.story.outcome import Outcome, consequences, settled
from bot.sandbox.story.python import comment, equals, literal
from bot.sandbox.story.verbs import NAMES, person

_INDENT: Final = 8
#: refusals that a stage expects anyway
_HARMLESS: Final = frozenset({"already_pinned", "already_in_channel"})


def story(
    acts: Sequence[AnyAct],
    *,
    scenario: str,
    started: datetime,
    ended: datetime,
    outcome: Outcome | None = None,
    complete: bool = True,
) -> str:
    """The text of a file for ``tests/scenarios``, which passes there.

    ``started`` is when the world began, ``ended`` when the story was saved. ``complete`` is False if people did more
    than ``acts``: then nothing is said about the end. Texts longer than what was kept are played in their length.
    """
    came = outcome or Outcome()
    body = _played(acts, came, started=started, ended=ended, complete=complete)
    if complete:
        body += _end(came, certain=settled(came, ended))
    else:
        body += comment("More was done; it was too much to keep, so nothing is said about the end.", indent=_INDENT)
    unexpected = sorted(set(came.refusals) - _HARMLESS)
    body.append(f"{' ' * _INDENT}assert stage.refused({', '.join(map(literal, unexpected))}) == []")
    return "\n".join([*_head(acts, scenario, started=started, ended=ended, body=body), *body, ""])


def _played(
    acts: Sequence[AnyAct], outcome: Outcome, *, started: datetime, ended: datetime, complete: bool
) -> list[str]:
    """All acts with the time between them, and the time after the last."""
    reasons = [why_left_out(act) for act in acts]
    played = [act for act, reason in zip(acts, reasons, strict=True) if not reason]
    after, left = consequences(played, outcome)
    following = dict(zip(map(id, played), after, strict=True))
    body = [] if acts else comment("Nobody did anything: the bot stayed alone with the incident.", indent=_INDENT)
    reached, hurried = 0.0, False
    for act, reason in zip(acts, reasons, strict=True):
        if reason:
            body += left_out(act, reason, indent=_INDENT)
            continue
        moment = round((act.at - started).total_seconds(), 1)
        if not hurried and moment > reached:
            body.append(_later(moment - reached))
            reached = moment
        body += lines(act, following[id(act)], indent=_INDENT)
        hurried = following[id(act)].hurry
    rest = round((ended - started).total_seconds(), 1) - reached
    if complete and rest > 0:
        body.append(_later(rest))
    for user, kinds in left.items() if complete else ():
        body += equals(f"await stage.did({person(user)})", kinds, indent=_INDENT)
    return body


def _later(seconds: float) -> str:
    number = f"{seconds:.1f}".removesuffix(".0")
    return f"{' ' * _INDENT}await stage.later({number})"


def _end(outcome: Outcome, *, certain: bool) -> list[str]:
    """Where each incident stands, who leads it, and what serves, if that is certain."""
    margin, drawn = " " * _INDENT, []
    for number, ending in sorted(outcome.endings.items()):
        drawn.append(f"{margin}incident = await stage.incident({number if number != 1 else ''})")
        drawn.append(f"{margin}assert incident.status == {literal(ending.status)}")
        drawn.append(f"{margin}assert incident.lead == {person(ending.lead)}")
    if certain:
        drawn += [f"{margin}assert stage.serves({literal(k)}) == {literal(v)}" for k, v in outcome.switches.items()]
    else:
        drawn += comment("What serves was still changing when this was saved.", indent=_INDENT)
    return drawn


def _head(
    acts: Sequence[AnyAct], scenario: str, *, started: datetime, ended: datetime, body: Sequence[str]
) -> list[str]:
    """Everything above the acts."""
    used = _names_in(body)
    names = [*sorted(used & set(NAMES.values())), *sorted(used & {"of_length"})]
    moment = started.astimezone(UTC)
    stamp = ", ".join(str(part) for part in (*moment.timetuple()[:6], moment.microsecond))
    return [
        f'"""Saved from the sandbox: {scenario}. {_summary(acts, ended - started)}"""',
        "",
        "from __future__ import annotations",
        "",
        "from datetime import UTC, datetime",
        "",
        f"from tests.scenarios.stage import {', '.join([*names, 'played'])}",
        "",
        f"STARTED = datetime({stamp}, tzinfo=UTC)",
        "",
        "",
        "async def test_what_was_done_in_the_sandbox(sqlite_url: str) -> None:",
        f"    async with played(sqlite_url, {literal(scenario)}, started=STARTED) as stage:",
    ]


def _names_in(body: Sequence[str]) -> set[str]:
    """The names that the lines use; what stands in texts is none."""
    tree = ast.parse("\n".join(["async def story():", "    if True:", *body]))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _summary(acts: Sequence[AnyAct], length: timedelta) -> str:
    seconds = round(length.total_seconds())
    lasted = f"{seconds} seconds" if seconds < 120 else f"{seconds // 60} minutes"
    if seconds >= 2 * 3600:
        lasted = f"{seconds // 3600} hours"
    people = len({act.user for act in acts if act.user})
    done = "Nobody did anything" if not acts else _count(len(acts), "act") + f" of {_count(people, 'person')}"
    return f"{done} in {lasted}."


def _count(number: int, what: str) -> str:
    many = {"act": "acts", "person": "people"}
    return f"{number:,} {what if number == 1 else many[what]}"
