"""Who appears in the story, by what they did. Names stand only where somebody owns something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.incidents.mentions import call


class Cast:
    """Roles of the people in one log: the lead, approvers, whoever asked, responders by their first appearance."""

    def __init__(self, incident: Incident, entries: Sequence[ev.Entry], names: Mapping[str, str]) -> None:
        self._names = names
        self._roles: dict[str, str] = {}
        for entry in entries:
            if isinstance(entry.event, ev.LeadChanged):
                self._roles[entry.event.lead] = "the lead"
            if isinstance(entry.event, ev.Approved) and entry.by != ev.EVENKEEL:
                self._roles.setdefault(entry.by, "an approver")
        others = [e.by for e in entries if _is_person(e.by) and e.by not in self._roles]
        for place, user in enumerate(dict.fromkeys(others), 1):
            self._roles[user] = f"responder {place}"
        if incident.lead:
            self._roles[incident.lead] = "the lead"

    def role(self, user: str) -> str:
        """What somebody is called in the story; the bot and alert sources go by their names."""
        return self._roles.get(user, "a responder" if _is_person(user) else user)

    def name(self, user: str) -> str:
        """The name of somebody who owns something; the id where no name is known."""
        return self._names.get(user, user)

    def told(self, text: str) -> str:
        """``text`` with every mention told by role."""
        return call(text, self.role)


def _is_person(user: str) -> bool:
    return user[:1] in ("U", "W") and user.isalnum() and user.upper() == user
