"""What evenkeel.yaml says under ``attach``."""

from __future__ import annotations

import msgspec

from bot.alerts.sources.source import SourceSettings


class AttachSettings(msgspec.Struct, frozen=True, kw_only=True):
    """``channels`` are patterns of names: channels called so that hold a service's name get a walk by themselves.

    ``service`` is what a channel is about whose name and title hold no service's. ``tools`` are the secrets with
    which each tool signs.
    """

    channels: tuple[str, ...] = ()
    service: str = ""
    tools: dict[str, SourceSettings] = msgspec.field(default_factory=dict)
