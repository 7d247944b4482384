"""What stands around the messages: a strip in the banner, and a panel that can be opened."""

from __future__ import annotations

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from bot.sandbox.page import page_app
from tests.integration.sandbox_page.backstage import Backstage
from tests.integration.sandbox_page.story import Story

BROWSER = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_the_strip_is_drawn_with_the_page_and_the_panel_when_asked_for(
    client: httpx.AsyncClient, story: Story, backstage: Backstage
) -> None:
    """Its files are asked for only if there is something behind."""
    backstage.tick()
    page = (await client.get(f"/c/{story.incident.id}")).text
    assert 'data-live="behind:strip"' in page
    assert "/behind/static/backstage.js" in page
    assert "behind:panel" not in page
    assert "tick 1" in (await client.get("/behind/panel")).text


async def test_without_anything_behind_there_is_no_toggle(story: Story) -> None:
    """Nor an address for it."""
    app = page_app(story.workspace, story.people)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox") as client:
        page = (await client.get(f"/c/{story.incident.id}")).text
        assert "behind" not in page
        assert (await client.get("/behind/panel")).status_code == 404


class TestInTheBrowser:
    """Opened by its button or by the address, and remembered."""

    pytestmark = BROWSER

    async def test_the_panel_opens_lives_and_is_emptied(self, ana: Page, backstage: Backstage) -> None:
        """The strip lives always."""
        toggle = ana.locator(".banner [data-behind-toggle]")
        await expect(toggle).to_have_attribute("aria-expanded", "false")
        await toggle.click()
        await expect(ana.locator("#behind")).to_contain_text("tick 0")
        backstage.tick()
        await expect(ana.locator("#behind")).to_contain_text("tick 1")
        await expect(ana.locator(".strip")).to_contain_text("tick 1")
        await ana.reload()
        await expect(toggle).to_have_attribute("aria-expanded", "true")
        await ana.locator("#behind [data-behind-toggle]").click()
        await expect(ana.locator("#behind")).to_be_hidden()
        assert (await ana.locator("#behind-body").inner_html()) == ""

    async def test_an_address_can_open_it(self, story: Story, address: str, browser: Browser) -> None:
        """For whoever is sent the link."""
        page = await browser.new_page()
        await page.goto(f"{address}/c/{story.incident.id}?as={story.ben}&behind=1")
        await expect(page.locator("#behind")).to_contain_text("tick 0")
        await page.close()
