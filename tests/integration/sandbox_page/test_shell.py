"""The page around the messages, in Chromium: people, places, themes, long channels, connections."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.chromium import arrived
from tests.integration.sandbox_page.conftest import served
from tests.integration.sandbox_page.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

LIST = "[data-scroll=main]"
#: until it is noticed: while lines still come in, the list goes back to its end
SCROLL_UP = """list => new Promise((noticed) => {
  const scroll = () => {
    if (!lists.get(list)) { noticed(); return; }
    list.scrollTop -= 200;
    requestAnimationFrame(scroll);
  };
  scroll();
})"""
LISTENS = """() => new Promise((listens) => {
  const look = () => (source?.readyState === EventSource.OPEN ? listens() : requestAnimationFrame(look));
  look();
})"""
HIDE = """hidden => {
  Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


async def write(story: Story, count: int) -> list[str]:
    """Ben's messages in the incident's channel, as timestamps."""
    return [(await story.people.post_as(story.ben, story.incident.id, f"line {n}")).ts for n in range(count)]


async def test_another_person_sees_the_same_place(story: Story, ana: Page) -> None:
    """Channel, thread, scroll position and focus stay, and the history has no step more."""
    await write(story, 40)
    await ana.click("a.replies")
    await expect(ana.locator(".thread")).to_be_visible()
    await arrived(ana)
    await ana.evaluate("[...document.querySelectorAll('#list-main .message')].at(-30).scrollIntoView()")
    top = "list => [...list.querySelectorAll('.message')].find(one => one.getBoundingClientRect().bottom > "
    top += "list.getBoundingClientRect().top + 2).dataset.ts"
    await expect(ana.locator(f"{LIST}")).to_be_visible()
    before, steps = await ana.locator(LIST).evaluate(top), await ana.evaluate("history.length")
    await ana.click(f"a[data-person='{story.ben}']")
    await expect(ana.locator(f"a[data-person='{story.ben}'][aria-current]")).to_be_focused()
    assert await ana.title() == "#inc-1-fraud-scorer-recall-down · Ben Okafor · Sandbox workspace"
    await expect(ana.locator(".thread")).to_contain_text("On it.")
    assert await ana.locator(LIST).evaluate(top) == before
    assert await ana.evaluate("history.length") == steps


async def test_a_channel_that_is_renamed_is_called_so_everywhere_on_the_page(story: Story, ana: Page) -> None:
    story.workspace.channels.rename(story.incident.id, "inc-1-moved", user=story.ben)
    await expect(ana.locator("#where")).to_contain_text("inc-1-moved")
    await expect(ana.locator(".beginning-title")).to_have_text("This is the very beginning of #inc-1-moved.")
    await expect(ana.locator("#text-main")).to_have_attribute("placeholder", re.compile("^Message #inc-1-moved, or "))
    await expect(ana).to_have_title("#inc-1-moved · Ana Ruiz · Sandbox workspace")
    await ana.evaluate("showSidebarsUnread()")  # the sidebar may come later
    await expect(ana).to_have_title("#inc-1-moved · Ana Ruiz · Sandbox workspace")


async def test_where_somebody_left_off_there_is_a_line(story: Story, ana: Page) -> None:
    """Not on the first visit."""
    await expect(ana.locator("[data-unread-line]")).to_have_count(0)
    await ana.click(f"#sidebar a[data-channel='{story.lobby.id}']")
    await story.people.post_as(story.ben, story.incident.id, "<@U00000001> the first new one")
    await expect(ana.get_by_label("1 unread for you")).to_be_visible()
    await expect(ana).to_have_title("(1) #ml-incidents · Ana Ruiz · Sandbox workspace")
    await ana.click(f"#sidebar a[data-channel='{story.incident.id}']")
    await expect(ana.locator("[data-unread-line] + .message")).to_contain_text("the first new one")


async def test_a_long_channel_is_drawn_in_parts(story: Story, ana: Page) -> None:
    """Earlier messages come above, and whoever reads is not moved."""
    await write(story, 150)
    await ana.reload()
    await expect(ana.locator("#list-main .message")).to_have_count(60)
    first = ana.locator("#list-main .message").first
    text, place = (
        await first.inner_text(),
        await ana.evaluate("document.querySelector('#list-main .message').dataset.ts"),
    )
    await ana.locator(LIST).evaluate("list => { list.scrollTop = 100; list.scrollTop = 90; }")
    await expect(ana.locator("#list-main .message")).to_have_count(120)
    seen = ana.locator(f"#m-{place}".replace(".", "\\."))
    assert "line" in text
    await expect(seen).to_be_in_viewport()
    await ana.locator("[data-earlier] button").click()
    await expect(ana.locator(".beginning")).to_contain_text("This is the very beginning of #inc-1")


async def test_an_address_leads_to_a_message_however_old(story: Story, address: str, ana: Page) -> None:
    """It is marked, and from there the way leads to the present."""
    stamps = await write(story, 150)
    await ana.goto(f"{address}/c/{story.incident.id}?as={story.ana}#m-{stamps[20]}")
    await expect(ana.locator(".message.found")).to_contain_text("line 20")
    await expect(ana.locator(".message.found")).to_be_in_viewport()
    await arrived(ana)
    await story.people.post_as(story.ben, story.incident.id, "meanwhile")
    await ana.get_by_role("button", name="Later messages").click()
    await expect(ana.locator("#list-main")).to_contain_text("line 80")
    await ana.get_by_role("button", name="Newest messages").click()
    await expect(ana.locator("#list-main .message").last).to_contain_text("meanwhile")


async def test_a_pinned_message_is_read_and_jumped_to(story: Story, ana: Page) -> None:
    """From the channel's head."""
    await write(story, 30)
    await ana.click(".pins summary")
    await expect(ana.locator(".pins .menu-list")).to_contain_text("SEV2")
    await ana.click(".pins a")
    await expect(ana.locator(".message.found")).to_be_in_viewport()
    assert (await ana.locator(".message.found").get_attribute("data-ts")) == story.card


async def test_new_messages_are_counted_while_one_reads_further_up(story: Story, ana: Page) -> None:
    """And told to screen readers once, in one sentence each."""
    await write(story, 40)
    await expect(ana.locator("#list-main .message").last).to_contain_text("line 39")
    await ana.locator(LIST).evaluate(SCROLL_UP)
    await story.people.post_as(story.ben, story.incident.id, "a new one")
    await expect(ana.locator("[data-jump]")).to_contain_text("1 new message")
    await expect(ana.locator("#news")).to_have_text("Ben Okafor: a new one")
    await story.people.post_as(story.ben, story.incident.id, "and one more")
    await expect(ana.locator("[data-jump]")).to_contain_text("2 new messages")


async def test_light_and_dark_follow_the_system_until_somebody_chooses(ana: Page) -> None:
    """And the choice is there before the first paint of the next page."""
    paper = "getComputedStyle(document.querySelector('.main')).backgroundColor"
    await ana.emulate_media(color_scheme="light")
    light = await ana.evaluate(paper)
    await ana.emulate_media(color_scheme="dark")
    dark = await ana.evaluate(paper)
    assert light != dark
    await ana.get_by_label("Appearance and keys").click()
    await ana.click("[data-theme-choice=light]")
    assert await ana.evaluate(paper) == light
    await ana.reload(wait_until="commit")
    await ana.wait_for_selector(".main")
    assert await ana.evaluate("document.documentElement.dataset.theme") == "light"


async def test_a_tab_that_nobody_sees_leaves_its_connection_and_catches_up(story: Story, ana: Page) -> None:
    """Browsers open six connections to a host: a seventh tab would wait for ever."""
    await ana.evaluate(HIDE, True)
    assert await ana.evaluate("source.readyState") == 2
    await story.people.post_as(story.ben, story.incident.id, "<@U00000001> nobody looked")
    await ana.evaluate("askUnread()")
    await expect(ana).to_have_title("(1) #inc-1-fraud-scorer-recall-down · Ana Ruiz · Sandbox workspace")
    await ana.evaluate(HIDE, False)
    await expect(ana.locator("#list-main .message").last).to_contain_text("nobody looked")


async def test_a_sandbox_that_was_begun_anew_is_entered_anew(story: Story, browser: Browser) -> None:
    """The channel of before does not exist any more; who one is stays."""
    page = await browser.new_page()
    async with served(story) as address:
        await page.goto(f"{address}/c/{story.incident.id}?as={story.ben}")
        await expect(page.locator("#list-main h3").first).to_contain_text("SEV2")
    other = Story()
    other.workspace.stamps.ts()  # no two runs begin at the same microsecond
    other.workspace.channels.delete(other.incident.id, user=other.ana)
    async with served(other, port=int(address.rpartition(":")[2])):
        await expect(page.locator("h1")).to_contain_text("ml-incidents", timeout=15_000)
        await expect(page.locator(f"a[data-person='{story.ben}'][aria-current]")).to_be_visible()
    await page.close()


async def test_a_lost_connection_is_said_quietly_and_only_when_it_lasts(story: Story, browser: Browser) -> None:
    """What a person does meanwhile is told as failed, with what was typed still there."""
    page = await browser.new_page()
    async with served(story) as address:
        await page.goto(f"{address}/c/{story.incident.id}?as={story.ana}")
        await page.evaluate(LISTENS)
    await expect(page.locator("#connection")).to_be_empty()
    await expect(page.locator("#connection")).to_have_text("Reconnecting…", timeout=8_000)
    await page.fill("#text-main", "is anybody there?")
    await page.press("#text-main", "Enter")
    await expect(page.locator(".toast")).to_contain_text("The sandbox does not answer.")
    await expect(page.locator("#text-main")).to_have_value("is anybody there?")
    await page.close()


@pytest.mark.parametrize(
    ("text", "name"),
    [("x" * 40_000, "long"), ("שלום עולם " * 40, "rtl"), ("Donaudampfschifffahrtsgesellschaft" * 30, "word")],
)
async def test_no_text_breaks_the_layout(story: Story, ana: Page, text: str, name: str) -> None:
    """On a phone, in the list and in the thread."""
    await ana.set_viewport_size({"width": 360, "height": 740})
    await story.people.post_as(story.ben, story.incident.id, text)
    await expect(ana.locator("#list-main .message").last).to_contain_text(text[:20].strip())
    assert await ana.evaluate("document.documentElement.scrollWidth") <= 360
    assert await ana.locator(LIST).evaluate("list => list.scrollWidth - list.clientWidth") <= 0


async def test_a_workspace_without_channels_says_so(story: Story, address: str, ana: Page) -> None:
    """And shows the first one as soon as there is one."""
    for channel in (story.lobby, story.incident):
        story.workspace.channels.delete(channel.id, user=story.ana)
    await ana.goto(f"{address}/?as={story.ana}")
    await expect(ana.locator("h1")).to_have_text("No channels yet")
    story.workspace.channels.create("fresh", creator=story.ana)
    await expect(ana.locator("h1")).to_contain_text("fresh")


async def test_the_topic_is_changed_in_the_head(story: Story, ana: Page) -> None:
    """By whoever sees the channel; it says who."""
    await ana.click("#edit-topic")
    await expect(ana.locator("#topic-text")).to_have_value("SEV2 · fraud-scorer · lead: nobody yet")
    await ana.keyboard.type("All is <well>")
    await ana.keyboard.press("Enter")
    await expect(ana.locator(".topic")).to_have_text("All is <well>")
    await expect(ana.locator("#list-main .message").last).to_contain_text("set the channel topic: All is <well>")
    await expect(ana.locator("#edit-topic")).to_be_focused()


async def test_a_card_that_only_pictures_follow_is_what_one_sees_first(story: Story, address: str, ana: Page) -> None:
    """And stays in sight while more pictures come, until somebody scrolls."""
    bot, channels = story.workspace.app.bot_user, story.workspace.channels
    made = channels.create("inc-2-other", creator=bot, members=(story.ana,))
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": "known\n" * 12}}]
    card = story.workspace.messages.post(channel=made.id, user=bot, text="SEV1", blocks=tuple(blocks))
    channels.set_pins(made.id, (card.ts,), user=bot)
    for number in range(30):
        channels.set_topic(made.id, f"SEV1 · {number}", user=bot)
    await ana.goto(f"{address}/c/{made.id}?as={story.ana}")
    first = ana.locator(f"#m-{card.ts}".replace(".", "\\."))
    await expect(first).to_be_in_viewport(ratio=0.9)
    await arrived(ana)
    await story.people.post_as(story.ana, made.id, "one more")
    await expect(ana.locator("[data-jump]")).to_contain_text("1 new message")
    await expect(first).to_be_in_viewport(ratio=0.9)
