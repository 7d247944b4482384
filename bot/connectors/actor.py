"""The one face of everything that an action may call, whatever it speaks underneath.

``flags.set`` in a runbook is an operation of the connector ``flags``. ``Http`` reads its operations from
evenkeel.yaml; the others have theirs built in (``bot.config.operations``). An action reads, calls, and undoes by
calling again with the arguments that ``undone`` makes of the first reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, runtime_checkable

from bot.config.operations import OPERATIONS, BuiltIn
from bot.connectors.client import JsonClient
from bot.connectors.failures import NotConnected, SourceRefused
from bot.yaml.reader import suggestion


class Reading(NamedTuple):
    """The state that an operation read: plain values, where it was read, and the service's mark of that state."""

    value: Any
    path: str
    mark: str | None


@runtime_checkable
class Actor(Protocol):
    """A connector with operations."""

    client: JsonClient

    def check(self, operation: str) -> object:
        """That there is such an operation; raises NotConnected if not."""

    async def read(self, operation: str, arguments: Mapping[str, Any]) -> Reading:
        """What stands there now: the whole of it, so that ``undone`` can put it back. Raises SourceUnavailable."""

    async def call(self, operation: str, arguments: Mapping[str, Any], *, since: Reading | None = None) -> None:
        """Carry it out, once; with ``since`` only if nothing changed since, where the service can tell.

        A reading that another connector made, or of something else, says nothing about that and is passed over.
        Raises SourceRefused if surely nothing was changed, SourceUnavailable if nobody can tell.
        """

    def undone(self, operation: str, arguments: Mapping[str, Any], captured: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments with which the same operation puts back what ``captured``, a reading's value, shows.

        Raises SourceRefused if the reading does not say enough.
        """


def built_in(kind: str, name: str, operation: str) -> BuiltIn:
    """The operation of a kind that has them built in; raises NotConnected for another."""
    known = OPERATIONS[kind]
    if operation not in known:
        raise NotConnected(f"{name} has no operation {operation!r}{suggestion(operation, known)}")
    return known[operation]


def required(kind: str, name: str, operation: str, arguments: Mapping[str, Any]) -> BuiltIn:
    """The operation, all of whose required arguments are there; raises NotConnected if one is missing."""
    found = built_in(kind, name, operation)
    if missing := [key for key in found.required if arguments.get(key) in (None, "")]:
        raise NotConnected(f"{name}.{operation} needs {' and '.join(missing)}")
    return found


def given_back(
    name: str, arguments: Mapping[str, Any], captured: Mapping[str, Any], *, but: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The arguments with every value that the reading shares with them as it was read, ``but`` these kept."""
    known = {key: captured[key] for key in arguments if key in captured and key not in but}
    if not known:
        raise SourceRefused(f"{name}: what was there before is not known; put it back by hand")
    return {**arguments, **known}
