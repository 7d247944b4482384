"""Every block in Chromium: nothing sticks out at the side, everything has a name, large enough and light or dark."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.gallery import GALLERY
from tests.integration.sandbox_page.gallery import hang
from tests.integration.sandbox_page.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

_TOO_SMALL = """() => [...document.querySelectorAll(
    '.bubble :is(button, input:not([type=hidden]), summary, select:not(.under), textarea, .btn)')]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.matches('[type=radio], [type=checkbox]'))
  .filter(e => { const box = e.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
  .map(e => e.outerHTML.slice(0, 120))"""
_AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
_LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1440, "light"), (390, "dark"))


@pytest.mark.parametrize("kind", sorted(GALLERY))
async def test_every_block_fits_its_page(story: Story, address: str, ana: Page, kind: str) -> None:
    """On a wide screen in light and on a phone in dark; axe finds nothing in the messages."""
    channel = hang(story, kind, picture=f"{address}/static/icon.svg")
    for width, scheme in _LOOKS:
        await ana.set_viewport_size({"width": width, "height": 900})
        await ana.emulate_media(color_scheme=scheme)
        await ana.goto(f"{address}/c/{channel.id}?as={story.ana}")
        await expect(ana.locator("#list-main .bubble").last).to_be_attached()
        assert await ana.evaluate("document.documentElement.scrollWidth") <= width
        assert await ana.locator("[data-scroll=main]").evaluate("list => list.scrollWidth - list.clientWidth") <= 0
        assert await ana.evaluate(_TOO_SMALL) == []
        found = await Axe().run(ana, context="#list-main", options=_AXE)
        assert found.violations_count == 0, found.generate_report()
