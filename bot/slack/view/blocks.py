"""Block Kit, from slack_sdk's models: they refuse what Slack would refuse for its length.

A drawing is a list of blocks; ``message`` makes the surface's content of it and keeps the sum of all texts below what
Slack accepts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    HeaderBlock,
    InteractiveElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
    UserSelectElement,
)

from bot.incidents.incident import Incident
from bot.slack.view.text import plain, said

#: Slack refuses a message whose blocks hold more than about 13,200 characters in all.
MOST_TEXT = 13_000
MOST_IN_SECTION = 3000

Style = Literal["primary", "danger"]


class Ref(msgspec.Struct, frozen=True):
    """What a button is about: incident, step and the attempt it was drawn for."""

    i: str
    s: str = ""
    n: int = 0

    @property
    def number(self) -> int | None:
        """The incident's number, None if the text is not one of ours."""
        digits = self.i.removeprefix("INC-")
        return int(digits) if digits.isascii() and digits.isdigit() else None


_REF: msgspec.json.Decoder[Ref] = msgspec.json.Decoder(Ref)


def value(incident: Incident, step: str = "", attempt: int = 0) -> str:
    """The compact JSON that a button carries."""
    return msgspec.json.encode(Ref(i=incident.key, s=step, n=attempt)).decode()


def read_value(text: str) -> Ref | None:
    """What ``value`` wrote; None for anything else."""
    try:
        return _REF.decode(text)
    except msgspec.DecodeError:
        return None


def header(text: str) -> Block:
    """A header; ``text`` is plain."""
    return HeaderBlock(text=PlainTextObject(text=plain(text, HeaderBlock.text_max_length), emoji=False))


def section(lines: Iterable[str]) -> Block:
    """Lines of mrkdwn that were escaped already; lines that no longer fit are left out, and that is said."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) > MOST_IN_SECTION - 2:
            kept.append("…")
            break
        kept.append(line)
    return SectionBlock(text=MarkdownTextObject(text="\n".join(kept)))


def context(parts: Iterable[str]) -> Block:
    """Small print: the parts on one line."""
    return ContextBlock(elements=[MarkdownTextObject(text=" · ".join(part for part in parts if part))])


def actions(elements: Sequence[InteractiveElement], *, block_id: str | None = None) -> Block:
    """A row of buttons and selects."""
    return ActionsBlock(elements=list(elements), block_id=block_id)


def button(
    text: str,
    action: str,
    ref: str,
    *,
    style: Style | None = None,
    url: str | None = None,
    confirm: ConfirmObject | None = None,
) -> InteractiveElement:
    """A button whose press means ``action`` for what ``ref`` names; with ``confirm`` Slack asks before."""
    return ButtonElement(text=_label(text), action_id=action, value=ref, style=style, url=url, confirm=confirm)


def sure(title: str, text: str, *, yes: str) -> ConfirmObject:
    """A question before a button counts; ``yes`` is what its own button says."""
    return ConfirmObject(
        title=plain(title, 100), text=PlainTextObject(text=plain(text, 300)), confirm=plain(yes, 30), deny="Cancel"
    )


def choice_of(action: str, placeholder: str, options: dict[str, str]) -> InteractiveElement:
    """A select; ``options`` are value -> label. What it is about stands in the block's id."""
    return StaticSelectElement(
        action_id=action, placeholder=plain(placeholder, 150),
        options=[Option(value=key, label=plain(label)) for key, label in options.items()],
    )  # fmt: skip


def choice_of_person(action: str, placeholder: str) -> InteractiveElement:
    """A select of the workspace's people."""
    return UserSelectElement(action_id=action, placeholder=plain(placeholder, 150))


def _label(text: str) -> PlainTextObject:
    return PlainTextObject(text=plain(text, ButtonElement.text_max_length), emoji=False)


def message(text: str, blocks: Sequence[Block]) -> dict[str, Any]:
    """The content of a message: ``text`` (escaped already) is what a notification shows. Raises
    ``SlackObjectFormationError`` for blocks that Slack would refuse."""
    drawn = [block.to_dict() for block in blocks]
    return {"text": text[:4000], "blocks": _fitting(drawn)}


def _fitting(drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The longest section loses its last lines, and at last itself, until the whole fits."""
    while _characters(drawn) > MOST_TEXT:
        sections = [block for block in drawn if block["type"] == "section"]
        longest = max(sections, key=lambda block: len(block["text"]["text"]), default=None)
        if longest is None:
            break
        kept = longest["text"]["text"].removesuffix("\n…").rpartition("\n")[0]
        if kept:
            longest["text"] = {**longest["text"], "text": f"{kept}\n…"}
        else:
            drawn.remove(longest)
    return drawn


def _characters(value: Any) -> int:
    """How many characters of text a drawing holds in all."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_characters(item) for key, item in value.items() if not isinstance(item, str))
    return sum(map(_characters, value)) if isinstance(value, list) else 0


def quoted(text: str, limit: int = 2400) -> str:
    """What a person or a template wrote, as a quotation that keeps its lines."""
    lines = [said(line, 600) for line in text.strip().splitlines() if line.strip()]
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + 6 * len(kept) + len(line) > limit:
            kept.append("…")
            break
        kept.append(line)
    return "\n".join(f"> {line}" for line in kept)
