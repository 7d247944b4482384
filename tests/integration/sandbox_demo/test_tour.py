"""The tour in a real browser, in front of the real demo."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.sandbox.demo.theatre import Theatre
from tests.chromium import MISSING, arrived, running_chromium, watched
from tests.integration.sandbox_page.test_accessibility import found

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: the bot measures and acts meanwhile; in milliseconds
SOON = 45_000


@pytest.fixture(name="browser")
async def _browser() -> AsyncIterator[Browser]:
    if MISSING:
        pytest.skip("Chromium is not installed")
    async with running_chromium() as browser:
        yield browser


@pytest.fixture(name="page")
async def _page(browser: Browser) -> AsyncIterator[Page]:
    """A browser that was never here; an error in its console fails the test."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    problems = watched(page)
    yield page
    await page.close()
    assert problems == []


async def test_it_begins_with_the_first_visit_and_goes_on_when_something_was_done(house: Theatre, page: Page) -> None:
    await page.goto(f"{house.url}/?as=U0ANA")
    await _is_at(page, 1, "An alert has opened a channel")
    await expect(page.locator("body")).to_be_focused()
    await _opens(page, "inc-1")
    await page.locator("[data-tour-next]").click()
    await _is_at(page, 2, "The first message says what is known")
    await _action(page, "incident.ack").click()
    await _is_at(page, 3, "Ask for the rollback")
    await _action(page, "step.choose:rollback").click(timeout=SOON)
    await _is_at(page, 4, "Be Ben, and say yes")
    await _is_ben(page)
    await _is_at(page, 4, "Be Ben, and say yes")
    await _action(page, "step.approve").click(timeout=SOON)
    await _is_at(page, 5, "Let time run")
    await page.locator("label:has(> #rate-60)").click()
    await _is_at(page, 6, "Look behind it, and learn from it")
    await page.locator(".banner [data-behind-toggle]").click()
    await expect(page.locator("[data-tour-done]")).to_be_visible()
    await page.locator("[data-tour-next]").click()
    await expect(page.locator("#tour")).to_be_hidden()
    await page.reload()
    await expect(page.locator("[data-tour-start]")).to_be_visible()
    await expect(page.locator("#tour")).to_be_hidden()


async def test_it_is_led_and_left_with_the_keyboard(house: Theatre, page: Page) -> None:
    await page.goto(f"{house.url}/?as=U0ANA#no-tour")
    await expect(page.locator("#tour")).to_be_hidden()
    await page.locator("[data-tour-start]").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#tour")).to_be_focused()
    await page.locator("[data-tour-next]").focus()
    await page.keyboard.press("Enter")
    await _is_at(page, 2, "The first message says what is known")
    await expect(page.locator("[data-tour-next]")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#tour")).to_be_hidden()
    await expect(page.locator("#tour-ring")).to_be_hidden()
    await expect(page.locator("[data-tour-start]")).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
async def test_it_covers_nothing_that_cannot_be_reached(
    house: Theatre, browser: Browser, width: int, scheme: str
) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    await page.goto(f"{house.url}/?as=U0ANA")
    await expect(page.locator("h1")).to_contain_text("inc-1", timeout=SOON)
    await page.locator("[data-tour-next]").click()
    for part in (page.locator("#tour"), page.locator("#tour-ring")):
        box = await part.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 800
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert "\n".join(await found(page)) == ""
    await page.locator("#text-main").fill("nothing is in the way")
    await _action(page, "incident.ack").click()
    await _is_at(page, 3, "Ask for the rollback")


async def test_it_says_something_else_in_another_scenario_and_what_is_not_on_the_screen(
    house: Theatre, page: Page
) -> None:
    await house.play("upstream-latency")
    await page.goto(f"{house.url}/?as=U0ANA")
    await expect(page.locator("h1")).to_contain_text("inc-1", timeout=SOON)
    await page.locator("[data-tour-next]").click()
    await page.locator("[data-tour-next]").click()
    await _is_at(page, 3, "Here a rollback would not help")
    await _opens(page, "stakeholders")
    await _is_at(page, 3, "Here a rollback would not help")
    await expect(page.locator("[data-tour-missing]")).to_be_visible()
    await expect(page.locator("#tour-ring")).to_be_hidden()
    await _opens(page, "inc-1")
    await _action(page, "step.choose:around").click(timeout=SOON)
    await _is_at(page, 4, "Be Ben, and say yes")
    await _is_ben(page)
    await _action(page, "step.approve").click(timeout=SOON)
    await _is_at(page, 5, "Let time run")


async def _opens(page: Page, channel: str) -> None:
    await page.locator("#sidebar a", has_text=channel).first.click(timeout=SOON)
    await expect(page.locator("h1")).to_contain_text(channel, timeout=SOON)
    await arrived(page)


async def _is_ben(page: Page) -> None:
    await page.locator("a[data-person='U0BEN']").click()
    await expect(page.locator("a[data-person='U0BEN'][aria-current]")).to_be_visible()
    await arrived(page)


async def _is_at(page: Page, number: int, title: str) -> None:
    await expect(page.locator("#tour-title")).to_have_text(title, timeout=SOON)
    await expect(page.locator(".tour-count")).to_have_text(re.compile(rf"Step\s+{number} of 6"))


def _action(page: Page, action: str) -> Locator:
    return page.locator(f"#list-main [data-action-id='{action}']").last
