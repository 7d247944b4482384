"""What ``evenkeel post-results`` does: the results of Evidently or NannyML in a file become alerts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import msgspec

from bot.config.files import read_settings
from bot.errors import Mistake, SourceUnavailable

_PATIENCE = 30.0


async def post_results(
    environment: Mapping[str, str], file: Path, *, service: str, dataset: str, url: str, to: str | None
) -> str:
    """The running program took the results; what came of them. ``to`` is its address: PUBLIC_URL unless said."""
    settings = read_settings(environment)
    theirs = settings.sources.get("evidently")
    tokens = (theirs.secrets if theirs else ()) or settings.alert_tokens
    if not tokens:
        raise Mistake("ALERT_TOKEN is not set here: it tells the running program who sends")
    about = {"service": service, "dataset": dataset, "url": url, **_results(file)}
    address = f"{(to or settings.public_url).rstrip('/')}/alerts/evidently"
    return told(*await post(address, token=tokens[0], body=msgspec.json.encode(about)))


async def post(address: str, *, token: str, body: bytes = b"") -> tuple[int, list[str], list[str]]:
    """How many alerts were taken, their incidents, and why others could not be read.

    Raises ``Mistake`` if it was refused, or ``SourceUnavailable``.
    """
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE) as client:
            answer = await client.post(address, content=body, headers={"authorization": f"Bearer {token}"})
            said = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        kind = type(error).__name__
        raise SourceUnavailable(f"{address} does not answer ({kind}); is `evenkeel serve` running?") from None
    if answer.status_code != httpx.codes.ACCEPTED or not isinstance(said, dict):
        because = said.get("detail", "") if isinstance(said, dict) else ""
        raise Mistake(f"{address} answered {answer.status_code}: {because}")
    reasons = [str(why) for why in said.get("reasons", ())]
    return int(said["accepted"]), [str(key) for key in said["incidents"]], reasons


def told(accepted: int, incidents: list[str], reasons: list[str]) -> str:
    """What came of it, as a line; and a line for each alert that could not be read."""
    alerts = "1 alert" if accepted == 1 else f"{accepted} alerts"
    taken = f"Taken: {alerts}, {', '.join(incidents) or 'no incident'}.\n"
    return taken + "".join(f"Not read: {why}\n" for why in reasons)


def _results(file: Path) -> dict[str, Any]:
    """A list is NannyML's rows, an object Evidently's report, or has both kinds' keys already."""
    try:
        read = msgspec.json.decode(file.read_bytes())
    except OSError as error:
        raise Mistake(f"{file} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Mistake(f"{file} is not JSON: {error}") from error
    if isinstance(read, list):
        return {"nannyml": read}
    if not isinstance(read, dict):
        raise Mistake(f"{file} holds neither a report of Evidently nor rows of NannyML")
    return read if {"nannyml", "report"} & set(read) else {"report": read}
