"""The shapes of what Slack sends, as far as Bolt and our listeners rely on them: anything else is nothing of Slack's.

Everything may be missing, and more may be there. Nothing here says what a request means.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

Mapping = dict[str, Any]


class _Named(msgspec.Struct, frozen=True):
    id: str | None = None
    enterprise_id: str | None = None


class _Authorization(msgspec.Struct, frozen=True):
    enterprise_id: str | None = None
    team_id: str | None = None
    user_id: str | None = None


class _Item(msgspec.Struct, frozen=True):
    type: str | None = None
    channel: str | None = None
    ts: str | None = None


class _Event(msgspec.Struct, frozen=True):
    type: str | None = None
    user: str | Mapping | None = None
    channel: str | Mapping | None = None
    team: str | Mapping | None = None
    item: _Item | None = None
    ts: str | None = None
    text: str | None = None
    reaction: str | None = None


class _Option(msgspec.Struct, frozen=True):
    value: str | None = None


class _Action(msgspec.Struct, frozen=True):
    action_id: str
    type: str | None = None
    block_id: str | None = None
    value: str | None = None
    selected_option: _Option | None = None
    selected_user: str | None = None


class _Element(msgspec.Struct, frozen=True):
    type: str | None = None
    value: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    selected_user: str | None = None
    selected_date: str | None = None


class _State(msgspec.Struct, frozen=True):
    values: dict[str, dict[str, _Element]] | None = None


class _View(msgspec.Struct, frozen=True):
    type: str
    id: str | None = None
    hash: str | None = None
    callback_id: str | None = None
    private_metadata: str | None = None
    state: _State | None = None


class _Message(msgspec.Struct, frozen=True):
    ts: str | None = None
    text: str | None = None
    thread_ts: str | None = None
    user: str | None = None
    metadata: Mapping | None = None


class _Container(msgspec.Struct, frozen=True):
    type: str | None = None
    message_ts: str | None = None
    channel_id: str | None = None
    thread_ts: str | None = None


class Sent(msgspec.Struct, frozen=True):
    """An event, or a click, a dialog, a shortcut: the JSON of a request of Slack's."""

    type: str | None = None
    challenge: str | None = None
    event_id: str | None = None
    callback_id: str | None = None
    trigger_id: str | None = None
    response_url: str | None = None
    message_ts: str | None = None
    action_ts: str | None = None
    team_id: str | None = None
    enterprise_id: str | None = None
    event: _Event = _Event()
    authorizations: list[_Authorization] | None = None
    team: _Named | str | None = None
    enterprise: _Named | str | None = None
    user: _Named | str | None = None
    channel: _Named | str | None = None
    view: _View | msgspec.UnsetType | None = msgspec.UNSET
    message: _Message | None = None
    container: _Container | None = None
    actions: Annotated[list[_Action], msgspec.Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET


_decoder = msgspec.json.Decoder(Sent)


def demand_shape(text: str | bytes) -> None:
    """Raises ``ValueError`` or ``RecursionError`` unless the JSON can be something that Slack sends."""
    sent = _decoder.decode(text)
    if sent.type == "view_submission" and not isinstance(sent.view, _View):
        raise ValueError("a dialog that was submitted has a view")
