"""The alerts of an incident in one line: how many, how many fire, what joined last, what flaps, since when none does.

And what the card asks when none has fired for the quiet time: whether it is over.
"""

from __future__ import annotations

from datetime import timedelta

from slack_sdk.models.blocks import Block

from bot.incidents.incident import Incident
from bot.incidents.quiet import proposes_at, quiet_since, resolves_at
from bot.slack.view.blocks import actions, button, section, value
from bot.slack.view.text import at, joined, on, person, said
from bot.slack.view.wording import GONE_ON

#: the names that a line has room for
_NAMES = 3
#: up to here every alert counts; beyond, a storm must not redraw the card for each
_COUNTED = 20
#: from here on a time of day alone is read as one that is past
_ANOTHER_DAY = timedelta(hours=12)
_MANY = (20, 50, 100, 200, 500, 1_000, 10_000, 100_000, 1_000_000)
QUIET = ":white_check_mark:"
KEEP_OPEN = "incident.keep_open"


def alerts_seen(incident: Incident) -> list[str]:
    """The lines; none for the one alert that opened the incident, as long as it fires."""
    lines = [line for line in (_alerts(incident), _flapping(incident), *_merged(incident), _split(incident)) if line]
    return lines if incident.status in ("open", "resolved") else []


def _alerts(incident: Incident) -> str:
    known, count = incident.together, incident.alerts - incident.reports  # those stand on a line of their own
    if known.flapping and count <= len(known.flapping):
        return ""  # whether they fire changes by the minute
    if known.quiet_since is not None and not known.flapping:
        return f"{QUIET} {_over(count)} since {at(known.quiet_since)}.{_then(incident)}"
    if count <= 1:
        return ""
    fire = f", {many(known.firing)} firing" if not known.flapping and known.firing < count else ""
    if count > _COUNTED:
        return f":bell: {many(count)} alerts{fire}"
    names = [said(name, 60) for name in known.joined[:_NAMES]]
    more = [f"{len(known.joined) - _NAMES} more"] if len(known.joined) > _NAMES else []
    last = f"; joined last: {joined([*names, *more])} {at(known.joined_at)}" if names and known.joined_at else ""
    return f":bell: {count} alerts{fire}{last}"


def many(count: int) -> str:
    """``7`` or ``1,000``, but ``more than 500``: how many alerts there are, changing seldom in a storm."""
    if count <= _COUNTED or count in _MANY:
        return f"{count:,}"
    return f"more than {max(step for step in _MANY if step < count):,}"


def _over(count: int) -> str:
    if count <= 1:
        return "The alert has been over"
    return "Both alerts have been over" if count == 2 else f"All {count} alerts have been over"


def _then(incident: Incident) -> str:
    if incident.together.kept_open_by and incident.status == "open":
        return f" {person(incident.together.kept_open_by)} keeps the incident open."
    if incident.together.held_back and incident.status == "open":
        why = said(incident.together.held_back, 80)
        return f" One like that still fires, kept quiet ({why}): I do not propose to resolve meanwhile."
    proposes = proposes_at(incident)
    if proposes is None:
        return ""
    since = incident.together.quiet_since
    until = on if since is not None and proposes - since > _ANOTHER_DAY else at
    return f" If it stays so until {until(proposes)}, I propose to resolve."


def _flapping(incident: Incident) -> str:
    names = list(dict.fromkeys(said(name, 60) or "an alert" for name in incident.together.flapping.values()))
    if not names:
        return ""
    shown = joined([*names[:_NAMES], *([f"{len(names) - _NAMES} more"] if len(names) > _NAMES else [])])
    verb = "flaps" if len(names) == 1 else "flap"
    return f":repeat: {shown} {verb}: over and back again, time after time. Each time is counted, not told."


def _merged(incident: Incident) -> list[str]:
    return [
        f"{GONE_ON} INC-{one.number} ({said(one.service, 60)}: {said(one.title, 80) or '(redacted)'}) "
        f"goes on here since {at(one.at)}"
        for one in incident.together.merged[-_NAMES:]
    ]


def _split(incident: Incident) -> str:
    known = incident.together
    lines = [f"Split off: {joined([f'INC-{number}' for number in known.split_off])}"] if known.split_off else []
    lines += [f"Split from INC-{known.split_from}"] if known.split_from else []
    return " · ".join(lines)


def proposal(incident: Incident) -> list[Block]:
    """The question whether it is over, once no alert has fired for the quiet time."""
    since = quiet_since(incident)
    if since is None or incident.together.proposed_at is None:
        return []
    resolves = resolves_at(incident)
    else_ = f" I resolve it {on(resolves)} unless somebody keeps it open." if resolves else ""
    line = f"*Is it over?* No alert has fired since {at(incident.together.quiet_since or since)}.{else_}"
    buttons = [
        button("Resolve", "incident.resolve", value(incident)),
        button("Keep it open", KEEP_OPEN, value(incident)),
    ]
    return [section([line]), actions(buttons)]


def went_on(incident: Incident) -> list[str]:
    """Where a merged incident goes on; nothing for any other."""
    if incident.status != "merged":
        return []
    known = incident.together
    where = f", in <#{known.into_channel}>" if known.into_channel else ""
    who = f"{person(incident.status_by)}{f' {at(incident.status_at)}' if incident.status_at else ''}"
    return [f"{GONE_ON} *Goes on as INC-{known.into}*{where}, says {who}."]
