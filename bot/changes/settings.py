"""What evenkeel.yaml says about whoever tells us of changes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

#: how often registries are asked which versions their aliases name, in seconds
POLL = 60.0


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """``services`` say what a service is called there; what is not named goes by its own name.

    ``secrets`` sign requests; any of them counts, so that they can be rotated. Only releases to one of
    ``environments``, and moves of one of ``aliases``, count; all where there are none.
    """

    secrets: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    services: Mapping[str, str] = {}

    def services_of(self, name: str) -> tuple[str, ...]:
        """The services that are called ``name`` there, whatever its capitals; itself, without its owner, if none."""
        known = tuple(service for service, there in self.services.items() if there.lower() == name.lower())
        return known or (name.rpartition("/")[2],)


class ChangeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """``poll``: the seconds between two looks at a registry, None for never."""

    github: Sender = Sender(environments=("production",))
    argocd: Sender = Sender()
    mlflow: Sender = Sender(aliases=("champion",))
    poll: float | None = POLL
