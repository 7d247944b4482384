"""Walks through blocks that hold others: containers, carousels, cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.sandbox.workspace.values import Json

_SINGLE = ("accessory", "element")


def every_block(blocks: Iterable[Json]) -> Iterator[Json]:
    """Each block and, after it, the blocks inside."""
    for block in blocks:
        yield block
        yield from every_block(block.get("child_blocks", ()))
        if block.get("type") == "carousel":
            yield from every_block(block.get("elements", ()))


def elements_of(block: Json) -> Iterator[Json]:
    """The interactive elements of a block itself: its own, an accessory, an input's, a card's buttons."""
    for _, element in placed_elements(block, ""):
        if "action_id" in element:
            yield element


def placed_elements(block: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    """The elements of a block itself, with or without an ``action_id``, each with its JSON pointer."""
    for name in _SINGLE:
        if isinstance(block.get(name), dict):
            yield f"{pointer}/{name}", block[name]
    for name in _lists(block):
        for place, element in enumerate(block.get(name, ())):
            if isinstance(element, dict):
                yield f"{pointer}/{name}/{place}", element


def with_elements(block: Json, changed: Any) -> Json:
    """The block with ``changed(element)`` in the place of every element, in the blocks inside too."""
    new: Json = {name: changed(block[name]) for name in _SINGLE if name in block}
    new |= {name: [changed(element) for element in block[name]] for name in _lists(block) if name in block}
    return {**block, **new}


def _lists(block: Json) -> tuple[str, ...]:
    kind = block.get("type")
    if kind == "card":
        return ("actions",)
    return ("elements",) if kind in ("actions", "context", "context_actions") else ()
