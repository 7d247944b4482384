"""What every event is."""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag=True):
    """Something that happened. Never changed afterwards."""
