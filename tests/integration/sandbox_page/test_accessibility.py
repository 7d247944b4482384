"""What axe-core finds on the page in its main states: nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.chromium import arrived
from tests.integration.sandbox_page.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def found(page: Page) -> list[str]:
    """Each finding as its rule and the elements in question."""
    results: dict[str, Any] = (await Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})).response
    return [
        f"{finding['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for finding in results["violations"]
        for node in finding["nodes"]
    ]


async def channel(_page: Page) -> None:
    """As it opens."""


async def message_in_focus(page: Page) -> None:
    """With its toolbar."""
    await page.keyboard.press("j")
    await expect(page.locator(".message:focus")).to_have_count(1)


async def thread(page: Page) -> None:
    """Beside the channel."""
    await page.click("a.replies")
    await expect(page.locator(".thread")).to_contain_text("On it.")
    await arrived(page)


async def modal(page: Page) -> None:
    """With errors at its fields."""
    await page.fill("#text-main", "/incident update")
    await page.press("#text-main", "Enter")
    await page.click("dialog#modal [type=submit]")
    await expect(page.locator("dialog#modal .error").last).to_contain_text("required")


async def quick(page: Page) -> None:
    """With what was found."""
    await page.keyboard.press("Control+k")
    await expect(page.locator("#quick-text")).to_be_focused()
    await page.keyboard.type("ml")
    await expect(page.locator("#quick-list li").first).to_contain_text("ml-incidents")


async def keys(page: Page) -> None:
    """The list of them."""
    await page.keyboard.press("?")
    await expect(page.locator("#help")).to_be_visible()


async def drawer(page: Page) -> None:
    """On a phone."""
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.click(".banner [data-drawer]")
    await expect(page.locator("#sidebar")).to_be_visible()


async def panel(page: Page) -> None:
    """Beside the channel."""
    await page.click(".banner [data-behind-toggle]")
    await expect(page.locator("#behind")).to_contain_text("tick")


async def topic(page: Page) -> None:
    """A dialog of the page's own."""
    await page.click("#edit-topic")
    await expect(page.locator("#topic-text")).to_be_focused()


async def home(page: Page) -> None:
    """The bot's own page."""
    await page.click("#sidebar a[href*='/home']")
    await expect(page.locator("#sidebar a[href*='/home']")).to_have_attribute("aria-current", "page")
    await arrived(page)


STATES = [channel, message_in_focus, thread, modal, quick, keys, drawer, panel, topic, home]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_axe_finds_nothing(
    story: Story, ana: Page, state: Callable[[Page], Awaitable[None]], theme: str
) -> None:
    """In both themes."""
    await ana.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    await state(ana)
    assert "\n".join(await found(ana)) == ""
