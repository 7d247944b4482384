"""What the bot puts before Ana, as blocks or as a modal, and what it is told of what she does with them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Locator, Page

from tests.integration.sandbox_page.story import Story, text


@asynccontextmanager
async def telling(story: Story, page: Page) -> AsyncIterator[list[dict[str, Any]]]:
    """What is done inside tells the bot, once; afterwards the list holds the action that it was told."""
    found: list[dict[str, Any]] = []
    before = len(story.bot.told)
    async with page.expect_response(lambda answer: "/act/press" in answer.url):
        yield found
    assert len(story.bot.told) == before + 1
    found += story.last_told()["actions"]


def post(story: Story, *blocks: dict[str, Any]) -> None:
    """The bot writes these blocks into the incident's channel."""
    bot = story.workspace.app
    named = tuple({"block_id": f"new{at}"} | block for at, block in enumerate(blocks))
    story.workspace.messages.post(channel=story.incident.id, user=bot.bot_user, bot_id=bot.bot_id, blocks=named)


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def modal(story: Story, *blocks: dict[str, Any], **more: Any) -> None:
    """The bot opens a modal for Ana."""
    view = {"type": "modal", "title": text("Title", "plain_text"), "submit": text("Send", "plain_text")} | more
    named = [{"block_id": f"b{at}"} | block for at, block in enumerate(blocks)]
    story.workspace.views.open(story.workspace.views.new_trigger(story.ana), view | {"blocks": named})


def field(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An input block."""
    return {"type": "input", "label": text(label, "plain_text"), "element": element} | more


def box(page: Page, name: str) -> Locator:
    """The field of a select menu, by its label."""
    return page.get_by_role("combobox", name=name)
