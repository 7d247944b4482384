"""What the bot says of itself: the words of its command, its shortcuts, its scopes, for the page to show."""

from __future__ import annotations

import yaml

from bot.sandbox.page.about import About, Shortcut
from bot.slack.commands import COMMANDS
from bot.slack.manifest import MORE_SCOPES, SCOPES, manifest


def suggestions() -> tuple[tuple[str, str], ...]:
    """What can be typed after the command's name, and what each does, as ``page_app`` wants it."""
    return tuple((command.usage, command.about) for command in COMMANDS.values())


def about(command: str) -> About:
    """The bot's manifest, as the page shows it."""
    said = yaml.safe_load(manifest(url=None, command=command))
    shortcuts = said["features"]["shortcuts"]
    return About(
        name=said["display_information"]["name"],
        about=said["display_information"]["description"],
        alone=said["features"]["slash_commands"][0]["description"].partition(";")[0],
        shortcuts=tuple(
            Shortcut(
                callback_id=one["callback_id"],
                name=one["name"],
                about=one["description"],
                everywhere=one["type"] == "global",
            )
            for one in shortcuts
        ),
        scopes=tuple({**SCOPES, **MORE_SCOPES}.items()),
        has_home=bool(said["features"].get("app_home", {}).get("home_tab_enabled")),
    )
