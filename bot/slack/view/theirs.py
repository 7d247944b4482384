"""Beside another tool: what it says of its own incident, and the question whether ours goes on in its channel.

A turn is a message of its own, for a card that changes rings for nobody. It proposes; a person decides.
"""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from bot.incidents.beside import AskedInto, Turn
from bot.incidents.incident import Incident
from bot.incidents.mentions import is_user
from bot.slack.view.alerts_seen import KEEP_OPEN
from bot.slack.view.blocks import actions, button, message, section, value
from bot.slack.view.place import where
from bot.slack.view.surface import Surface, Workplace
from bot.slack.view.text import at, person, said
from bot.slack.view.wording import GONE_ON, REOPENED, title

_OVER = ":white_check_mark:"
#: what tools call an incident that was none
_NO_TROUBLE = ("cancelled", "canceled", "declined", "deleted")
#: the button whose press takes the incident into the channel where it stands, and the one that leaves it
COME, STAY = "guest.come", "guest.stay"


def turns(incident: Incident, workplace: Workplace) -> list[Surface]:
    """One message for each time that the tool's incident ended, or went on again; the last one asks."""
    if incident.place != "guest":
        return []
    *before, last = incident.theirs.turns or (None,)
    if last is None:
        return []
    told = [_message(incident, number, [_says(incident, turn)]) for number, turn in enumerate(before, 1) if turn]
    return [*told, _message(incident, len(before) + 1, *_last(incident, last, workplace))]


def _message(incident: Incident, number: int, lines: list[str], *buttons: tuple[str, str]) -> Surface:
    drawn = [section(lines)]
    if buttons:
        drawn.append(actions([button(text, action, value(incident)) for text, action in buttons]))
    key = f"theirs:{incident.channel}:{number}"
    return Surface(key=key, kind="message", content=message(lines[0], drawn), needs=where(incident))


def _last(incident: Incident, turn: Turn, workplace: Workplace) -> tuple[list[str], *tuple[tuple[str, str], ...]]:
    """The lines, and what can be pressed."""
    says, goes_on = _says(incident, turn), incident.status == "open"
    whom = f"{person(incident.lead)}: " if incident.lead else ""
    if turn.state == "over" and goes_on:
        if turn.kept_by:
            return ([f"{says} {person(turn.kept_by)} keeps this one open."],)
        asks = f"{whom}*{'is' if whom else 'Is'} it over here, too?* I do not end it by myself."
        if turn.word in _NO_TROUBLE:
            asks += f" If it was a false alarm: `{workplace.command} cancel` and why."
        return [says, asks], ("Resolve", "incident.resolve"), ("Keep it open", KEEP_OPEN)
    if turn.state == "going" and incident.status in ("resolved", "cancelled"):
        return [says, f"{whom}*{'is' if whom else 'Is'} it the same here?* {incident.key} is over."], (
            "Reopen",
            "incident.reopen",
        )
    return ([says],)


def _says(incident: Incident, turn: Turn) -> str:
    tool = said(incident.tool, 60) or "The other tool"
    if turn.state == "going":
        return f"{REOPENED} {tool} says that its incident goes on again since {at(turn.at)}."
    return f"{_OVER} {tool} says that its incident is {said(turn.word, 60) or 'over'} since {at(turn.at)}."


def seen(incident: Incident) -> list[str]:
    """What the card says of it: that theirs is over."""
    if incident.place != "guest" or incident.status != "open" or incident.theirs.state != "over":
        return []
    return [_says(incident, turn) for turn in incident.theirs.turns[-1:] if turn.state == "over"]


def asked_elsewhere(incident: Incident, workplace: Workplace) -> list[Surface]:
    """Where the incident lives: whoever leads hears that another tool's channel is about it, too."""
    if incident.private:
        return []
    return [_heard(incident, one, workplace) for one in incident.asked_into]


def _heard(incident: Incident, one: AskedInto, workplace: Workplace) -> Surface:
    whom = f"{person(incident.lead)}: " if incident.lead else ""
    whose = f" of {said(one.tool, 60)}" if one.tool else ""
    lines = [f"{GONE_ON} {whom}<#{one.channel}>{whose} is about {incident.key}, too."]
    drawn: list[tuple[str, str]] = []
    if one.declined_by:
        lines[0] += f" It stays here, {_because(one)}."
    elif incident.status == "open" and _asks(incident, one):
        drawn = [("Go on there", COME), ("Leave it here", STAY)]
        lines += [_how(incident, one, workplace)]
    ref = value(incident, one.channel)
    blocks: list[Block] = [section(lines)]
    if drawn:
        blocks.append(actions([button(text, action, ref) for text, action in drawn]))
    content = message(lines[0], blocks)
    return Surface(key=f"heard:{one.channel}", kind="message", content=content, needs=where(incident))


def _how(incident: Incident, one: AskedInto, workplace: Workplace) -> str:
    if _key(one) in incident.refused:
        by_hand = f"{workplace.command} attach {incident.key}"
        return f"Slack does not let me post there. To go on there, invite me and type `{by_hand}` there."
    return "It stays here unless somebody moves it into one thread of that channel, where I ask the same."


def _because(one: AskedInto) -> str:
    if is_user(one.declined_by):
        return f"says {person(one.declined_by)}"
    return f"for {said(one.declined_by, 60)} says that its own is over"


def _asks(incident: Incident, one: AskedInto) -> bool:
    return not one.declined_by and one.channel != incident.channel


def questions(incident: Incident) -> list[Surface]:
    """In each channel where it was asked: whether the incident goes on there, or what became of it."""
    if incident.private:
        return []
    return [_question(incident, one) for one in incident.asked_into]


def _key(one: AskedInto) -> str:
    return f"asked:{one.channel}"


def _question(incident: Incident, one: AskedInto) -> Surface:
    line, asks = _stands(incident, one), incident.status == "open" and _asks(incident, one)
    drawn = [section([line])]
    if asks:
        ref = value(incident, one.channel)
        drawn.append(actions([button("Go on here", COME, ref), button("Leave it there", STAY, ref)]))
    return Surface(key=_key(one), kind="message", content=message(line, drawn), place=one.channel)


def _stands(incident: Incident, one: AskedInto) -> str:
    about = f"{GONE_ON} {incident.key} ({said(title(incident), 200)})"
    if incident.place == "guest" and incident.channel == one.channel:
        return f"{about} goes on here, in one thread."
    there = f" in <#{incident.channel}>" if incident.channel else ""
    if incident.status != "open":
        return f"{about} was walked{there}; it is over." if incident.status != "merged" else f"{about} was merged."
    if one.declined_by:
        return f"{about} stays{there or ' where it is'}, {_because(one)}."
    lead = f", led by {person(incident.lead)}" if incident.lead else ""
    return f"{about} is walked{there}{lead}. It stays there unless somebody moves it into one thread of this channel."
