"""``attach``: walks an incident in one thread of the channel where it is typed, beside whatever tool opened it."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from bot.errors import Refused, SlackRefusal
from bot.incidents.commands.guests import AttachToChannel
from bot.incidents.guests import service_in
from bot.incidents.incident import Incident
from bot.incidents.insiders import may_read
from bot.service.guests import Attached, Invitation
from bot.service.opening import SLACK
from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.text import plain, said

_USAGE = "attach [INC-1 | service] [what is wrong]"
_UNSEEN = frozenset({"channel_not_found", "not_in_channel", "method_not_supported_for_channel_type"})


async def _run(call: Call) -> Answer:
    where = await _channel(call)
    number, service, title = await _which(call, where)
    invitation = Invitation(
        where=where, source=SLACK, number=number, service=service, title=title, team_id=call.place.team
    )
    attached = await call.desk.service.guests.attach(invitation, by=call.place.user, delivery=call.delivery)
    return Answer(_told(attached))


async def _channel(call: Call) -> AttachToChannel:
    """The channel where the command was typed. Raises ``Refused`` where the bot could not speak."""
    if call.place.channel[:1] not in ("C", "G"):
        raise Refused("no_channel", f"Type `{call.name} attach` in the incident's channel; this is none.")
    try:
        answer = await call.desk.history("conversations.info", {"channel": call.place.channel})
    except SlackRefusal as refused:
        if refused.code == "missing_scope":
            raise Refused("not_seen", f"{_NOT_SEEN} `{call.name} attach`.") from None
        if refused.code in _UNSEEN:
            raise Refused("not_invited", f"{_INVITE_ME} `{call.name} attach`.") from None
        raise
    channel: Mapping[str, Any] = answer.get("channel") or {}
    private = bool(channel.get("is_private"))
    if channel.get("is_archived"):
        raise Refused("archived", "This channel is archived: nothing can be posted here.")
    if private and not channel.get("is_member"):
        raise Refused("not_invited", f"{_INVITE_ME} `{call.name} attach`.")
    return AttachToChannel(channel=call.place.channel, name=str(channel.get("name") or ""), private=private)


_NOT_SEEN = "I may not look at private channels: the app lacks the scope `groups:read`. Add it, then type again:"
_INVITE_ME = "I am no member of this channel. Invite me first (`/invite @evenkeel`), then type again:"


async def _which(call: Call, where: AttachToChannel) -> tuple[int | None, str, str]:
    """The incident that is meant, else the service, and what is wrong: as typed, or as the channel is called."""
    named = call.named
    if named is not None:
        await call.incident()  # whoever may not read of it takes it nowhere
        return named, "", ""
    services = call.desk.services
    first, _, rest = call.text.partition(" ")
    if first in services or (first and not services):
        return None, first, rest
    service = service_in(where.name, services)
    if service and not (first and not rest and get_close_matches(first, services, n=1, cutoff=0.6)):
        return None, service, call.text
    live = await _live(call)
    if not first and len(live) == 1:
        return live[0].number, "", ""
    raise Refused("which_service", _ask(call, first, live))


async def _live(call: Call) -> list[Incident]:
    """The incidents that could come here, and that whoever typed may read of."""
    listed = [*await call.desk.service.listing("open"), *await call.desk.service.listing("triage")]
    here, who = call.place.channel, call.place.user
    return [incident for incident in listed if incident.place != "guest" and may_read(incident, who, channel=here)]


def _ask(call: Call, typed: str, live: list[Incident]) -> str:
    services = call.desk.services
    near = get_close_matches(typed, services, n=1, cutoff=0.6)
    known = f" Services: {', '.join(sorted(services)[:12])}." if services else ""
    open_now = f" Open: {', '.join(f'{one.key} ({plain(one.service, 40)})' for one in live[:8])}." if live else ""
    example = near[0] if near else min(services, default="the-service")
    wrong = f"I know no service “{plain(typed, 60)}”. " if typed else ""
    ask = f"Say which incident or service this channel is about: `{call.name} attach {example}`."
    return f"{wrong}{ask}{known}{open_now}"


def _told(attached: Attached) -> str:
    incident = attached.incident
    about = f"{incident.key} ({said(incident.service, 80)})"
    if attached.how == "already":
        return f"{about} is walked in this channel already."
    if attached.how == "came":
        return f"{about} goes on here, in one thread. Nobody was invited or paged, and nothing was created."
    return f"{about} is walked here, in one thread. Nobody was invited or paged; this channel stays as it is."


ATTACH = Command(usage=_USAGE, about="walks an incident here, in one thread, beside another tool", run=_run)
