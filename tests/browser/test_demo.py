"""The demo as a person lives it: one command, one address, and every click from the first message to the document."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.person import LATE, Person
from tests.browser.walks import ANA, BEN

#: so long may traffic take to be seen, in milliseconds: two looks that agree
TRAFFIC = 90_000


def test_from_the_first_message_to_the_postmortem(address: str, page: Page) -> None:
    ana = Person(page)
    page.goto(f"{address}/?as={ANA}")
    expect(page.locator("main h1")).to_contain_text("inc-1-fraud-scorer", timeout=LATE)
    ana.sees("Suggested: roll back to v41.")
    ana.sees(re.compile(r"v42 against v41, same [\d,]+ confirmed frauds: -"))
    ana.presses("incident.ack")
    ana.presses("step.done")
    ana.presses("step.choose:rollback")

    ana.sees("Needs a yes from")
    ana.presses("step.approve")
    ana.sees("You asked for it, so somebody else has to approve it.")
    ana.acts_as(BEN)
    ana.presses("step.approve")
    ana.sees(re.compile(r"v41 serves \(100 % of traffic\)"), within=TRAFFIC)
    ana.sees(re.compile("Watching"))
    ana.sees(re.compile("Not resolved yet"))

    ana.acts_as(ANA)
    ana.presses("incident.update")
    ana.submits()
    ana.lets_time_pass("600")
    ana.sees(re.compile(r"Last look .*Recall 0\.8\d"), within=LATE)
    ana.presses("incident.resolve")
    ana.writes("Recall fell with v42; v41 serves again.")
    ana.sees(re.compile("the draft of the postmortem is written from the log"))
    ana.presses("postmortem.why")
    ana.writes("The release was not compared with the version before it.")
    ana.presses("postmortem.action")
    ana.writes("Run the paired comparison before every release.")

    document = ana.button("postmortem.open").get_attribute("href")
    assert document is not None
    ana.opens("stakeholders")
    ana.sees(re.compile("serves again"))
    page.goto(document)
    expect(page.locator("h2", has_text="Contributing factors")).to_be_visible()
    expect(page.get_by_text("The release was not compared with the version before it.").first).to_be_visible()
    expect(page.get_by_text("Run the paired comparison before every release.").first).to_be_visible()
