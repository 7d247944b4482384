"""``mute`` and ``unmute``: keeps alerts quiet for a while. Who did, until when, stands in ``mute list``."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from bot.alerts.quiet import Mute
from bot.alerts.routing import SAFETY
from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.text import on, person, said
from bot.yaml.durations import seconds

_USAGE = "mute INC-1|LABEL=VALUE … [1h] [why]"
_EXAMPLE = ", as in `mute service=fraud-scorer alertname=DriftHigh 2h retraining`; `mute list` shows what is muted"
_LABEL = re.compile(r"([A-Za-z_][\w.-]{0,79})=(.+)", re.DOTALL)
_HOUR = 3600.0
_QUOTES = str.maketrans("“”„‘’", '"""\'\'')


class Wish(msgspec.Struct, frozen=True):
    """What was typed: which labels, for how many seconds, and why."""

    match: dict[str, str]
    length: float
    reason: str


def read(text: str) -> Wish:
    """Labels first, then a duration, then the reason; the duration is an hour unless it is said."""
    try:
        words = shlex.split(text.translate(_QUOTES))
    except ValueError:  # a quotation that does not end
        words = text.split()
    match: dict[str, str] = {}
    while words and (found := _LABEL.fullmatch(words[0])):
        match[found[1]] = found[2]
        words = words[1:]
    length = seconds(words[0]) if words else None
    return Wish(match, length if length is not None else _HOUR, " ".join(words[1:] if length is not None else words))


async def _mute(call: Call) -> Answer:
    if call.text.strip().lower() == "list":
        return _listed(call, await call.desk.service.muting.current(call.desk.now()))
    wish = read(call.text)
    if "=" in wish.reason.partition(" ")[0]:  # a label that is none: what it was about is not to be guessed
        raise call.usage(_USAGE, _EXAMPLE)
    length, by = timedelta(seconds=wish.length), call.place.user
    muting = call.desk.service.muting
    if wish.match:
        mute = await muting.mute(wish.match, length=length, by=by, reason=wish.reason, delivery=call.delivery)
    elif call.number is not None:
        mute = await muting.mute_incident(
            (await call.incident()).number, length=length, by=by, reason=wish.reason, delivery=call.delivery
        )
    else:
        raise call.usage(_USAGE, _EXAMPLE)
    if mute is None:
        return Answer("It is muted already.")
    undo = f"`{call.name} unmute {mute.id}` ends it"
    return Answer(f"Muted until {on(mute.until)}: {_labels(mute, by)}. What still fires then is heard again. {undo}.")


def _listed(call: Call, current: Sequence[Mute]) -> Answer:
    if not current:
        return Answer("Nothing is muted.")
    lines = [
        f"*{mute.id}* · {_labels(mute, call.place.user)} · until {on(mute.until)} · by {person(mute.by)}"
        f"{_why(mute, call.place.user)}"
        for mute in current[:20]
    ]
    return Answer("\n".join([*lines, f"`{call.name} unmute {current[0].id}` ends the first one."]))


def _hidden(mute: Mute, reader: str) -> bool:
    """Which alerts about safety are muted, only whoever muted them reads."""
    return mute.match.get("failure_mode") == SAFETY and mute.by != reader


def _labels(mute: Mute, reader: str) -> str:
    if _hidden(mute, reader):
        return "alerts about safety"
    return said(", ".join(f"{key}={value or '(nothing)'}" for key, value in mute.match.items()), 300)


def _why(mute: Mute, reader: str) -> str:
    return f" · {said(mute.reason, 120)}" if mute.reason and not _hidden(mute, reader) else ""


async def _unmute(call: Call) -> Answer:
    digits = call.text.strip().removeprefix("#")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise call.usage("unmute NUMBER", f"; `{call.name} mute list` shows the numbers")
    mute = await call.desk.service.muting.unmute(int(digits), by=call.place.user)
    return Answer(f"Mute {mute.id} is over: {_labels(mute, call.place.user)}. What still fires is heard now.")


MUTE = Command(usage=_USAGE, about="keeps alerts quiet for a while; `mute list` shows what is muted", run=_mute)
UNMUTE = Command(usage="unmute NUMBER", about="ends a mute", run=_unmute)
