"""The operations that connectors have built in, by kind: what may be called, and with which arguments.

One table for the connectors, for ``evenkeel check`` and for the reference, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec


class BuiltIn(msgspec.Struct, frozen=True):
    """One operation. ``writes`` is whether it changes anything; ``read`` names the reading that goes before it."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    writes: bool = False
    read: str | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """All that may be passed."""
        return self.required + self.optional


def _write(read: str, *required: str, optional: tuple[str, ...] = ()) -> BuiltIn:
    return BuiltIn(required, optional, writes=True, read=read)


#: kind -> operation -> what it takes. ``http`` is not here: its operations stand in evenkeel.yaml.
OPERATIONS: Mapping[str, Mapping[str, BuiltIn]] = MappingProxyType(
    {
        "mlflow": {
            "alias": BuiltIn(("name", "alias")),
            "set_alias": _write("alias", "name", "alias", "version"),
            "versions": BuiltIn(("name",)),
        },
        "unleash": {
            "get": BuiltIn(("flag", "environment"), ("project",)),
            "set": _write(
                "get", "flag", "environment",
                optional=("enabled", "percentage", "variant", "project", "state"),
            ),
        },
        "caddy": {
            "weights": BuiltIn((), ("server", "id")),
            "set_weights": _write("weights", "weights", optional=("server", "id", "state")),
        },
    }
)  # fmt: skip
