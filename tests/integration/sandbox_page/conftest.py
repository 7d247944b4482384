"""The page over HTTP without a socket, and in a real browser with one."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page

from bot.sandbox.page import page_app
from tests.chromium import MISSING, running_chromium, watched
from tests.integration.sandbox_page.backstage import Backstage
from tests.integration.sandbox_page.story import Story


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
    if MISSING:
        pytest.skip("Chromium is not installed")
    async with running_chromium() as browser:
        yield browser


@pytest_asyncio.fixture(name="ana", loop_scope="module")
async def _ana(story: Story, address: str, browser: Browser) -> AsyncIterator[Page]:
    """Ana's tab, in the incident channel; an error in its console fails the test."""
    page = await browser.new_page()
    problems = watched(page)
    await page.goto(f"{address}/c/{story.incident.id}?as={story.ana}")
    yield page
    await page.close()
    assert problems == []
