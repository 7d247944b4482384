"""The strip and the panel in a real browser: what the server alone cannot show."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.sandbox.demo.serving import free_port, served
from bot.sandbox.page import page_app
from tests.chromium import MISSING, running_chromium, watched
from tests.integration.sandbox_backstage.conftest import House
from tests.integration.sandbox_page.test_accessibility import TAGS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(name="browser", scope="module", loop_scope="module")
async def _browser() -> AsyncIterator[Browser]:
    if MISSING:
        pytest.skip("Chromium is not installed")
    async with running_chromium() as browser:
        yield browser


@pytest_asyncio.fixture(name="address", loop_scope="module")
async def _address(house: House) -> AsyncIterator[str]:
    workspace = house.stage.workspace
    app = page_app(workspace.workspace, workspace.people, behind=house.backstage)
    with free_port() as listener:
        async with served(app, listener) as address:
            yield address


@pytest_asyncio.fixture(name="page", loop_scope="module")
async def _page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """Ana's tab with the panel open; an error in its console fails the test."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    problems = watched(page)
    await page.goto(f"{address}/?behind=1")
    await expect(page.locator("#behind-part-faults")).to_contain_text("nothing is planned")
    yield page
    await page.close()
    assert problems == []


async def test_an_unfolded_entry_stays_unfolded_when_the_log_goes_on(house: House, page: Page) -> None:
    row = page.locator(".log-row").first
    name = await row.get_attribute("id")
    await row.locator("summary").click()
    await expect(page.locator(f"#{name} pre")).to_contain_text('"kind"')
    rows = await page.locator(".log-row").count()
    people, workspace = house.stage.workspace.people, house.stage.workspace.workspace
    channel = next(one.id for one in workspace.channels.all() if one.name.startswith("inc-1"))
    await people.slash("U0ANA", channel, f"{workspace.app.command} note still here")
    with house.stage.evenkeel.store.wakeups.subscribe() as changes:
        while await page.locator(".log-row").count() == rows:
            await house.backstage.look()
            await changes.wait(0.2)
    await expect(page.locator(f"#{name} pre")).to_contain_text('"kind"')
    await expect(page.locator(f"#{name}[open]")).to_have_count(1)


async def test_the_form_asks_only_for_what_its_fault_needs(page: Page) -> None:
    await expect(page.locator("#fault-seconds")).to_be_visible()
    await page.select_option("#fault-kind", "lose_answer")
    await expect(page.locator("#fault-seconds")).to_be_hidden()
    await page.select_option("#fault-times", "always")
    await expect(page.locator("#fault-count")).to_be_hidden()
    await page.click("#fault-add")
    await expect(page.locator(".planned")).to_contain_text("until you remove it")
    await page.click(".planned button")
    await expect(page.locator("#behind-part-faults")).to_contain_text("nothing is planned")


async def test_a_warning_is_sent_with_the_keyboard_and_what_became_of_it_is_said(page: Page) -> None:
    await expect(page.locator("#send-warning")).to_be_hidden()
    await page.focus("#behind-alerts summary")
    await page.keyboard.press("Enter")
    await page.focus("#send-warning")
    await page.keyboard.press("Enter")
    await expect(page.locator(".sent").first).to_contain_text(re.compile(r"A warning 1 alert taken in .*Slack call"))
    await page.reload()
    await expect(page.locator("#send-warning")).to_be_visible()


async def test_what_is_refused_is_said_at_the_page(page: Page) -> None:
    await page.click("#step-next")
    await expect(page.locator(".toast")).to_contain_text("somebody has to do something first")


async def test_the_speed_is_chosen_with_the_arrow_keys(house: House, page: Page) -> None:
    await page.focus("#rate-1")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("[data-fast]")).to_be_visible()
    assert house.director.speed == 60
    await expect(page.locator("#rate-60:focus")).to_have_count(1)


async def test_what_was_written_before_the_clock_was_moved_by_a_day_was_written_yesterday(
    house: House, page: Page
) -> None:
    divider = page.locator("#list-main .day").first
    await expect(divider).to_have_text("Today")
    house.director.jumped += timedelta(days=1)
    await house.backstage.look()
    await expect(divider).to_have_text("Yesterday")


async def test_an_entry_s_and_a_part_s_place_is_reached_with_the_keyboard(page: Page) -> None:
    await page.focus("#behind-part-calls")
    await page.keyboard.press("PageDown")
    await expect(page.locator("#behind-part-calls:focus")).to_have_count(1)
    await page.focus("#behind-log summary")
    await page.keyboard.press("Enter")
    await expect(page.locator("#behind-part-log")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_the_strip_and_the_panel(browser: Browser, address: str, scheme: str) -> None:
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.goto(f"{address}/?behind=1")
    await expect(page.locator("#behind-part-faults")).to_contain_text("nothing is planned")
    await page.evaluate("document.querySelectorAll('#behind details').forEach((one) => { one.open = true; })")
    await page.click("#demo-scenario summary")
    only = {"runOnly": {"type": "tag", "values": TAGS}}
    results: dict[str, Any] = (
        await Axe().run(page, context={"include": [[".strip"], ["#behind"]]}, options=only)
    ).response
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in results["violations"]] == []
    await page.close()


async def test_on_a_phone_everything_folds_into_one_menu(page: Page) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.click("[data-behind-toggle]:visible >> nth=-1")
    await expect(page.locator("#step-60")).to_be_hidden()
    await page.focus("[data-demo-menu]")
    await page.keyboard.press("Enter")
    for part in ("#step-60", "[data-scenario] >> nth=0", "[data-save-story]", "[data-reset]", "[data-tour-start]"):
        await expect(page.locator(part)).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.keyboard.press("Escape")
    await expect(page.locator("#step-60")).to_be_hidden()
    await expect(page.locator("[data-demo-menu]:focus")).to_have_count(1)
