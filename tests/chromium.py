"""Debian's Chromium, and how long a test waits for what it shows."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import playwright.async_api
import playwright.sync_api
from playwright.async_api import async_playwright
from playwright.sync_api import sync_playwright

PATH = Path("/usr/bin/chromium")
#: it is not there, and may be
MISSING = not PATH.is_file() and not os.environ.get("EVENKEEL_REQUIRE_ALL")
#: how long an expectation may take to come true, in milliseconds: on a machine that is busy with something else,
#: Playwright's own five seconds are not enough. Whatever is there at once costs none of it.
PATIENCE = 45_000
_ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

playwright.async_api.expect.set_options(timeout=PATIENCE)
playwright.sync_api.expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def running_chromium() -> AsyncIterator[playwright.async_api.Browser]:
    """Without a screen, for coroutines."""
    async with async_playwright() as started:
        browser = await started.chromium.launch(executable_path=str(PATH), args=_ARGUMENTS, timeout=2 * PATIENCE)
        yield browser
        await browser.close()


@contextmanager
def chromium() -> Iterator[playwright.sync_api.Browser]:
    """Without a screen."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(PATH), args=_ARGUMENTS, timeout=2 * PATIENCE)
        yield browser
        browser.close()


async def arrived(page: playwright.async_api.Page) -> None:
    """The page that was just seen to have come has run its scripts: before, nobody hears its keys and its clicks."""
    await page.wait_for_load_state("domcontentloaded")


def watched(page: playwright.async_api.Page) -> list[str]:
    """The list into which errors of its scripts and of its console come; a test demands that it stays empty.

    Playwright tells its driver without waiting which answers it wants to hear of. A change that a test makes in its
    own process, and not through the driver, could be fetched before: from here on somebody always listens.
    """
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
    page.on("response", lambda _: None)
    return problems
