"""The demo as a person lives it: one command, one address, and every click from the first message to the document."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: traffic moves within seconds, labels arrive half a minute late, as the demo says; in milliseconds
SOON, LATE = 45_000, 120_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        not CHROMIUM.is_file() and not os.environ.get("EVENKEEL_REQUIRE_ALL"), reason="Chromium is not installed"
    ),
]


@pytest.fixture(name="address")
def _address(tmp_path: Path) -> Iterator[str]:
    """What ``evenkeel demo`` says to open; the demo ends well when it is told to."""
    command = [sys.executable, "-m", "bot.cli", "demo", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        found = next(match[1] for line in demo.stdout if (match := re.search(r"Open\s+(http\S+)", line)))
        yield found
        demo.terminate()
        assert demo.wait(timeout=15) == 0


@pytest.fixture(name="browser")
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


class Person:
    """Somebody in front of the workspace."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def acts_as(self, user: str) -> None:
        self.page.locator(f"a[data-person='{user}']").click()
        expect(self.page.locator(f"a[data-person='{user}'][aria-current]")).to_be_visible()

    def sees(self, text: str | re.Pattern[str], *, within: float = SOON) -> None:
        expect(self.page.locator("#list-main").get_by_text(text).first).to_be_visible(timeout=within)

    def presses(self, action: str) -> None:
        self.page.locator(f"#list-main [data-action-id='{action}']").last.click(timeout=SOON)

    def writes(self, text: str) -> None:
        """Into the modal that is open, and submits it."""
        self.page.locator("dialog#modal textarea").first.fill(text)
        self.submits()

    def submits(self) -> None:
        self.page.locator("dialog#modal button[type=submit]").click()
        expect(self.page.locator("dialog#modal form")).to_have_count(0, timeout=SOON)


def test_from_the_first_message_to_the_postmortem(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    ana = Person(page)

    page.goto(f"{address}/?as=U0ANA")
    page.locator("#sidebar a", has_text="inc-1-fraud-scorer").click(timeout=SOON)
    ana.sees("Suggested: roll back to v41.")
    ana.sees(re.compile(r"v42 against v41, same [\d,]+ confirmed frauds: -"))
    ana.presses("incident.ack")
    ana.presses("step.done")
    ana.presses("step.choose:rollback")

    ana.sees("Needs a yes from")
    ana.presses("step.approve")
    ana.sees("You asked for it, so somebody else has to approve it.")
    ana.acts_as("U0BEN")
    ana.presses("step.approve")
    ana.sees(re.compile(r"v41 serves \(100 % of traffic\)"), within=90_000)
    ana.sees(re.compile("Watching"))
    ana.sees(re.compile("Not resolved yet"))

    ana.acts_as("U0ANA")
    ana.presses("incident.update")
    ana.submits()
    ana.sees(re.compile(r"Last look .*Recall 0\.8\d"), within=LATE)
    ana.presses("incident.resolve")
    ana.writes("Recall fell with v42; v41 serves again.")
    ana.sees(re.compile("the draft of the postmortem is written from the log"))
    ana.presses("postmortem.why")
    ana.writes("The release was not compared with the version before it.")
    ana.presses("postmortem.action")
    ana.writes("Run the paired comparison before every release.")

    document = page.locator("#list-main a[data-action-id='postmortem.open']").last.get_attribute("href")
    assert document is not None
    page.locator("#sidebar a", has_text="stakeholders").click()
    ana.sees(re.compile("serves again"))
    page.goto(document)
    expect(page.locator("h2", has_text="Contributing factors")).to_be_visible()
    expect(page.get_by_text("The release was not compared with the version before it.").first).to_be_visible()
    expect(page.get_by_text("Run the paired comparison before every release.").first).to_be_visible()
    assert "# INC-1" in page.request.get(f"{document}.md").text()
    assert mistakes == []
