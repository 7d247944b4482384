"""Modals and the App Home."""

from __future__ import annotations

from bot.sandbox.workspace.blocks_check import checked_view, refused_view
from bot.sandbox.workspace.methods.arguments import Request, wrong_arguments
from bot.sandbox.workspace.shapes import view_json
from bot.sandbox.workspace.values import Json, SlackSays, View


def open_modal(request: Request) -> Json:
    """``views.open``: for whoever made the trigger, within three seconds, once."""
    trigger = request.arguments.required("trigger_id")
    return _answer(request, request.workspace.views.open(trigger, _content(request, "modal")))


def push(request: Request) -> Json:
    """``views.push``: on top of the modal in which the trigger was made."""
    trigger = request.arguments.required("trigger_id")
    return _answer(request, request.workspace.views.push(trigger, _content(request, "modal")))


def update(request: Request) -> Json:
    """``views.update``: by ``view_id`` or ``external_id``."""
    views = request.workspace.views
    view_id, external_id = request.arguments.text("view_id"), request.arguments.text("external_id")
    if not view_id and not external_id:
        raise wrong_arguments("missing required field: view_id")
    view = views.get(view_id) if view_id else views.by_external_id(external_id)
    content = _content(request, view.type)
    return _answer(request, views.update(view.id, content, expected_hash=request.arguments.text("hash")))


def publish(request: Request) -> Json:
    """``views.publish``: the App Home of one person; ``not_enabled`` if the app has none."""
    if not request.access.home_tab:
        raise SlackSays("not_enabled")
    user = request.arguments.required("user_id")
    if user not in request.workspace.directory.users:
        raise wrong_arguments("invalid `user_id`")
    content = _content(request, "home")
    expected = request.arguments.text("hash")
    return _answer(request, request.workspace.views.publish(user, content, expected_hash=expected))


def _content(request: Request, kind: str) -> Json:
    if "view" not in request.arguments:
        raise wrong_arguments("missing required field: view")
    view = request.arguments.json("view", refusal="invalid_arguments")
    content = checked_view(view, request.workspace.stamps, files=request.workspace.files)
    if content["type"] != kind:
        raise refused_view(f"must be a {kind}", "/view/type")
    return content


def _answer(request: Request, view: View) -> Json:
    return {"view": view_json(view, request.workspace)}
