"""What a word of the slash command is, and what it is given when somebody types it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from bot.errors import Refused
from bot.incidents import mentions
from bot.incidents.commands import AnyCommand
from bot.incidents.incident import Incident
from bot.incidents.insiders import may_read
from bot.slack.interactions.desk import Desk, Place
from bot.slack.view.modals.frame import About
from bot.slack.view.wording import title


class Answer(msgspec.Struct, frozen=True):
    """What whoever typed sees, and nobody else; ``text`` is escaped."""

    text: str
    blocks: list[dict[str, Any]] | None = None


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A typed command: ``text`` is what follows ``word``, ``number`` the incident that was ``named`` or lives here.

    ``candidates`` are the open incidents that live in threads of this channel: more than one need a name.
    """

    desk: Desk
    place: Place
    text: str
    number: int | None
    trigger: str
    delivery: str
    word: str = ""
    candidates: tuple[Incident, ...] = ()
    named: int | None = None

    @property
    def name(self) -> str:
        """How the command is called here: ``/incident``."""
        return self.desk.workplace.command

    async def incident(self) -> Incident:
        """The incident that is meant. Raises ``Refused`` outside of an incident's channel, with what to type."""
        if self.number is None and self.candidates:
            raise self.which_one()
        if self.number is None:
            example = " ".join(part for part in (self.name, self.word or "status", "INC-1", self.text[:60]) if part)
            hint = f"Type the command in the incident's channel, or name the incident: `{example}`."
            raise Refused("no_incident_here", f"This is no incident's channel. {hint}")
        incident = await self.desk.service.incident(self.number)
        if not may_read(incident, self.place.user, channel=self.place.channel):
            raise Refused(
                "private", f"{incident.key} is private. Ask {_whom(incident)} to invite you to its channel."
            )
        return incident

    def which_one(self) -> Refused:
        """The refusal that lists the incidents that could be meant, with what to type."""
        here = "; ".join(f"{incident.key} ({title(incident)[:80]})" for incident in self.candidates[:8])
        example = " ".join(part for part in (self.name, self.word, self.candidates[0].key, self.text[:60]) if part)
        hint = f"Name the one that you mean: `{example}`."
        return Refused("which_incident", f"{len(self.candidates)} incidents live in threads here: {here}. {hint}")

    async def do(self, command: AnyCommand) -> Incident:
        """The command is carried out; the incident afterwards. Raises ``Refused``."""
        incident = await self.incident()
        done = await self.desk.carry_out(incident.number, command, by=self.place.user, delivery=self.delivery)
        return done.incident

    async def open(self, view: dict[str, Any]) -> None:
        """The modal is open on the screen of whoever typed."""
        await self.desk.open(self.trigger, view)

    def about(self, incident: Incident, *, step: str = "", attempt: int = 0) -> About:
        """What a modal that this command opens is about."""
        return About(i=incident.key, s=step, n=attempt, c=self.place.channel)

    def usage(self, line: str, more: str = "") -> Refused:
        """The refusal that says what to type instead."""
        return Refused("usage", f"Type `{self.name} {line}`{more}.")


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One word of the slash command. ``usage`` is what to type after the command's name."""

    usage: str
    about: str
    run: Callable[[Call], Awaitable[Answer | None]]


def _whom(incident: Incident) -> str:
    return f"<@{incident.lead}>" if incident.lead else "whoever leads"


def mentioned(text: str) -> str | None:
    """The user id of the first person named in a typed text; None if nobody is."""
    return next(iter(mentions.mentioned(text)), None)
