"""Alerts as they may be stored and shown: without what is about persons."""

from __future__ import annotations

from msgspec.structs import replace

from bot.alerts.alert import Alert
from bot.personal import Personal, without_address_in_link, without_persons


def kept(alert: Alert, personal: Personal) -> Alert:
    """The same of an alert that was stored: an older version may have kept something, and what is counted stays."""
    shown = without_personal(alert, personal)
    return replace(shown, labels=personal.kept_labels(alert.labels))


def without_personal(alert: Alert, personal: Personal) -> Alert:
    """The same alert, named as before; counts stand where something about persons stood."""
    return replace(
        alert, name=without_persons(alert.name), summary=without_persons(alert.summary),
        labels=personal.labels(alert.labels), annotations=personal.texts(alert.annotations),
        url=without_address_in_link(alert.url),
    )  # fmt: skip
