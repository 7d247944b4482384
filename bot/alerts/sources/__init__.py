"""One file per alerting system: is the request genuine, and what does it say?

A source verifies the raw bytes before it reads them, and raises ``BadRequest`` with the place of what it cannot read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from bot.alerts.alert import Batch
from bot.alerts.sources import alertmanager

Headers = Mapping[str, str]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """``verify(headers, body, tokens)``: header names are lower case. ``parse(body)`` raises ``BadRequest``."""

    verify: Callable[[Headers, bytes, Sequence[str]], bool]
    parse: Callable[[bytes], Batch]


SOURCES: Mapping[str, Source] = {
    "alertmanager": Source(verify=alertmanager.verify, parse=alertmanager.parse),
}
