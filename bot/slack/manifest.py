"""The Slack app manifest: scopes, events, the command and the shortcuts that Evenkeel uses, and nothing more."""

from __future__ import annotations

from typing import Any

import yaml

#: what the bot cannot do without, and what each is for
SCOPES = {
    "channels:manage": "creates the incident's channel, sets its topic, invites",
    "channels:read": "finds the incidents channel, one whose creation was not answered, and those of other tools",
    "channels:join": "joins the incidents channel, and those where it is a guest",
    "chat:write": "posts and updates the card",
    "commands": "the slash command and the shortcuts",
    "pins:write": "pins the card",
    "bookmarks:write": "bookmarks the postmortem",
    "users:read": "tells guests from members before inviting",
}
#: what makes it better; without these everything works but what each says
MORE_SCOPES = {
    "channels:history": "finds a post whose answer was lost; reads a message that gets a pushpin; "
    "sees whether a channel is still used",
    "files:write": "shows charts of what was measured",
    "groups:history": "the same in private channels",
    "groups:read": "finds a private channel whose creation was not answered",
    "groups:write": "opens private channels, for incidents about safety and runbooks that are private",
    "reactions:read": "pushpins put messages into the timeline",
    "usergroups:read": "finds who is in a user group that is on call, or approves",
    "users:read.email": "finds people by the addresses that PagerDuty, Opsgenie or your own service knows",
}
EVENTS = (
    "channel_archive", "channel_created", "channel_deleted", "channel_rename", "member_joined_channel",
    "message.channels", "reaction_added",
)  # fmt: skip
SHORTCUTS = (
    {"name": "Add to timeline", "type": "message", "callback_id": "timeline.add",
     "description": "Puts this message into the incident's timeline"},
    {"name": "Open an incident", "type": "message", "callback_id": "incident.from_message",
     "description": "Opens an incident that begins with this message"},
    {"name": "Open an incident", "type": "global", "callback_id": "incident.declare",
     "description": "Opens an incident"},
    {"name": "Report a problem", "type": "global", "callback_id": "incident.report",
     "description": "Says what you noticed; reports are counted"},
)  # fmt: skip


def manifest(*, url: str | None, command: str) -> str:
    """The manifest as YAML. ``url`` is where Slack reaches ``evenkeel serve``; None means Socket Mode."""
    there = None if url is None else f"{url.rstrip('/')}/slack/events"
    address: dict[str, Any] = {} if there is None else {"url": there}
    request: dict[str, Any] = {} if there is None else {"request_url": there}
    content = {
        "display_information": {
            "name": "Evenkeel",
            "description": "Incidents of machine-learning services, from the alert to the postmortem",
        },
        "features": {
            "bot_user": {"display_name": "evenkeel", "always_online": True},
            "slash_commands": [
                {
                    "command": command,
                    "description": "What can be done now; or new, status, help …",
                    "usage_hint": "new | status | lead | severity | note | update | resolve | postmortem | help",
                    "should_escape": True,
                    **address,
                }
            ],
            "shortcuts": list(SHORTCUTS),
        },
        "oauth_config": {"scopes": {"bot": sorted([*SCOPES, *MORE_SCOPES])}},
        "settings": {
            "event_subscriptions": {"bot_events": sorted(EVENTS), **request},
            "interactivity": {"is_enabled": True, **request},
            "socket_mode_enabled": url is None,
            "org_deploy_enabled": False,
            "token_rotation_enabled": False,
        },
    }  # fmt: skip
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
