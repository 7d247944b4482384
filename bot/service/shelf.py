"""The runbooks that can be attached: the newest of each, in the long form for an incident's service.

The rules of an incident know no files: a command that needs a runbook gets it here before it is decided on.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from bot.config import Settings
from bot.incidents.commands import AnyCommand, Choose
from bot.incidents.commands.walking import AttachRunbook, Supplied, SwitchRunbook
from bot.incidents.incident import Incident
from bot.runbooks.catalogue import expand
from bot.runbooks.loading import Library
from bot.runbooks.schema import Choice


class Shelved(msgspec.Struct, frozen=True):
    """A runbook as a list shows it."""

    id: str
    version: int
    title: str
    failure_mode: str


class Shelf:
    """Hands out runbooks; a newer file is another version, and changes nothing that was handed out before."""

    def __init__(self, settings: Settings, library: Library) -> None:
        self._settings = settings
        self._library = library

    def listing(self) -> tuple[Shelved, ...]:
        """The newest version of each runbook, by id."""
        ids = sorted({short.id for short in self._library.runbooks})
        newest = (self._library.get(runbook_id) for runbook_id in ids)
        return tuple(
            Shelved(id=short.id, version=short.head.version, title=short.head.title,
                    failure_mode=short.head.failure_mode)
            for short in newest if short is not None
        )  # fmt: skip

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        """Those of these that are there, with their titles."""
        found = {runbook_id: self._library.get(runbook_id) for runbook_id in ids}
        return {runbook_id: short.head.title for runbook_id, short in found.items() if short is not None}

    def find(self, runbook_id: str, service: str) -> Supplied | None:
        """The runbook for this service, with its text; None if there is none of that id."""
        short = self._library.get(runbook_id)
        if short is None:
            return None
        runbook = expand(short, self._settings.services.get(service), name=service, others=self._settings.services)
        return Supplied(runbook=runbook, text=short.text)

    def completed(self, incident: Incident, command: AnyCommand) -> AnyCommand:
        """The command with the runbook that it asks for, if it asks for one and there is one."""
        if isinstance(command, AttachRunbook):
            return replace(command, supplied=self.find(command.runbook, incident.service))
        if isinstance(command, SwitchRunbook):
            walked = incident.runbook.id if incident.runbook else ""
            return replace(command, supplied=self.find(walked, incident.service))
        if isinstance(command, Choose):
            wanted = _wanted(incident, command)
            return replace(command, supplied=self.find(wanted, incident.service)) if wanted else command
        return command


def _wanted(incident: Incident, command: Choose) -> str | None:
    """The runbook that the chosen option attaches."""
    step = incident.runbook.step(command.step) if incident.runbook else None
    option = step.spec.options.get(command.option) if step is not None and isinstance(step.spec, Choice) else None
    return option.runbook if option is not None else None
