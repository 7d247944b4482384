"""evenkeel.yaml and the environment, read once into frozen ``Settings``.

``load_settings`` is pure: text, environment and a reader of secret files come in, settings or every problem at once
come out. ``files.py`` is the only part that opens files; only the command line and the wiring call it.
"""

from __future__ import annotations

from bot.config.loading import load_settings
from bot.config.requirements import require_alert_token, require_slack, who_may_send
from bot.config.secret import Secret
from bot.config.settings import AudienceSettings, Connector, Operation, Settings

__all__ = [
    "AudienceSettings", "Connector", "Operation", "Secret", "Settings", "load_settings", "require_alert_token",
    "require_slack", "who_may_send",
]  # fmt: skip
