"""What ``evenkeel route`` prints: where the alerts of a file go with the configuration of today, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot.alerts.becoming import become
from bot.alerts.explaining import explained
from bot.alerts.sources import SourceSettings
from bot.config.files import read_settings
from bot.errors import BadRequest, Mistake
from bot.runbooks.loading import load_library
from bot.service.opening import Openings

_MOST = 1024 * 1024
_MOST_TOLD = 50


def routed(environment: Mapping[str, str], file: Path, *, source: str, at: datetime) -> str:
    """A few lines for each alert of the file, which is a request of ``source`` as it would come ``at`` that time.

    ``Mistake``: there is no such file or source, or it cannot be read as one of its requests. Mutes, which lie in the
    database, are not asked.
    """
    settings = read_settings(environment)
    of_source = settings.sources.get(source, SourceSettings())
    try:
        batch = become(source, _read(file), at=at, settings=of_source)
    except BadRequest as error:
        hint = "" if source != "alertmanager" else "; --source says who else sends it"
        raise Mistake(f"{file} cannot be read as a request of {source}: {error}{hint}") from None
    rules = Openings(settings, load_library({})).rules
    told = [explained(alert, rules, windows=settings.maintenance, at=at) for alert in batch.alerts[:_MOST_TOLD]]
    if len(batch.alerts) > _MOST_TOLD:
        told.append([f"… and {len(batch.alerts) - _MOST_TOLD} alerts more"])
    return "\n\n".join("\n".join(lines) for lines in told) + "\n" if told else "It holds no alert.\n"


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            body = opened.read(_MOST + 1)
    except OSError as error:
        raise Mistake(f"{file} cannot be read: {error.strerror}") from None
    if len(body) > _MOST:
        raise Mistake(f"{file} is over 1 MiB, the most that a request may hold")
    return body
