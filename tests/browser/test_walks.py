"""Every scenario, walked in Chromium from the first message to the draft of the postmortem."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page

from tests.browser.keyboard import KeyboardPerson
from tests.browser.person import Person
from tests.browser.walks import ANA, WALKS

DARK, PHONE = {"dark": True}, {"width": 390, "height": 844}


@pytest.mark.parametrize(
    ("scenario", "shape"),
    [("fraud-recall-drop", DARK), ("feature-feed-break", {}), ("upstream-latency", PHONE)],
)
def test_a_scenario_is_walked_to_its_end(
    demo: Callable[..., AbstractContextManager[str]], page: Page, scenario: str
) -> None:
    with demo(scenario=scenario) as address:
        page.goto(f"{address}/?as={ANA}")
        WALKS[scenario](Person(page))


def test_the_first_scenario_is_walked_without_a_mouse(address: str, page: Page) -> None:
    page.goto(f"{address}/?as={ANA}")
    WALKS["fraud-recall-drop"](KeyboardPerson(page))
