"""Every scenario, walked in Chromium from the first message to the draft of the postmortem.

Each in one shape of the page; with ``EVENKEEL_EVERY_SHAPE=1`` each in all of them.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page

from tests.browser.keyboard import KeyboardPerson
from tests.browser.person import Person
from tests.browser.walks import ANA, WALKS

LIGHT: dict[str, object] = {}
DARK, PHONE = {"dark": True}, {"width": 390, "height": 844}
SHAPES = (LIGHT, DARK, PHONE)
EVERY = bool(os.environ.get("EVENKEEL_EVERY_SHAPE"))
ONE_EACH = [("fraud-recall-drop", DARK), ("feature-feed-break", LIGHT), ("upstream-latency", PHONE)]


@pytest.mark.parametrize(("scenario", "shape"), itertools.product(WALKS, SHAPES) if EVERY else ONE_EACH)
def test_a_scenario_is_walked_to_its_end(
    demo: Callable[..., AbstractContextManager[str]], page: Page, scenario: str
) -> None:
    with demo(scenario=scenario) as address:
        page.goto(f"{address}/?as={ANA}")
        WALKS[scenario](Person(page))


@pytest.mark.parametrize("shape", SHAPES if EVERY else [LIGHT])
def test_the_first_scenario_is_walked_without_a_mouse(address: str, page: Page) -> None:
    page.goto(f"{address}/?as={ANA}")
    WALKS["fraud-recall-drop"](KeyboardPerson(page))
