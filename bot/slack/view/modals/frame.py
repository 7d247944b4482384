"""The frame of every modal, and its fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.slack.view.text import plain

#: Every field's element has this id: the block's id names the field.
FIELD = "value"
_MOST_OPTIONS = 100


class About(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a modal is about: incident, step, attempt, channel, option, and the thread of that channel."""

    i: str = ""
    s: str = ""
    n: int = 0
    c: str = ""
    o: str = ""
    t: str = ""

    @property
    def number(self) -> int | None:
        """The incident's number; None if it is about no incident."""
        digits = self.i.removeprefix("INC-")
        return int(digits) if digits.isascii() and digits.isdigit() else None


_ABOUT: msgspec.json.Decoder[About] = msgspec.json.Decoder(About)


def read_about(metadata: str) -> About:
    """What the modal is about; nothing at all for a text that is not ours."""
    try:
        return _ABOUT.decode(metadata or "{}")
    except msgspec.DecodeError:
        return About()


def frame(
    callback_id: str, title: str, fields: Sequence[Block], *, about: About, submit: str = "Save"
) -> dict[str, Any]:
    """A modal with a way out. Raises ``SlackObjectFormationError`` for what Slack would refuse."""
    view = View(
        type="modal",
        callback_id=callback_id,
        title=plain(title, View.title_max_length),
        submit=plain(submit, View.submit_max_length),
        close="Cancel",
        private_metadata=msgspec.json.encode(about).decode(),
        blocks=list(fields),
    )
    return view.to_dict()


def text(
    name: str,
    label: str,
    *,
    hint: str | None = None,
    initial: str = "",
    lines: bool = True,
    optional: bool = False,
    most: int = 3000,
) -> Block:
    """A field for words, on several lines unless ``lines`` is false."""
    element = PlainTextInputElement(
        action_id=FIELD, multiline=lines, initial_value=initial[:most] or None, max_length=most
    )
    return _input(name, label, element, hint=hint, optional=optional)


def one_of(
    name: str, label: str, options: Mapping[str, str], *, initial: str | None = None, optional: bool = False
) -> Block:
    """A field with ``options``: value -> what it is called."""
    drawn = {key: Option(value=key, label=plain(called)) for key, called in list(options.items())[:_MOST_OPTIONS]}
    element = StaticSelectElement(
        action_id=FIELD, options=list(drawn.values()), initial_option=drawn.get(initial) if initial else None
    )
    return _input(name, label, element, optional=optional)


def some_of(
    name: str, label: str, options: Mapping[str, str], *, optional: bool = False, chosen: Collection[str] = ()
) -> Block:
    """A field of which several ``options`` may be chosen: value -> what it is called; ``chosen`` already are."""
    drawn = [Option(value=key, label=plain(called)) for key, called in list(options.items())[:_MOST_OPTIONS]]
    first = [option for option in drawn if option.value in chosen] or None
    select = StaticMultiSelectElement(action_id=FIELD, options=drawn, initial_options=first)
    return _input(name, label, select, optional=optional)


def somebody(name: str, label: str, *, initial: str | None = None) -> Block:
    """A field for one of the workspace's people."""
    return _input(name, label, UserSelectElement(action_id=FIELD, initial_user=initial or None))


def day(name: str, label: str, *, initial: str | None = None) -> Block:
    """A field for a date, ``YYYY-MM-DD``."""
    return _input(name, label, DatePickerElement(action_id=FIELD, initial_date=initial))


def _input(
    name: str, label: str, element: InputInteractiveElement, *, hint: str | None = None, optional: bool = False
) -> Block:
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=plain(label, 150)),
        element=element,
        hint=PlainTextObject(text=plain(hint, 150)) if hint else None,
        optional=optional,
    )
