"""Who could send alerts, source by source: what ``evenkeel doctor`` finds in the configuration alone."""

from __future__ import annotations

from collections.abc import Iterator

from bot.alerts.sources.source import SourceSettings
from bot.config import Settings, who_may_send

#: What was looked at, whether it is as it should be, and the words.
Told = tuple[str, bool, str]

#: fewer characters can be guessed by whoever has one signed request
SHORTEST = 16


def senders(settings: Settings) -> list[Told]:
    """Who may send at all, and a line for each source of evenkeel.yaml that is not as it was surely meant."""
    told = [("alerts", *who_may_send(settings))]
    for name, source in sorted(settings.sources.items()):
        told += [("alerts", False, f"sources: {name}: {wrong}") for wrong in _wrong(source, settings)]
    for name, tool in sorted(settings.attach.tools.items()):
        told += [("alerts", False, f"attach: {name}: {wrong}") for wrong in _guessed(tool)]
    return told


def _wrong(source: SourceSettings, settings: Settings) -> Iterator[str]:
    if not (source.secrets or source.topics or settings.alert_tokens):
        yield "has no secrets and ALERT_TOKEN is not set, so that it answers 503: add secrets, or set ALERT_TOKEN"
    if source.signature_header and not source.secrets:
        yield f"has no secrets, so that {source.signature_header} is never looked at: add secrets"
    yield from _guessed(source)


def _guessed(source: SourceSettings) -> Iterator[str]:
    shortest = min((len(secret) for secret in source.secrets), default=SHORTEST)
    if shortest < SHORTEST:
        yield f"a secret of {shortest} characters can be guessed: choose a long random text, there and here"
