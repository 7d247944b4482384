"""What an app manifest grants and subscribes to, read as Slack reads it when the app is installed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
import yaml


class Shortcut(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the shortcuts menu, or of a message's own menu."""

    name: str
    callback_id: str
    type: Literal["global", "message"]
    description: str = ""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A slash command; ``usage_hint`` is what the composer shows behind it."""

    command: str
    description: str = ""
    usage_hint: str = ""


class Installation(msgspec.Struct, frozen=True, kw_only=True):
    """``scopes`` are the bot token's, ``events`` the subscribed types (``message.channels``).

    ``home_tab`` says whether the app has an App Home that can be published.
    """

    scopes: frozenset[str]
    events: frozenset[str]
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    home_tab: bool = False


def read_manifest(text: str) -> Installation:
    """The installation that the manifest, in YAML or JSON, stands for. ``ValueError`` if it is none."""
    try:
        manifest = yaml.safe_load(text)
        features = _part(manifest, "features")
        granted = _part(_part(manifest, "oauth_config"), "scopes")
        subscribed = _part(_part(manifest, "settings"), "event_subscriptions")
        return Installation(
            scopes=frozenset(granted.get("bot", ())),
            events=frozenset(subscribed.get("bot_events", ())),
            commands=msgspec.convert(features.get("slash_commands", []), tuple[Command, ...]),
            shortcuts=msgspec.convert(features.get("shortcuts", []), tuple[Shortcut, ...]),
            home_tab=bool(_part(features, "app_home").get("home_tab_enabled", False)),
        )
    except (yaml.YAMLError, msgspec.ValidationError, AttributeError, TypeError) as wrong:
        raise ValueError(f"this is no app manifest: {wrong}") from wrong


def _part(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = manifest.get(name) or {}
    if not isinstance(part, Mapping):
        raise TypeError(f"{name} is no object")
    return part
