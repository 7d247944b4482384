"""Somebody who has no mouse: every act is keys, and only what has the focus is pressed."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from bot.sandbox.backstage.controls import RATES
from tests.browser.person import SOON, Person

#: more keys than anything on the page is away
_FAR = 60


class KeyboardPerson(Person):
    """The same acts as with a mouse, by the keys that ``?`` lists, Tab and the arrows."""

    def opens(self, channel: str) -> None:
        """By the quick switcher."""
        heading = self.page.locator("main h1")
        expect(self.page.locator("#sidebar a", has_text=channel)).to_be_attached(timeout=SOON)
        if channel in heading.inner_text():
            return
        self._jumps(channel)
        expect(heading).to_contain_text(channel, timeout=SOON)
        self._has_arrived()

    def acts_as(self, user: str) -> None:
        """By Shift, Alt and their number."""
        people = self.page.locator(".switcher a[data-person]")
        ids = [str(link.get_attribute("data-person")) for link in people.all()]
        self.page.keyboard.press(f"Shift+Alt+Digit{ids.index(user) + 1}")
        expect(self.page.locator(f"a[data-person='{user}'][aria-current]").first).to_be_attached()
        self._has_arrived()

    def presses(self, action: str, *, step: str = "") -> None:
        """To the message, into it, along its buttons."""
        button = self.button(action, step=step)
        expect(button).to_be_visible(timeout=SOON)
        message = button.locator("xpath=ancestor::li[@data-ts][1]")
        self._goes_to_the_messages()
        for _ in range(_FAR):
            if self._has_focus(message):
                break
            self.page.keyboard.press("ArrowUp")
        else:
            raise AssertionError(f"the message with {action} cannot be reached")
        self.page.keyboard.press("Enter")
        self._tabs_to(button)
        self.page.keyboard.press("Enter")

    def writes(self, text: str) -> None:
        """The modal has the focus in its first field."""
        self._types_into("dialog#modal textarea", text)

    def answers(self, text: str) -> None:
        """The same with one line."""
        self._types_into("dialog#modal input:not([type=hidden])", text)

    def submits(self) -> None:
        """By Tab to the button that submits."""
        button = self.page.locator("dialog#modal button[type=submit]")
        expect(button).to_be_visible(timeout=SOON)
        self._tabs_to(button)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("dialog#modal form")).to_have_count(0, timeout=SOON)

    def lets_time_run(self, rate: int) -> None:
        """In the group of speeds, by the arrows."""
        now = RATES.index(int(str(self.page.locator("[name=rate]:checked").get_attribute("value"))))
        wanted = RATES.index(rate)
        for at in range(now, wanted, 1 if wanted > now else -1):
            # The group is drawn anew with every speed: whoever presses the next arrow looks where the focus is.
            self._goes_to("[name=rate]:checked")
            self.page.keyboard.press("ArrowRight" if wanted > now else "ArrowLeft")
            expect(self.page.locator(f"#rate-{RATES[at + (1 if wanted > now else -1)]}[checked]")).to_be_checked(
                timeout=SOON
            )

    # --- keys -----------------------------------------------------------------------------------------------------

    def _jumps(self, where: str) -> None:
        self.page.keyboard.press("Control+k")
        expect(self.page.locator("#quick-text")).to_be_focused()
        self.page.keyboard.type(where)
        self.page.keyboard.press("Enter")

    def _goes_to_the_messages(self) -> None:
        """Out of whatever has the focus, to the newest message."""
        self.page.keyboard.press("Escape")
        for _ in range(_FAR):
            if self.page.evaluate("document.activeElement.matches('#list-main .message')"):
                break
            self.page.keyboard.press("F6")
        self.page.keyboard.press("End")

    def _goes_to(self, selector: str) -> None:
        """Part by part of the page, then by Tab."""
        wanted = self.page.locator(selector)
        part = f"document.querySelector('{selector}').closest('.banner')?.contains(document.activeElement)"
        for _ in range(_FAR):
            if self.page.evaluate(part):
                break
            self.page.keyboard.press("F6")
        self._tabs_to(wanted)

    def _tabs_to(self, wanted: Locator) -> None:
        for _ in range(_FAR):
            if self._has_focus(wanted):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached by Tab")

    def _types_into(self, field: str, text: str) -> None:
        first = self.page.locator(field).first
        expect(first).to_be_focused(timeout=SOON)
        self.page.keyboard.type(text)
        self.submits()

    def _has_focus(self, wanted: Locator) -> bool:
        return bool(wanted.evaluate("one => one === document.activeElement"))
