"""One browser for all, a demo and a page for each; without Chromium they are skipped, unless all is required."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.demo import running_demo
from tests.chromium import MISSING, chromium

#: what a test says of itself: ``scenario``, and ``width``, ``height``, ``dark`` of the page
Shape = dict[str, object]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here drives Chromium and takes its time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            if MISSING:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(name="demo")
def _demo(tmp_path: Path) -> Callable[..., AbstractContextManager[str]]:
    """``with demo(scenario=...) as address``"""
    return partial(running_demo, tmp_path)


@pytest.fixture(name="address")
def _address(tmp_path: Path) -> Iterator[str]:
    """What ``evenkeel demo`` says to open; the demo ends well when it is told to."""
    with running_demo(tmp_path) as address:
        yield address


@pytest.fixture(name="shape")
def _shape() -> Shape:
    """A laptop by day; tests that want another one are parametrised."""
    return {}


@pytest.fixture(name="page")
def _page(browser: Browser, shape: Shape) -> Iterator[Page]:
    """A page whose tour was left. Nothing went wrong in its scripts, and nothing lies beside it."""
    width, height = int(str(shape.get("width", 1440))), int(str(shape.get("height", 900)))
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if shape.get("dark") else "light",
        has_touch=width < 500, reduced_motion="reduce",
    )  # fmt: skip
    context.add_init_script("localStorage.setItem('tour', 'left')")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    beside = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    context.close()
    assert wrong == []
    assert beside <= 0, "something lies beside the page"
