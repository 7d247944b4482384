"""What ``evenkeel redact`` does: it writes, so that on SQLite no other process may run."""

from __future__ import annotations

from collections.abc import Mapping

from bot.config.files import read_settings
from bot.errors import Mistake, Refused
from bot.runbooks.loading import load_library
from bot.service import Service
from bot.store import open_store
from bot.web.numbers import number_of


async def redact(environment: Mapping[str, str], key: str, seq: int, *, by: str) -> str:
    """What was done, in a sentence. Raises ``Mistake`` with why it cannot be."""
    settings = read_settings(environment)
    store = open_store(settings.database_url)
    try:
        service = Service(store, settings=settings, library=load_library({}))
        incident = await service.redact(number_of(key), seq, by=by)
    except Refused as refused:
        raise Mistake(str(refused)) from refused
    finally:
        store.close()
    return f"Entry {seq} of {incident.key} is blank now. Slack shows it so once `evenkeel serve` runs."
