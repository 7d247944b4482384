"""The page over HTTP without a socket, and in a real browser with one."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from bot.sandbox.page import page_app
from tests.integration.sandbox_page.backstage import Backstage
from tests.integration.sandbox_page.story import Story

CHROMIUM = Path("/usr/bin/chromium")
_MISSING = not CHROMIUM.is_file() and not os.environ.get("EVENKEEL_REQUIRE_ALL")
_ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
_ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(name="story")
def _story() -> Story:
    return Story()


@pytest.fixture(name="backstage")
def _backstage() -> Backstage:
    return Backstage()


@pytest.fixture(name="client")
async def _client(story: Story, backstage: Backstage) -> AsyncIterator[httpx.AsyncClient]:
    links = [("Incidents", "http://127.0.0.1/i")]
    app = page_app(story.workspace, story.people, links=links, roles=story.roles, behind=backstage)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox") as client:
        yield client


@asynccontextmanager
async def served(story: Story, port: int = 0, backstage: Backstage | None = None) -> AsyncIterator[str]:
    """The page at a loopback port, a free one if none is named."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()  # whoever comes before the server has started waits instead of being refused
        app = page_app(story.workspace, story.people, roles=story.roles, behind=backstage)
        config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@pytest_asyncio.fixture(name="address", loop_scope="module")
async def _address(story: Story, backstage: Backstage) -> AsyncIterator[str]:
    async with served(story, backstage=backstage) as address:
        yield address


@pytest_asyncio.fixture(name="browser", scope="module", loop_scope="module")
async def _browser() -> AsyncIterator[Browser]:
    if _MISSING:
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=_ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(name="ana", loop_scope="module")
async def _ana(story: Story, address: str, browser: Browser) -> AsyncIterator[Page]:
    """Ana's tab, in the incident channel; an error in its console fails the test."""
    page = await browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
    # Playwright asks its driver for answers without waiting: a change that a test makes in this process, not through
    # the driver, could be fetched before anybody listens. From here on somebody always does.
    page.on("response", lambda _: None)
    await page.goto(f"{address}/c/{story.incident.id}?as={story.ana}")
    yield page
    await page.close()
    assert problems == []
