"""Somebody in front of the workspace: what they see, and what they do, with a mouse or a finger."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

#: traffic moves within seconds, labels arrive half a minute late, as the demo says; in milliseconds
SOON, LATE = 45_000, 120_000


class Person:
    """Acts by what stands on the page; on a narrow one what is not there lies in a drawer or a menu."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # --- what they see --------------------------------------------------------------------------------------------

    @property
    def messages(self) -> Locator:
        """The list of the channel that is open."""
        return self.page.locator("#list-main")

    def sees(self, text: str | re.Pattern[str], *, within: float = SOON) -> None:
        """It stands in the channel."""
        expect(self.messages.get_by_text(text).first).to_be_visible(timeout=within)

    def button(self, action: str, *, step: str = "") -> Locator:
        """The newest button of that action, of that step."""
        which = f'[data-value*=\'"s":"{step}"\']' if step else ""
        return self.messages.locator(f"[data-action-id='{action}']{which}").last

    # --- where they look ------------------------------------------------------------------------------------------

    def opens(self, channel: str) -> None:
        """The channel whose name begins so."""
        if not self.page.locator("#sidebar").is_visible():
            self.page.locator("[data-drawer]").filter(visible=True).first.click()
        self.page.locator("#sidebar a", has_text=channel).first.click(timeout=SOON)
        expect(self.page.locator("main h1")).to_contain_text(channel, timeout=SOON)
        self._has_arrived()

    def acts_as(self, user: str) -> None:
        """From now on they are somebody else."""
        self._closes_the_demo_menu()
        self.page.locator(f"a[data-person='{user}']").filter(visible=True).first.click()
        expect(self.page.locator(f"a[data-person='{user}'][aria-current]").first).to_be_attached()
        self._has_arrived()

    # --- what they do ---------------------------------------------------------------------------------------------

    def presses(self, action: str, *, step: str = "") -> None:
        """It has been pressed; what comes of it is not there yet."""
        self.button(action, step=step).click(timeout=SOON)

    def writes(self, text: str) -> None:
        """Into the modal that is open, and submits it."""
        self.page.locator("dialog#modal textarea").first.fill(text)
        self.submits()

    def answers(self, text: str) -> None:
        """Into the one line that the open modal asks for, and submits it."""
        self.page.locator("dialog#modal input:not([type=hidden])").first.fill(text)
        self.submits()

    def submits(self) -> None:
        """The modal is gone."""
        self.page.locator("dialog#modal button[type=submit]").click()
        expect(self.page.locator("dialog#modal form")).to_have_count(0, timeout=SOON)

    # --- what lies around the workspace ---------------------------------------------------------------------------

    def lets_time_run(self, rate: int) -> None:
        """1, 60 or 3600 times as fast as in life."""
        self._opens_the_demo_menu()
        self.page.locator(f"#rate-{rate}").check()

    def lets_time_pass(self, button: str) -> None:
        """By one of the steps: ``60``, ``600``, ``3600`` seconds, or ``next``."""
        self._opens_the_demo_menu()
        self.page.locator(f"#step-{button}").click()

    def looks_behind(self) -> None:
        """The panel is open."""
        if not self.page.locator("#behind").is_visible():
            self.page.locator(".banner [data-behind-toggle]").click()
        expect(self.page.locator("#behind")).to_be_visible()

    def _has_arrived(self) -> None:
        """The page has run its scripts: before, nobody hears its keys and its clicks."""
        self.page.wait_for_load_state("domcontentloaded")

    def _opens_the_demo_menu(self) -> None:
        menu = self.page.locator("[data-demo-menu]")
        if menu.is_visible() and menu.get_attribute("aria-expanded") == "false":
            menu.click()

    def _closes_the_demo_menu(self) -> None:
        """On a narrow page the open menu lies over what is below it."""
        menu = self.page.locator("[data-demo-menu]")
        if menu.is_visible() and menu.get_attribute("aria-expanded") == "true":
            menu.click()
