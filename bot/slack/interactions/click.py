"""A click as a value, read from Slack's ``block_actions``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.slack.interactions.desk import Place
from bot.slack.view.blocks import Ref, read_value
from bot.slack.view.modals.frame import About


class Click(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody pressed or chose something. ``name`` and ``option`` are the action id before and after its colon."""

    name: str
    option: str
    ref: Ref | None
    selected: str
    place: Place
    trigger: str
    delivery: str

    @property
    def about(self) -> About:
        """What a modal that this click opens is about."""
        ref = self.ref or Ref(i="")
        where = self.place
        return About(i=ref.i, s=ref.s, n=ref.n, c=where.channel, o=self.option, t=where.thread_ts)


def read_click(body: Mapping[str, Any]) -> Click:
    """The click that Slack describes; what is missing is empty."""
    action = _mapping((body.get("actions") or [{}])[0])
    name, _, option = str(action.get("action_id", "")).partition(":")
    value = str(action.get("value") or "")
    user = str(_mapping(body.get("user")).get("id", ""))
    container = _mapping(body.get("container"))
    where = container.get("message_ts") or _mapping(body.get("view")).get("id") or ""
    return Click(
        name=name,
        option=option,
        ref=read_value(value) or read_value(str(action.get("block_id") or "")),
        selected=_selected(action),
        place=read_place(body),
        trigger=str(body.get("trigger_id", "")),
        delivery=f"{user}:{where}:{action.get('action_ts', '')}",
    )


def _selected(action: Mapping[str, Any]) -> str:
    option = _mapping(action.get("selected_option"))
    return str(option.get("value") or action.get("selected_user") or "")


def read_place(body: Mapping[str, Any]) -> Place:
    """Who sent it, and from where."""
    user = _mapping(body.get("user"))
    message = _mapping(body.get("message"))
    container = _mapping(body.get("container"))
    team = _mapping(body.get("team")).get("id") or user.get("team_id") or _mapping(body.get("enterprise")).get("id")
    return Place(
        user=str(user.get("id", "")),
        channel=str(_mapping(body.get("channel")).get("id") or container.get("channel_id") or ""),
        thread_ts=str(message.get("thread_ts") or container.get("thread_ts") or ""),
        team=str(team or ""),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
