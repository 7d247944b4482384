"""``python -m tests.pictures``: docs/pictures/ anew, from a demo that is walked once for it. About a minute."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.demo import running_demo
from tests.browser.person import LATE, SOON, Person
from tests.browser.walks import ANA, BEN
from tests.chromium import chromium
from tests.pictures.film import Film

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SIZE: ViewportSize = {"width": 1280, "height": 860}


def film(page: Page) -> Film:
    """From the alert to the end of the watch, in ten sentences."""
    ana, film = Person(page), Film(page)
    ana.opens("inc-1-fraud-scorer")
    ana.sees("Suggested: roll back to v41.")
    film.says("Recall fell. Two Slack calls later, the first message already holds the evidence")
    film.shows(4.5)
    film.says("Version 42 against 41 on the same frauds: the interval is far from zero")
    film.clicks(ana.button("incident.ack"), seconds=2.5)
    ana.sees("Lead")
    film.says("Ana asks for the rollback")
    film.clicks(ana.button("step.choose:rollback"), seconds=1.5)
    ana.sees("Needs a yes from")
    film.says("Somebody else has to say yes: Ben")
    film.shows(2)
    film.clicks(page.locator(f"a[data-person='{BEN}']").filter(visible=True).first)
    ana.sees("Needs a yes from")
    film.clicks(ana.button("step.approve"), seconds=1.2)
    film.says("The flag is switched once; traffic moves, and the bot reads it there")
    film.shows(1.5)
    ana.looks_behind()
    film.shows(1.5)
    ana.sees(re.compile(r"v41 serves \(100 % of traffic\)"))
    film.says("Safe. What happens behind: recall and traffic by version, the log, every Slack call")
    film.shows(4)
    film.says("Now a day of watching, at 3600 times the speed")
    film.clicks(page.locator("#rate-3600"), seconds=1.2)
    for _ in range(5):
        page.wait_for_timeout(3000)
        film.shows(0.6)
    over = ana.messages.get_by_text(re.compile("The watch over .* is over")).last
    expect(over).to_be_visible(timeout=LATE)
    ana.lets_time_run(1)
    over.scroll_into_view_if_needed()
    film.says("The watch is over. “Resolved” is a word for people to say")
    film.shows(3)
    ana.acts_as(ANA)
    film.clicks(ana.button("incident.resolve"), seconds=1.2)
    page.locator("dialog#modal textarea").first.fill("Recall fell with v42; v41 serves again.")
    film.shows(1.5)
    ana.submits()
    document = ana.button("postmortem.open")
    expect(document).to_be_visible(timeout=SOON)
    page.goto(str(document.get_attribute("href")))
    film.says("The postmortem, drafted from the log")
    film.shows(4.5)
    return film


def still(page: Page) -> None:
    """The workspace at the moment when somebody is asked to decide, with the panel beside it."""
    page.locator(".banner [data-behind-toggle]").click()
    expect(page.locator("#behind svg").first).to_be_visible(timeout=SOON)
    page.wait_for_timeout(1500)
    file = PICTURES / "workspace.png"
    page.screenshot(path=file)
    Image.open(file).convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(file, optimize=True)
    page.locator("#behind [data-behind-toggle]").click()


def main() -> None:
    """Two files, and what they weigh."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as address, chromium() as browser:
        # Captions are drawn into the page from outside, which its policy forbids to everybody else.
        context = browser.new_context(viewport=SIZE, color_scheme="light", bypass_csp=True)
        context.add_init_script("localStorage.setItem('tour', 'left')")
        page = context.new_page()
        page.goto(f"{address}/?as={ANA}")
        Person(page).opens("inc-1-fraud-scorer")
        Person(page).sees("Suggested: roll back to v41.")
        still(page)
        size = film(page).save(PICTURES / "rollback.webp")
        context.close()
    still_size = (PICTURES / "workspace.png").stat().st_size
    sys.stdout.write(f"docs/pictures: workspace.png {still_size:,} bytes, rollback.webp {size:,} bytes\n")


main()
