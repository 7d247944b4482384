"""A notification in Alertmanager's shape, taken apart: for when its alerts cannot be read all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources.reading import decoded, read_json
from bot.alerts.sources.several import each

MOST_ALERTS = 10_000

T = TypeVar("T")


class Parts(msgspec.Struct, rename="camel"):
    """The notification, none of whose alerts has been looked at."""

    alerts: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=MOST_ALERTS)]
    external_url: Any = msgspec.field(name="externalURL", default=None)
    truncated_alerts: Any = 0


_parts = msgspec.json.Decoder(Parts)


def read_apart(
    body: bytes, one: msgspec.json.Decoder[T], make: Callable[[T, str, Parts], Alert], *, called: str
) -> Batch:
    """The alerts that can be read. ``make`` gets what ``one`` read, its place (``$.alerts[2]``), and the whole.

    What stands beside the alerts only informs: of the wrong kind, it is as if it were not there. Raises
    ``BadRequest`` if there is no list of alerts, or none of them can be read.
    """
    parts = decoded(body, _parts, called=called)
    if not isinstance(parts.external_url, str):
        parts.external_url = None

    def read(number: int, raw: msgspec.Raw) -> Alert:
        place = f"$.alerts[{number}]"
        return make(read_json(bytes(raw), one, called=called, at=place), place, parts)

    left = parts.truncated_alerts
    return each(parts.alerts, read, truncated=left if isinstance(left, int) and left > 0 else 0)
