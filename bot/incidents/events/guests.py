"""The incident goes on beside another tool: in one thread of a channel of somebody else."""

from __future__ import annotations

from bot.incidents.events.event import Event


class AttachedToChannel(Event, frozen=True):
    """From now on the incident is walked in one thread of ``channel``, which somebody else opened.

    ``tool`` is whose channel it is ("incident.io"), empty if a person opened it or nobody knows; ``url`` leads to the
    incident there.
    """

    channel: str
    name: str = ""
    tool: str = ""
    url: str = ""
