"""One act as lines of a test: what is done, what the person is told, what happened by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.sandbox.story import acts
from bot.sandbox.story.outcome import After
from bot.sandbox.story.python import Argument, argument, call, comment, equals, fits, literal
from bot.sandbox.story.verbs import person, verb_of

#: the verbs that answer with what only that person was told
_ANSWERS: Final = frozenset({"press", "chooses", "types", "shortcut", "press_in_modal", "press_in_home"})
_SHOWN: Final = 80
#: the bot took it after three seconds: a person was told that it failed, and it happened all the same
_TOO_SLOW: Final = "http_timeout"


class _Check(msgspec.Struct, frozen=True):
    """An assertion about an answer: around the call, or about a variable that holds the answer."""

    before: str
    after: str
    variable: str
    then: str


def lines(act: acts.AnyAct, after: After, *, indent: int) -> list[str]:
    """The act, and what is asserted about what followed it."""
    verb = verb_of(act)
    arguments = (*_whose(act), *verb.arguments)
    if after.hurry:
        arguments = (*arguments, Argument(name="hurry", code="True"))
    drawn = _done(verb.name, arguments, _check(act, verb.name, after), indent=indent)
    if after.said and verb.name not in _ANSWERS:
        last = f"stage.screen.whispered({person(act.user)})[-1]"
        drawn.append(f"{' ' * indent}assert {literal(after.said)} in {last}")
    if after.kinds is not None:
        drawn += equals(f"await stage.did({person(act.user)})", after.kinds, indent=indent)
    return drawn


def _whose(act: acts.AnyAct) -> tuple[Argument, ...]:
    return () if isinstance(act, acts.SwitchSet | acts.AlertsSent) else (Argument(code=person(act.user)),)


def why_left_out(act: acts.AnyAct) -> str:
    """Why the act cannot be played again; empty if it can."""
    if act.refused:
        return f"the workspace refused it ({act.refused})"
    if act.failed and act.failed != _TOO_SLOW:
        return f"the bot did not take it ({act.failed})"
    if isinstance(act, acts.Pressed | acts.Chose) and not act.control.nth:
        return "it was gone"
    if isinstance(act, acts.PressedInView) and not act.label:
        return "it was gone"
    messages = [getattr(act, name, None) for name in ("message", "thread")]
    return "the message was gone" if any(one is not None and not one.nth for one in messages) else ""


def left_out(act: acts.AnyAct, why: str, *, indent: int) -> list[str]:
    """A comment in place of the act."""
    verb = verb_of(act)
    inside = ", ".join(map(argument, (*_whose(act), *verb.arguments)))
    shown = inside if len(inside) <= _SHOWN else f"{inside[:_SHOWN]}…"
    return comment(f"Not played, because {why}: {verb.name}({shown})", indent=indent)


def _check(act: acts.AnyAct, verb: str, after: After) -> _Check | None:
    if isinstance(act, acts.Filled) and not act.errors:
        return _Check("assert await ", " == {}", "wrong", "assert wrong == {}")
    if isinstance(act, acts.Filled):
        fields = f"{{{', '.join(map(literal, sorted(act.errors)))}}}"
        return _Check("assert set(await ", f") == {fields}", "wrong", f"assert set(wrong) == {fields}")
    if after.said and verb in _ANSWERS:
        said = literal(after.said)
        return _Check(f"assert {said} in await ", "", "said", f"assert {said} in said")
    return None


def _done(verb: str, arguments: Sequence[Argument], check: _Check | None, *, indent: int) -> list[str]:
    name = f"stage.{verb}"
    if check is None:
        return call("await ", name, arguments, indent=indent)
    if fits(check.before, name, arguments, after=check.after, indent=indent):
        return call(check.before, name, arguments, after=check.after, indent=indent)
    return [
        *call(f"{check.variable} = await ", name, arguments, indent=indent),
        f"{' ' * indent}{check.then}",
    ]
