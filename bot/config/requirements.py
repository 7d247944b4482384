"""What a command needs beyond the defaults: said with the variable that is missing and where to find its value."""

from __future__ import annotations

from bot.config.settings import Settings
from bot.errors import ConfigurationError


def require_slack(settings: Settings) -> None:
    """Raises ConfigurationError unless the settings can speak with Slack (over HTTP, or by Socket Mode)."""
    missing = []
    if not settings.bot_token:
        missing.append(
            "SLACK_BOT_TOKEN is not set: it is the xoxb- token under 'OAuth & Permissions' of your Slack app"
            " ('evenkeel manifest' prints the app to create; 'evenkeel demo' needs no Slack)"
        )
    if not settings.signing_secret and not settings.app_token:
        missing.append(
            "SLACK_SIGNING_SECRET is not set: it is under 'Basic Information' of your Slack app"
            " (with SLACK_APP_TOKEN set, Socket Mode is used and it is not needed)"
        )
    if missing:
        raise ConfigurationError(missing)


def require_alert_token(settings: Settings) -> None:
    """Raises ConfigurationError unless somebody could send an alert."""
    if not settings.alert_tokens:
        raise ConfigurationError(
            ["ALERT_TOKEN is not set: choose a long random text and give the same one to what sends alerts"]
        )


def who_may_send(settings: Settings) -> tuple[bool, str]:
    """Whether anybody can send alerts, and who, in a sentence."""
    own = [name for name, source in sorted(settings.sources.items()) if source.secrets or source.topics]
    token = "ALERT_TOKEN is set" if settings.alert_tokens else "ALERT_TOKEN is not set"
    if own:
        return True, f"{token}; secrets or topics of their own: {', '.join(own)}"
    return bool(settings.alert_tokens), token if settings.alert_tokens else f"{token}: no alert can come in"
