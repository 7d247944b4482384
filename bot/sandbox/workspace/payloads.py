"""What Slack sends to an app, built from the workspace. Pure: nothing is sent from here."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.workspace.shapes import message_json, view_json
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Json, Message, User, View


def event(workspace: Workspace, inner: Json, *, event_id: str) -> Json:
    """An ``event_callback`` around what happened."""
    team, app = workspace.team, workspace.app
    return {
        "token": app.verification_token,
        "team_id": team.id,
        "enterprise_id": team.enterprise_id or None,
        "context_team_id": team.id,
        "api_app_id": app.id,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(workspace.stamps.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": team.enterprise_id or None,
                "team_id": team.id,
                "user_id": app.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def slash_command(
    workspace: Workspace,
    user: User,
    *,
    channel: str,
    command: str,
    text: str,
    trigger_id: str,
    response_url: str,
) -> dict[str, str]:
    """A slash command, which Slack sends as a form: every value is text."""
    return {
        "token": workspace.app.verification_token,
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel,
        "channel_name": workspace.channels.get(channel).name or "directmessage",
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def pressed_in_message(
    workspace: Workspace,
    user: User,
    message: Message,
    action: Json,
    *,
    state: Json,
    trigger_id: str,
    response_url: str,
) -> Json:
    """``block_actions`` for an element of a message; an ephemeral one is not sent along, nobody keeps it."""
    place: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": bool(message.ephemeral_to),
    }
    if message.thread_ts:
        place["thread_ts"] = message.thread_ts
    written = {} if message.ephemeral_to else {"message": message_json(message, workspace, metadata=True)}
    return {
        **_interaction(workspace, user, "block_actions"),
        "trigger_id": trigger_id,
        "response_url": response_url,
        "container": place,
        "channel": _channel(workspace, message.channel),
        **written,
        "state": {"values": state},
        "actions": [action],
    }


def pressed_in_view(workspace: Workspace, user: User, view: View, action: Json, *, trigger_id: str) -> Json:
    """``block_actions`` for an element of a modal or of an App Home."""
    return {
        **_interaction(workspace, user, "block_actions"),
        "trigger_id": trigger_id,
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(view, workspace),
        "actions": [action],
    }


def submission(workspace: Workspace, user: User, view: View, *, trigger_id: str) -> Json:
    """``view_submission`` with the state that the view holds."""
    return {
        **_interaction(workspace, user, "view_submission"),
        "trigger_id": trigger_id,
        "view": view_json(view, workspace),
        "response_urls": [],
    }


def closed(workspace: Workspace, user: User, view: View, *, is_cleared: bool) -> Json:
    """``view_closed``, which is sent for views that asked for it."""
    return {
        **_interaction(workspace, user, "view_closed"),
        "view": view_json(view, workspace),
        "is_cleared": is_cleared,
    }


def global_shortcut(workspace: Workspace, user: User, *, callback_id: str, trigger_id: str) -> Json:
    """A shortcut from the composer or the search."""
    return {
        **_interaction(workspace, user, "shortcut"),
        "action_ts": workspace.stamps.ts(),
        "callback_id": callback_id,
        "trigger_id": trigger_id,
    }


def message_shortcut(
    workspace: Workspace,
    user: User,
    message: Message,
    *,
    callback_id: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    """A shortcut from a message's own menu."""
    return {
        **_interaction(workspace, user, "message_action"),
        "action_ts": workspace.stamps.ts(),
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "response_url": response_url,
        "message_ts": message.ts,
        "channel": _channel(workspace, message.channel),
        "message": message_json(message, workspace, metadata=True),
    }


def action(block: Json, element: Json, answered: Mapping[str, object], *, action_ts: str) -> Json:
    """One entry of ``actions``: the element's identity and what the person chose."""
    entry: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts,
    }
    if element["type"] not in ("button", "icon_button"):
        return entry | dict(answered)
    kept = {key: element[key] for key in ("text", "value", "style", "url", "icon") if key in element}
    return entry | kept


def _interaction(workspace: Workspace, user: User, kind: str) -> Json:
    enterprise = workspace.team.enterprise_id
    return {
        "type": kind,
        "token": workspace.app.verification_token,
        "api_app_id": workspace.app.id,
        "team": {"id": workspace.team.id, "domain": workspace.team.domain},
        "enterprise": {"id": enterprise, "name": enterprise} if enterprise else None,
        "is_enterprise_install": False,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": workspace.team.id,
        },
    }


def _channel(workspace: Workspace, channel_id: str) -> Json:
    channel = workspace.channels.get(channel_id)
    return {"id": channel.id, "name": channel.name or "directmessage"}
