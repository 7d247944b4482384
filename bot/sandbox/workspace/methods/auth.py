"""Who the bot is, and its way to Socket Mode."""

from __future__ import annotations

from bot.sandbox.workspace.methods.arguments import Request
from bot.sandbox.workspace.values import Json, SlackSays


def test(request: Request) -> Json:
    """``auth.test``."""
    workspace = request.workspace
    answer: Json = {
        "url": f"https://{workspace.team.domain}.slack.com/",
        "team": workspace.team.name,
        "user": workspace.directory.user(request.bot).name,
        "team_id": workspace.team.id,
        "user_id": request.bot,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }
    enterprise = workspace.team.enterprise_id
    return answer | ({"enterprise_id": enterprise} if enterprise else {})


def open_connection(request: Request) -> Json:
    """``apps.connections.open``: the address of a socket."""
    socket = request.base_url.replace("http", "ws", 1)
    return {"url": f"{socket}/link?ticket={request.workspace.stamps.id('ticket')}"}


def api_test(request: Request) -> Json:
    """``api.test``: says again what it was given, and fails when asked to."""
    error = request.arguments.text("error")
    if error:
        raise SlackSays(error, args=request.arguments.all())
    return {"args": request.arguments.all()}


def emoji_list(request: Request) -> Json:
    """``emoji.list``: nobody has added one."""
    return {"emoji": {}, "cache_ts": request.workspace.stamps.ts()}


def team_info(request: Request) -> Json:
    """``team.info``."""
    team = request.workspace.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}}
