"""Refuses the blocks and views that Slack refuses, with Slack's error codes and sentences.

What blocks and views look like stands in block_kinds.py; here is what spans several of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from bot.sandbox.workspace.block_kinds import HOME, IN_MESSAGES, IN_VIEWS, MODAL
from bot.sandbox.workspace.elements import IN_ACTIONS, IN_INPUT
from bot.sandbox.workspace.inputs import elements_of
from bot.sandbox.workspace.schema import Check, by_type, problem
from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import Json, SlackSays

MOST_TEXT: Final = 13_200
_MOST_CHARTS: Final = 2
_LARGEST_VIEW: Final = 250_000


def checked_blocks(blocks: Any, stamps: Stamps) -> tuple[Json, ...]:
    """The blocks of a message with every missing id filled in; ``invalid_blocks`` if Slack would refuse them."""
    if blocks is None:
        return ()
    problems = list(_check_blocks(blocks, "/blocks", kinds=IN_MESSAGES, most=50))
    if problems:
        raise _refusal("invalid_blocks", problems)
    if sum(_texts(blocks)) > MOST_TEXT:
        raise SlackSays("msg_blocks_too_long")
    if sum(block["type"] == "data_visualization" for block in blocks) > _MOST_CHARTS:
        raise _refusal("invalid_blocks", [problem(f"no more than {_MOST_CHARTS} charts allowed", "/blocks")])
    return tuple(_with_ids(blocks, stamps))


def checked_view(view: Any, stamps: Stamps) -> Json:
    """The view with every missing id filled in; ``invalid_arguments`` or ``view_too_large`` if refused."""
    if not isinstance(view, dict):
        raise _refusal("invalid_arguments", [problem("must be an object", "/view")])
    if len(msgspec.json.encode(view)) > _LARGEST_VIEW:
        raise SlackSays("view_too_large")
    problems = list(by_type({"modal": MODAL, "home": HOME})(view, "/view"))
    blocks = view.get("blocks", [])
    problems += _check_blocks(blocks, "/view/blocks", kinds=IN_VIEWS, most=100)
    if not problems and _cannot_be_submitted(view):
        problems.append(problem("submit is required with an input block", "/view/submit"))
    if problems:
        raise _refusal("invalid_arguments", problems)
    return {**view, "blocks": _with_ids(blocks, stamps)}


def _cannot_be_submitted(view: Json) -> bool:
    has_inputs = any(block["type"] == "input" for block in view["blocks"])
    return view["type"] == "modal" and has_inputs and "submit" not in view


def _refusal(code: str, problems: list[str]) -> SlackSays:
    messages = [f"[ERROR] {line}" for line in problems]
    return SlackSays(code, errors=problems, response_metadata={"messages": messages})


def _check_blocks(blocks: Any, pointer: str, *, kinds: Mapping[str, Check], most: int) -> Iterator[str]:
    if not isinstance(blocks, list):
        yield problem("must be an array", pointer)
        return
    if len(blocks) > most:
        yield problem(f"no more than {most} items allowed", pointer)
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        where = f"{pointer}/{place}"
        problems = list(by_type(kinds)(block, where))
        yield from problems or _check_ids(block, where, seen)


def _check_ids(block: Json, pointer: str, seen: set[str]) -> Iterator[str]:
    block_id = block.get("block_id", "")
    if block_id and block_id in seen:
        yield problem(f"block_id already exists: {block_id}", f"{pointer}/block_id")
    seen.add(block_id)
    actions = [element["action_id"] for element in elements_of(block)]
    for action_id in sorted({action for action in actions if actions.count(action) > 1}):
        yield problem(f"action_id already exists: {action_id}", f"{pointer}/elements")


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


def _with_ids(blocks: list[Json], stamps: Stamps) -> list[Json]:
    return [_with_id({"block_id": stamps.id("b"), **block}, stamps) for block in blocks]


def _with_id(block: Json, stamps: Stamps) -> Json:
    def named(element: Any) -> Any:
        is_element = isinstance(element, dict) and element.get("type") in {**IN_INPUT, **IN_ACTIONS}
        return {"action_id": stamps.id("a"), **element} if is_element else element

    filled: Json = {key: named(block[key]) for key in ("accessory", "element") if key in block}
    if block["type"] == "actions":
        filled["elements"] = [named(element) for element in block["elements"]]
    return {**block, **filled}
