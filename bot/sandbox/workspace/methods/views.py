"""Modals and the App Home."""

from __future__ import annotations

from bot.sandbox.workspace.blocks_check import checked_view
from bot.sandbox.workspace.methods.arguments import Request
from bot.sandbox.workspace.shapes import view_json
from bot.sandbox.workspace.values import Json, SlackSays, View


def open_modal(request: Request) -> Json:
    """``views.open``: for whoever made the trigger, within three seconds, once."""
    content = _content(request, "modal")
    return _answer(request, request.workspace.views.open(request.arguments.required("trigger_id"), content))


def push(request: Request) -> Json:
    """``views.push``: on top of the modal in which the trigger was made."""
    content = _content(request, "modal")
    return _answer(request, request.workspace.views.push(request.arguments.required("trigger_id"), content))


def update(request: Request) -> Json:
    """``views.update``: by ``view_id`` or ``external_id``."""
    views = request.workspace.views
    view_id = request.arguments.text("view_id")
    view = views.get(view_id) if view_id else views.by_external_id(request.arguments.text("external_id"))
    content = _content(request, view.type)
    return _answer(request, views.update(view.id, content, expected_hash=request.arguments.text("hash")))


def publish(request: Request) -> Json:
    """``views.publish``: the App Home of one person."""
    user = request.workspace.directory.user(request.arguments.required("user_id"))
    content = _content(request, "home")
    expected = request.arguments.text("hash")
    return _answer(request, request.workspace.views.publish(user.id, content, expected_hash=expected))


def _content(request: Request, kind: str) -> Json:
    view = request.arguments.json("view", refusal="invalid_arguments")
    content = checked_view(view, request.workspace.stamps)
    if content["type"] != kind:
        raise SlackSays("invalid_arguments", response_metadata={"messages": [f"[ERROR] must be a {kind}"]})
    return content


def _answer(request: Request, view: View) -> Json:
    return {"view": view_json(view, request.workspace)}
