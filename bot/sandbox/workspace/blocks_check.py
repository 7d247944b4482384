"""Refuses the blocks and views that Slack refuses, with Slack's error codes and sentences.

What blocks and views look like stands in block_kinds.py; here is what spans several of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from bot.sandbox.workspace.block_kinds import HOME, IN_HOMES, IN_MESSAGES, IN_MODALS, MODAL
from bot.sandbox.workspace.block_walk import every_block, placed_elements
from bot.sandbox.workspace.blocks_filled import filled
from bot.sandbox.workspace.files import Files
from bot.sandbox.workspace.schema import Check, by_type, problem
from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import Json, SlackSays

MOST_TEXT: Final = 13_200
MOST_MARKDOWN: Final = 12_000
_MOST_CHARTS: Final = 2
_LARGEST_VIEW: Final = 250_000
_MOST_ATTACHMENTS: Final = 100


def checked_blocks(blocks: Any, stamps: Stamps, *, files: Files | None = None) -> tuple[Json, ...]:
    """The blocks of a message with every missing id filled in; ``invalid_blocks`` if Slack would refuse them.

    Pictures that name one of ``files`` get its address.
    """
    if blocks is None:
        return ()
    problems = list(_check_message(blocks, "/blocks", files))
    if problems:
        raise _refusal("invalid_blocks", problems)
    if sum(_texts(blocks)) > MOST_TEXT:
        raise SlackSays("msg_blocks_too_long")
    return tuple(filled(blocks, stamps, files))


def checked_attachments(attachments: Any, stamps: Stamps, *, files: Files | None = None) -> tuple[Json, ...]:
    """The attachments of a message, their blocks checked as those of messages; ``invalid_attachments`` otherwise."""
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise SlackSays("invalid_attachments")
    if len(attachments) > _MOST_ATTACHMENTS:
        raise SlackSays("too_many_attachments")
    problems = [
        line
        for place, each in enumerate(attachments)
        for line in _check_message(each.get("blocks", []), f"/attachments/{place}/blocks", files)
    ]
    if problems:
        raise _refusal("invalid_attachments", problems)
    return tuple(
        {**each, "blocks": filled(each["blocks"], stamps, files)} if "blocks" in each else each
        for each in attachments
    )


def checked_view(view: Any, stamps: Stamps, *, files: Files | None = None) -> Json:
    """The view with every missing id filled in; ``invalid_arguments`` or ``view_too_large`` if refused."""
    if not isinstance(view, dict):
        raise _refusal("invalid_arguments", [problem("must provide an object", "/view")])
    if len(msgspec.json.encode(view)) > _LARGEST_VIEW:
        raise SlackSays("view_too_large")
    problems = list(by_type({"modal": MODAL, "home": HOME})(view, "/view"))
    blocks = view.get("blocks", [])
    kinds = IN_HOMES if view.get("type") == "home" else IN_MODALS
    problems += _check_blocks(blocks, "/view/blocks", kinds=kinds, most=100, files=files)
    if not problems:
        problems += _cannot_be_submitted(view)
    if problems:
        raise _refusal("invalid_arguments", problems)
    return {**view, "blocks": filled(blocks, stamps, files)}


def refused_view(sentence: str, pointer: str) -> SlackSays:
    """``invalid_arguments`` for a view that is right by itself but not here."""
    return _refusal("invalid_arguments", [problem(sentence, pointer)])


def _cannot_be_submitted(view: Json) -> Iterator[str]:
    if view["type"] != "modal" or "submit" in view:
        return
    for place, block in enumerate(view["blocks"]):
        if block["type"] == "input":
            yield problem("must define `submit` to use an `input` block in modals", f"/view/blocks/{place}/input")


def _refusal(code: str, problems: list[str]) -> SlackSays:
    messages = [f"[ERROR] {line}" for line in problems]
    metadata = {"messages": messages}
    if code == "invalid_arguments":
        return SlackSays(code, response_metadata=metadata)
    return SlackSays(code, errors=problems, response_metadata=metadata)


def _check_message(blocks: Any, pointer: str, files: Files | None) -> Iterator[str]:
    problems = list(_check_blocks(blocks, pointer, kinds=IN_MESSAGES, most=50, files=files))
    yield from problems
    if problems:
        return
    if sum(block["type"] == "data_visualization" for block in blocks) > _MOST_CHARTS:
        yield problem(f"no more than {_MOST_CHARTS} charts allowed", pointer)
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MOST_MARKDOWN:
        yield problem(f"markdown must be less than {MOST_MARKDOWN + 1} characters", pointer)


def _check_blocks(
    blocks: Any, pointer: str, *, kinds: Mapping[str, Check], most: int, files: Files | None
) -> Iterator[str]:
    if not isinstance(blocks, list):
        yield problem("must provide an array", pointer)
        return
    if len(blocks) > most:
        yield problem(f"no more than {most} items allowed", pointer)
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        where = f"{pointer}/{place}"
        problems = list(by_type(kinds)(block, where))
        yield from problems or _check_ids(block, where, seen)
        if not problems:
            yield from _check_pictures(block, where, files)


def _check_ids(block: Json, pointer: str, seen: set[str]) -> Iterator[str]:
    for each in every_block([block]):
        block_id = each.get("block_id", "")
        if block_id and block_id in seen:
            yield problem(f'`block_id` "{block_id}" already exists', f"{pointer}/block_id")
        seen.add(block_id)
        actions: set[str] = set()
        for where, element in placed_elements(each, pointer):
            action_id = element.get("action_id", "")
            if action_id and action_id in actions:
                yield problem(f'`action_id` "{action_id}" already exists', f"{where}/action_id")
            actions.add(action_id)


def _check_pictures(block: Json, pointer: str, files: Files | None) -> Iterator[str]:
    for where, element in [(pointer, block), *placed_elements(block, pointer)]:
        if files is None or element.get("type") != "image" or "slack_file" not in element:
            continue
        file = files.named(element["slack_file"])
        if file is None or not file.is_picture:
            yield problem("invalid slack file", f"{where}/slack_file")


def _texts(value: Any) -> Iterator[int]:
    """The lengths of all texts in the blocks, at any depth."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "text" and isinstance(item, str):
                yield len(item)
            else:
                yield from _texts(item)
