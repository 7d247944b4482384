"""People and groups."""

from __future__ import annotations

from bot.sandbox.workspace.methods.arguments import Page, Request
from bot.sandbox.workspace.shapes import group_json, user_json
from bot.sandbox.workspace.values import Json, SlackSays


def info(request: Request) -> Json:
    """``users.info``."""
    user = request.workspace.directory.user(request.arguments.required("user"))
    return {"user": user_json(user, request.workspace.team)}


def list_all(request: Request) -> Json:
    """``users.list``."""
    team = request.workspace.team
    everybody = list(request.workspace.directory.users.values())
    page = Page(everybody, request.arguments, key=lambda user: user.id)
    now = int(request.workspace.stamps.now().timestamp())
    return {"members": [user_json(user, team) for user in page.items], "cache_ts": now, **page.answer}


def by_email(request: Request) -> Json:
    """``users.lookupByEmail``."""
    user = request.workspace.directory.by_email(request.arguments.required("email"))
    return {"user": user_json(user, request.workspace.team)}


def groups(request: Request) -> Json:
    """``usergroups.list``."""
    with_users = request.arguments.flag("include_users")
    found = request.workspace.directory.groups.values()
    return {"usergroups": [group_json(g, request.workspace.team, with_users=with_users) for g in found]}


def presence(request: Request) -> Json:
    """``users.getPresence``: everybody is there."""
    request.workspace.directory.user(request.arguments.text("user", request.bot))
    return {"presence": "active"}


def bot_info(request: Request) -> Json:
    """``bots.info``: this app's, the only one there is."""
    workspace = request.workspace
    if request.arguments.text("bot", workspace.app.bot_id) != workspace.app.bot_id:
        raise SlackSays("bot_not_found")
    user = workspace.directory.user(request.bot)
    return {
        "bot": {
            "id": workspace.app.bot_id,
            "deleted": False,
            "name": user.real_name,
            "app_id": workspace.app.id,
            "user_id": user.id,
        }
    }


def group_members(request: Request) -> Json:
    """``usergroups.users.list``."""
    group = request.workspace.directory.groups.get(request.arguments.required("usergroup"))
    if group is None:
        raise SlackSays("no_such_subteam")
    return {"users": list(group.users)}
