"""Where the people behind a name of ``oncall`` are found, and what rings for them."""

from __future__ import annotations

from typing import Literal

import msgspec

#: ``policy`` is an escalation policy of PagerDuty, of which the first level counts.
RotaSource = Literal["users", "slack_group", "pagerduty", "pagerduty_policy", "opsgenie", "http"]


class Rota(msgspec.Struct, frozen=True, omit_defaults=True):
    """One name of ``oncall``, pinned to the incident at its opening.

    ``name`` is the group's or schedule's id, or an operation; ``connector`` answers for it. ``pager`` is a connector,
    or a connector's operation, that rings; empty: people are called in Slack alone.
    """

    source: RotaSource = "users"
    name: str = ""
    connector: str = ""
    pager: str = ""

    @property
    def asked(self) -> bool:
        """Whether somebody outside has to be asked who it is."""
        return self.source != "users"
