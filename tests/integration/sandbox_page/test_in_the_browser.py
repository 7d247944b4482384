"""The page in Chromium: what a person sees change, and what stays as it was."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.chromium import arrived
from tests.integration.sandbox_page.conftest import served
from tests.integration.sandbox_page.story import CARD, Story
from tests.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ACK = "#list-main [data-action-id='incident.ack']"
ROLLBACK = "#list-main [data-action-id='step.run']"


async def test_a_press_redraws_the_card_and_nothing_else(story: Story, ana: Page) -> None:
    """Half-typed text, the focus and other messages' elements stay."""
    other = ana.locator(".message", has_text="are payouts affected")
    await other.evaluate("element => { element.kept = true; }")
    await ana.fill("#text-main", "half a sent")
    await ana.click(ACK)
    await expect(ana.locator("#list-main")).to_contain_text("@ana pressed incident.ack")
    await expect(ana.locator("#text-main")).to_have_value("half a sent")
    await expect(ana.locator(ACK)).to_be_focused()
    assert await other.evaluate("element => element.kept")


@pytest.mark.parametrize("stays", [True, False])
async def test_a_redrawing_waits_while_a_button_is_held_down(story: Story, ana: Page, stays: bool) -> None:
    """The click is not lost; and who lets go elsewhere sees the new drawing then."""
    await ana.locator(ACK).hover()
    await ana.mouse.down()
    blocks = ({"type": "header", "block_id": "h", "text": {"type": "plain_text", "text": "Changed"}}, *CARD[1:])
    async with ana.expect_response(lambda answer: "/part/message/" in answer.url):
        story.workspace.messages.edit(story.incident.id, story.card, blocks=blocks)
    if not stays:
        await ana.mouse.move(5, 5)
    await ana.mouse.up()
    seen = "@ana pressed incident.ack" if stays else "Changed"
    await expect(ana.locator("#list-main")).to_contain_text(seen)


async def test_two_tabs_are_two_people(story: Story, address: str, ana: Page, browser: Browser) -> None:
    """Each sees what the other does at once, and nobody else's ephemeral messages."""
    ben = await browser.new_page()
    await ben.goto(f"{address}/c/{story.incident.id}?as={story.ben}")
    await expect(ben.locator(".ephemeral")).to_have_count(0)
    await ben.fill("#text-main", "*hello* @ana, look")
    await ben.press("#text-main", "Enter")
    await expect(ana.locator("#list-main .message").last).to_contain_text("hello @ana")
    await expect(ben.locator("#text-main")).to_have_value("")
    await expect(ana.locator("#list-main .message").last.locator("b")).to_have_text("hello")
    await ben.close()


async def test_a_confirmation_asks_before_the_bot_is_told(story: Story, ana: Page) -> None:
    """Saying no does nothing."""
    await ana.click(ROLLBACK)
    await expect(ana.locator("#confirm")).to_contain_text("Roll back to v41?")
    await ana.click("#confirm button[value=no]")
    assert story.bot.told == []
    await ana.click(ROLLBACK)
    await ana.click("#confirm button[value=yes]")
    await expect(ana.locator("#list-main")).to_contain_text("pressed step.run")


async def test_a_select_tells_the_bot_what_was_chosen(story: Story, ana: Page) -> None:
    """Without a further click."""
    await ana.select_option("#list-main [data-action-id='incident.severity']", "SEV1")
    await expect(ana.locator("#list-main")).to_contain_text("pressed incident.severity")
    assert story.last_told()["actions"][0]["selected_option"]["value"] == "SEV1"


async def test_a_modal_shows_errors_stacks_and_closes(story: Story, ana: Page) -> None:
    """What was typed survives errors and the modal on top; Escape closes one at a time."""
    await ana.fill("#text-main", "/incident update")
    await ana.press("#text-main", "Enter")
    await expect(ana.locator("dialog#modal textarea")).to_be_focused()
    await ana.click("dialog [type=submit]")
    await expect(ana.locator("dialog .error").last).to_contain_text("required")
    await ana.keyboard.type("short")
    await ana.get_by_label("1 hour").check()
    await ana.click("dialog [type=submit]")
    await expect(ana.locator("dialog .error").last).to_have_text("Please write a whole sentence.")
    await expect(ana.locator("dialog textarea")).to_have_value("short")
    await expect(ana.get_by_label("1 hour")).to_be_checked()
    await ana.click("dialog [data-action-id='update.preview']")
    await expect(ana.locator("#modal-title")).to_have_text("Preview")
    await ana.keyboard.press("Escape")
    await expect(ana.locator("#modal-title")).to_have_text("Tell the stakeholders")
    await expect(ana.locator("dialog textarea")).to_have_value("short")
    await expect(ana.get_by_label("1 hour")).to_be_checked()
    await ana.fill("dialog textarea", "Recall is back to normal.")
    await ana.click("dialog [type=submit]")
    await expect(ana.locator("dialog#modal")).to_be_hidden()
    values = story.last_told()["view"]["state"]["values"]
    assert values["what"]["text"]["value"] == "Recall is back to normal."


async def test_a_view_that_the_bot_updates_keeps_what_was_typed(story: Story, ana: Page) -> None:
    """As long as the field is still there."""
    await ana.fill("#text-main", "/incident update")
    await ana.press("#text-main", "Enter")
    await ana.fill("dialog textarea", "half a sent")
    view = story.workspace.views.top(story.ana)
    assert view is not None
    title = {"type": "plain_text", "text": "Changed"}
    story.workspace.views.update(view.id, view.content | {"title": title})
    await expect(ana.locator("#modal-title")).to_have_text("Changed")
    await expect(ana.locator("dialog textarea")).to_have_value("half a sent")


async def test_a_thread_opens_beside_the_channel_and_back_closes_it(story: Story, ana: Page) -> None:
    """Replies arrive in it, and are counted at the parent."""
    await ana.click("a.replies")
    await expect(ana.locator(".thread")).to_contain_text("On it.")
    await arrived(ana)
    await ana.fill("#text-thread", "thanks")
    await ana.press("#text-thread", "Enter")
    await expect(ana.locator("#list-thread .message").last).to_contain_text("thanks")
    await expect(ana.locator("#list-main a.replies")).to_have_text("2 replies")
    await ana.go_back()
    await expect(ana.locator(".thread")).to_have_count(0)


async def test_commands_are_suggested_and_taken_by_keyboard(story: Story, ana: Page) -> None:
    """Down and Enter choose, a second Enter sends."""
    await ana.click("#text-main")
    await ana.keyboard.type("/incident st")
    await expect(ana.locator(".suggestions [role=option]:visible")).to_have_count(2)
    await ana.keyboard.press("ArrowDown")
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#text-main")).to_have_value("/incident status ")
    await ana.keyboard.press("Enter")
    await expect(ana.locator(".ephemeral").last).to_contain_text("You said status.")


async def test_message_shortcuts_and_reactions_work_from_the_toolbar(story: Story, ana: Page) -> None:
    """The card can be pinned to the timeline by either."""
    card = ana.locator(f"#list-main [data-ts='{story.card}']").first
    await card.hover()
    await card.get_by_label("Add a reaction").click()
    await expect(ana.locator("#emoji-picker")).to_be_visible()
    await card.get_by_label("React with pushpin").click()
    await expect(card.locator(".reaction")).to_contain_text("1")
    await card.hover()
    await card.get_by_label("More: message shortcuts").click()
    await card.get_by_role("menuitem", name="Add to timeline").click()
    await expect(ana.locator("dialog#modal")).to_be_visible()
    assert story.last_told()["callback_id"] == "timeline.add"


async def test_a_late_picker_does_not_open_over_what_was_pressed_meanwhile(story: Story, ana: Page) -> None:
    """Its table is fetched when it is asked for the first time."""
    card = ana.locator(f"#list-main [data-ts='{story.card}']").first
    fetching, go_on = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        fetching.set()
        await go_on.wait()
        await route.continue_()

    await ana.route("**/part/emoji*", late)
    await card.hover()
    await card.get_by_label("Add a reaction").click()
    await asyncio.wait_for(fetching.wait(), PATIENCE)
    await card.get_by_label("React with pushpin").click()
    async with ana.expect_response("**/part/emoji*"):
        go_on.set()
    await expect(card.locator(".reaction")).to_contain_text("1")
    await expect(ana.locator("#emoji-picker")).to_be_hidden()


async def test_who_reads_further_up_is_not_moved(story: Story, ana: Page) -> None:
    """New messages wait behind a button; redrawn cards do not shift the text."""
    for number in range(40):
        await story.people.post_as(story.ben, story.incident.id, f"line {number}")
    await expect(ana.locator("#list-main .message").last).to_contain_text("line 39")
    scrolled = "new Promise(done => list.addEventListener('scroll', () => requestAnimationFrame(done), {once: true}))"
    scroll = f"async list => {{ const scrolled = {scrolled}; list.scrollTop = 200; await scrolled; }}"
    await ana.locator("[data-scroll=main]").evaluate(scroll)
    await story.people.post_as(story.ben, story.incident.id, "the newest")
    await expect(ana.locator("#list-main .message").last).to_contain_text("the newest")
    assert await ana.locator("[data-scroll=main]").evaluate("list => list.scrollTop") == 200
    await ana.click("[data-scroll=main] [data-jump]")
    await expect(ana.locator("#list-main .message").last).to_be_in_viewport()


async def test_a_refusal_is_told_in_a_toast(story: Story, ana: Page) -> None:
    """And the text that was not sent stays."""
    story.bot.refuses = "connection_failed"
    await ana.fill("#text-main", "/incident new")
    await ana.press("#text-main", "Enter")
    await expect(ana.locator(".toast")).to_contain_text("/incident failed: Evenkeel is not connected.")
    await expect(ana.locator("#text-main")).to_have_value("/incident new")


async def test_other_channels_become_bold_when_something_is_written(story: Story, ana: Page) -> None:
    """Until they are opened."""
    await story.people.post_as(story.ben, story.lobby.id, "anybody there?")
    lobby = ana.locator(f"#sidebar a[data-channel='{story.lobby.id}']")
    await expect(lobby.get_by_label("unread")).to_be_visible()
    await lobby.click()
    await expect(ana.locator("#list-main")).to_contain_text("anybody there?")
    await expect(lobby.get_by_label("unread")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 390, 768, 1440, 1920])
async def test_nothing_overflows_to_the_side(story: Story, ana: Page, width: int) -> None:
    """From a small phone to a wide screen, with a long word in the channel."""
    await story.people.post_as(story.ben, story.incident.id, "x" * 400)
    await ana.set_viewport_size({"width": width, "height": 800})
    await expect(ana.locator("#list-main .message").last).to_contain_text("xxx")
    assert await ana.evaluate("document.documentElement.scrollWidth") <= width
    assert await ana.locator("[data-scroll=main]").evaluate("list => list.scrollWidth - list.clientWidth") <= 0


async def test_every_control_has_a_name(story: Story, ana: Page) -> None:
    """For screen readers: buttons, links, fields."""
    nameless = await ana.evaluate(
        """() => ['button', 'a[href]', 'input:not([type=hidden])', 'select', 'textarea', 'summary']
          .flatMap(kind => [...document.querySelectorAll(kind)])
          .filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim()))
          .map(e => e.outerHTML)"""
    )
    assert nameless == []


async def test_times_are_told_in_the_readers_zone(story: Story, address: str, browser: Browser) -> None:
    """With the exact time in UTC at hand."""
    context = await browser.new_context(timezone_id="America/New_York")
    page = await context.new_page()
    await page.goto(f"{address}/c/{story.incident.id}?as={story.ana}")
    time = page.locator(f"#list-main [data-ts='{story.card}'] .body time")
    await expect(time).to_have_text("22:51")
    await expect(time).to_have_attribute("title", "2026-09-22 02:51:00 UTC")
    await context.close()


async def test_the_page_catches_up_after_the_connection_was_lost(story: Story, browser: Browser) -> None:
    """What changed meanwhile was not told, so everything is looked at again."""
    page = await browser.new_page()
    async with served(story) as address:
        await page.goto(f"{address}/c/{story.incident.id}?as={story.ana}")
        await expect(page.locator("#list-main h3").first).to_contain_text("SEV2")
    blocks = ({"type": "header", "block_id": "h", "text": {"type": "plain_text", "text": "Changed"}}, *CARD[1:])
    story.workspace.messages.edit(story.incident.id, story.card, blocks=blocks)
    async with served(story, port=int(address.rpartition(":")[2])):
        await expect(page.locator("#list-main h3").first).to_have_text("Changed", timeout=15_000)
    await page.close()


async def test_a_list_opens_at_its_end_and_stays_there_when_a_card_grows(story: Story, ana: Page) -> None:
    """Whoever waits for news sees them."""
    for number in range(30):
        await story.people.post_as(story.ben, story.incident.id, f"line {number}")
    await ana.reload()
    await expect(ana.locator("#list-main .message").last).to_be_in_viewport()
    tall = tuple(CARD[1] | {"block_id": f"again{number}"} for number in range(10))
    story.workspace.messages.edit(story.incident.id, story.card, blocks=CARD + tall)
    await expect(ana.locator("#list-main [data-block-id=again9]")).to_have_count(1)
    await expect(ana.locator("#list-main .message").last).to_be_in_viewport()
