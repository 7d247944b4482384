"""What ``evenkeel check --sample`` prints: what a body becomes that a source might send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bot.alerts.becoming import become, told
from bot.alerts.sources import Request, SourceSettings, described, generic
from bot.cli.received import explain_with
from bot.errors import BadRequest, Mistake
from bot.replay.command import settings_to_look_at
from bot.web.limits import MOST

_LONGEST = 80
_MOST_SHOWN = 3


def sample_told(file: Path, source: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """What was found where (for ``generic``) and the alerts; and why the body would be refused, empty if it is not.

    Raises ``Mistake`` for a file that cannot be read, or no such source.
    """
    try:
        body = file.read_bytes()
    except OSError as error:
        raise Mistake(f"{file} cannot be read: {error.strerror}") from error
    if len(body) > MOST:
        raise Mistake(f"{file}: the body is over 1 MiB")
    settings = settings_to_look_at(environment)
    theirs, now = settings.sources.get(source, SourceSettings()), datetime.now(UTC)
    lines = list(_found(body, theirs, now)) if source == generic.NAME else []
    try:
        batch = become(source, body, at=now, settings=theirs)
    except BadRequest as error:
        return "".join(f"{line}\n" for line in lines), f"{file}: {error}"
    return "\n".join([*lines, told(batch, explain_with(settings))]), ""


def _found(body: bytes, settings: SourceSettings, now: datetime) -> Iterator[str]:
    """Each field of the first alerts, the path or key that it was looked for by, and what was there."""
    try:
        alerts = generic.explained(Request(headers={}, body=body, at=now, tokens=(), settings=settings))
    except BadRequest:
        return
    for place, fields in enumerate(alerts[:_MOST_SHOWN], start=1):
        yield f"alert {place} of {len(alerts)}"
        wide = max([28, *(len(one.by) for one in fields)])
        yield from (f"  {one.field:<14} {one.by:<{wide}} {_value(one.value)}" for one in fields)
        missing = [name for name in described.FIELDS if name not in ("each", *(one.field for one in fields))]
        yield f"  not found      {', '.join(missing)}" if missing else ""
        yield ""


def _value(value: object) -> str:
    if value is None:
        return "(nothing there)"
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
