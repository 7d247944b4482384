"""``evenkeel replay``: the files, what they say, and whether it came out as it should."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from bot.alerts.alert import Alert
from bot.alerts.sources import alertmanager
from bot.config import Settings, load_settings
from bot.config.files import config_path, read_text, readable_runbooks
from bot.errors import BadRequest, Mistake
from bot.incidents.events import RunbookAttached
from bot.replay.answers import read_answers
from bot.replay.recording import Recording
from bot.replay.telling import as_json, as_text, problems
from bot.replay.walking import replay
from bot.runbooks.loading import Library, load_library, load_runbook
from bot.runbooks.matching import FALLBACK
from bot.runbooks.short import Named, ShortRunbook, ShortStep, ShortWatch
from bot.yaml.source import Problems, parse, plain

Format = Literal["text", "json"]
_NO_TIME = datetime(1970, 1, 2, tzinfo=UTC)
#: When an alert without a time began.
_ONCE = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
_NOWHERE = "http://replay.invalid"
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SENT_AFTER = timedelta(minutes=1)


def replay_files(
    runbook: Path, *, alert: Path, answers: Path | None, environment: Mapping[str, str], kind: Format
) -> tuple[str, bool]:
    """What to print, and whether all went as the answers say. Raises ``Mistake`` for what cannot be read."""
    short = load_runbook(read_text(runbook), file=str(runbook))
    settings = settings_to_look_at(environment)
    library = _library(short, runbook)
    steps = {step.id: _kind(step) for book in reversed(library.runbooks) for step in book.steps}
    recording = read_answers(read_text(answers), file=str(answers), steps=steps) if answers else Recording()
    alerts = read_alerts(read_text(alert), file=str(alert))
    replayed = asyncio.run(replay(alerts, recording, settings=settings, library=library, begins=_begins(alerts)))
    attached = [entry.event.runbook.id for entry in replayed.entries if isinstance(entry.event, RunbookAttached)]
    if attached[:1] != [short.id]:
        incident = replayed.incident
        said = f"failure mode {incident.failure_mode}, severity {incident.severity or 'not said'}"
        raise Mistake(f"{runbook}: the alert does not fit this runbook: it says {said}; see 'match'")
    text = as_json(replayed, recording.expected) if kind == "json" else as_text(replayed, recording.expected)
    return text, not problems(replayed, recording.expected)


def read_alerts(text: str, *, file: str) -> tuple[Alert, ...]:
    """An Alertmanager notification, or just ``labels`` (and ``annotations``) of one alert, as YAML or JSON."""
    found = Problems(file)
    node = parse(text, found)
    found.raise_if_any()
    body = plain(node) if node is not None else None
    if not isinstance(body, dict) or not ("alerts" in body or "labels" in body):
        raise Mistake(f"{file}:1:1: an alert is an Alertmanager notification, or a mapping with 'labels'")
    sent = (
        body if "alerts" in body else {"alerts": [{"status": "firing", "startsAt": "1970-01-01T00:00:00Z", **body}]}
    )
    try:
        alerts = alertmanager.read(msgspec.json.encode(_texts(sent))).alerts
    except BadRequest as error:
        raise Mistake(f"{file}:1:1: {error}") from error
    if not alerts:
        raise Mistake(f"{file}:1:1: there is no alert in it")
    return alerts


def _texts(value: Any, *, below: str = "") -> Any:
    """Labels and annotations are texts, also where YAML reads a number."""
    if isinstance(value, dict):
        return {
            key: _texts(item, below=key if key in ("labels", "annotations") else below) for key, item in value.items()
        }
    if isinstance(value, list):
        return [_texts(item, below=below) for item in value]
    return str(value) if below and not isinstance(value, str) else value


def _begins(alerts: tuple[Alert, ...]) -> datetime:
    said = [alert.starts_at for alert in alerts if alert.starts_at > _NO_TIME]
    return (min(said) if said else _ONCE) + _SENT_AFTER


def settings_to_look_at(environment: Mapping[str, str]) -> Settings:
    """The configuration, for what reaches nothing: what is not set needs no value, any address will do."""
    path = config_path(environment)
    text = None if path is None else read_text(path)
    named = {name: environment.get(name) or _NOWHERE for name in _VARIABLE.findall(text or "")}
    return load_settings(text, file=str(path or "evenkeel.yaml"), environment=named, read_secret=lambda _: "replayed")


def _library(short: ShortRunbook, path: Path) -> Library:
    """The runbook, and those beside it that its options may attach; these fit no alert by themselves."""
    beside = load_library(readable_runbooks(path.parent)[0])
    others = tuple(
        replace(other, head=replace(other.head, match=()))
        for other in beside.runbooks
        if other.id not in (short.id, FALLBACK)
    )
    return Library(runbooks=(short, *others))


def _kind(step: ShortStep) -> str:
    if isinstance(step.spec, Named):
        return step.spec.kind
    if isinstance(step.spec, ShortWatch):
        return "watch"
    tag = str(type(step.spec).__struct_config__.tag)
    return "query" if tag == "queries" else tag
