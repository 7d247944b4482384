"""Who is on call: names are looked up where evenkeel.yaml says, and people found in Slack.

Nothing here raises: what cannot be told is an event too, with the reason and what to do about it. E-mail addresses
are looked up and forgotten; no text holds one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from bot.connectors import Connectors, NotConnected
from bot.connectors.pager import emails
from bot.connectors.pagerduty import POLICY
from bot.errors import SlackError, SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.incidents.oncall import rota_of
from bot.incidents.rota import Rota
from bot.together import together

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_MOST_PEOPLE = 50
_SCOPES = {"slack_group": "usergroups:read"}
_BY_EMAIL = "users:read.email"


class Directory(Protocol):
    """Slack's people."""

    async def group(self, group: str) -> tuple[str, ...]:
        """The user ids of a user group. Raises SlackError."""

    async def by_email(self, email: str) -> str | None:
        """The user id behind an address; None if there is none. Raises SlackError."""


async def see_on_call(
    incident: Incident, who: str, *, connectors: Connectors, directory: Directory
) -> tuple[ev.AnyEvent, ...]:
    """Who is behind ``who`` now: one ``OnCallSeen``, or nothing for a name that nobody has to be asked about."""
    rota = rota_of(incident, who)
    if rota is None:
        return ()
    found = await who_is(rota, connectors=connectors, directory=directory)
    return (ev.OnCallSeen(who=who, people=found.people, because=found.because),)


class Found(NamedTuple):
    """Who is on call, as Slack user ids; or why nobody can be told, and what to do."""

    people: tuple[str, ...] = ()
    because: str = ""


async def who_is(rota: Rota, *, connectors: Connectors, directory: Directory) -> Found:
    """Who is on call by a rota now."""
    try:
        found = await _named(rota, connectors, directory)
        people = await _in_slack(found, directory)
    except SourceUnavailable as error:
        return Found(because=str(error))
    except SlackError as error:
        return Found(because=_slack_says(error, _SCOPES.get(rota.source, _BY_EMAIL)))
    return Found(people) if people else Found(because=_nobody(rota, found))


async def _named(rota: Rota, connectors: Connectors, directory: Directory) -> tuple[str, ...]:
    """Ids or addresses, as the source gives them."""
    if rota.source == "slack_group":
        return await directory.group(rota.name)
    if rota.source == "http":
        connector, _, operation = rota.name.partition(".")
        return emails((await connectors.http(connector).read(operation, {})).value)
    if rota.source == "users":
        raise NotConnected("its users stand in evenkeel.yaml")
    schedules = connectors.schedules(rota.connector)
    return await schedules.on_call(f"{POLICY}{rota.name}" if rota.source == "pagerduty_policy" else rota.name)


async def _in_slack(found: Sequence[str], directory: Directory) -> tuple[str, ...]:
    async def one(who: str) -> str | None:
        return who if _PERSON.fullmatch(who) else await directory.by_email(who)

    known = await together(*(one(who) for who in found[:_MOST_PEOPLE]))
    return tuple(dict.fromkeys(who for who in known if who))


def _nobody(rota: Rota, found: Sequence[str]) -> str:
    where = "the Slack group" if rota.source == "slack_group" else rota.connector or rota.name
    if not found:
        return f"{where} names nobody now: see who is on call there"
    others = "it" if len(found) == 1 else "any of them"
    return f"{where} names {len(found)}, but nobody in Slack has {others} as an address: make the addresses the same"


def _slack_says(error: SlackError, scope: str) -> str:
    if error.code == "missing_scope":
        return f"the Slack app lacks {scope}: take the manifest of `evenkeel manifest` and install it anew"
    if error.code == "no_such_subteam":
        return "Slack knows no such user group: see its id in evenkeel.yaml"
    return f"Slack could not be asked ({error.code})"
