"""What Slack adds to blocks that it accepted: the ids that were not given, the addresses of its own pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.sandbox.workspace.block_walk import with_elements
from bot.sandbox.workspace.elements import INTERACTIVE
from bot.sandbox.workspace.files import Files
from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import Json


def filled(blocks: Iterable[Json], stamps: Stamps, files: Files | None) -> list[Json]:
    """The blocks with a ``block_id`` each and an ``action_id`` for everything that can be pressed."""
    return [_filled({"block_id": stamps.id("b"), **block}, stamps, files) for block in blocks]


def _filled(block: Json, stamps: Stamps, files: Files | None) -> Json:
    def completed(element: Any) -> Any:
        if not isinstance(element, dict):
            return element
        if element.get("type") in INTERACTIVE:
            return {"action_id": stamps.id("a"), **element}
        return _shown(element, files)

    block = with_elements(_shown(block, files), completed)
    if "child_blocks" in block:
        return {**block, "child_blocks": filled(block["child_blocks"], stamps, files)}
    if block["type"] == "carousel":
        return {**block, "elements": filled(block["elements"], stamps, files)}
    return block


def _shown(picture: Json, files: Files | None) -> Json:
    if files is None or picture.get("type") != "image" or "slack_file" not in picture:
        return picture
    file = files.named(picture["slack_file"])
    if file is None:
        return picture
    return {**picture, "image_url": file.path, "image_width": file.width, "image_height": file.height}
