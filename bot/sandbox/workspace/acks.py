"""The bot's answers to what it was told, and what they do to the modal that was submitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from bot.sandbox.workspace.blocks_check import checked_view
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Json, SlackSays, View


class Ack(msgspec.Struct, frozen=True, kw_only=True):
    """How the bot answered one delivery.

    ``reason`` is empty if it acknowledged in time, else Slack's word for why not (``http_timeout``,
    ``http_error``, ``connection_failed``). ``body`` is what came with it. ``no_retry`` is its wish not to be
    told again.
    """

    reason: str = ""
    body: Any = None
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        """Whether it acknowledged in time."""
        return not self.reason


class Delivery(Protocol):
    """The way to the bot. ``kind`` is ``events_api``, ``slash_commands`` or ``interactive``."""

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0, reason: str = "") -> Ack:
        """Hand over once and wait for the acknowledgement, three seconds at most.

        ``retry`` counts earlier attempts, ``reason`` says how the last one failed.
        """
        ...


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a submitted modal.

    ``errors`` are sentences by block_id: the modal stays open. ``failed`` says why nothing came of it
    (``http_timeout``, or what was wrong with the bot's answer): it stays open too. ``view`` is the modal that
    the person sees now, None if all are closed.
    """

    errors: Mapping[str, str] = msgspec.field(default_factory=dict)
    failed: str = ""
    view: View | None = None


def apply_answer(workspace: Workspace, view: View, body: Any) -> Submitted:
    """Do what the acknowledgement of a ``view_submission`` asks for; without a wish, the modal closes."""
    answer = body if isinstance(body, dict) else {}
    try:
        return _apply(workspace, view, answer)
    except SlackSays as refusal:
        return Submitted(failed=refusal.code, view=workspace.views.top(view.user))


def _apply(workspace: Workspace, view: View, answer: Json) -> Submitted:
    views = workspace.views
    action = answer.get("response_action")
    if action == "errors":
        return _with_errors(view, answer.get("errors"))
    if action == "clear":
        views.clear(view.user)
    elif action == "update":
        views.update(view.id, checked_view(answer.get("view"), workspace.stamps))
    elif action == "push":
        views.put_on_top(view.user, checked_view(answer.get("view"), workspace.stamps))
    elif action is None:
        views.close(view.id)
    else:
        raise SlackSays("invalid_response_action")
    return Submitted(view=views.top(view.user))


def _with_errors(view: View, errors: Any) -> Submitted:
    inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackSays("invalid_errors")
    return Submitted(errors=errors, view=view)
