"""What people do with fields and menus in Chromium, and what the bot is told of it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.integration.sandbox_page.gallery import hang
from tests.integration.sandbox_page.showing import actions, box, field, modal, post, telling
from tests.integration.sandbox_page.story import CONFIRM, Story, button, text

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

GROUPS: list[dict[str, Any]] = [
    {"label": text(label, "plain_text"), "options": [{"text": text(o, "plain_text"), "value": o} for o in options]}
    for label, options in (("Models", ("fraud-scorer", "ranker")), ("Data", ("feature-store", "label-feed")))
]


async def test_a_select_is_searched_and_chosen_with_the_keyboard(story: Story, ana: Page) -> None:
    """Words narrow the list, Enter takes what is pointed at, and the bot is told at once."""
    element = {"type": "static_select", "action_id": "pick", "placeholder": text("Service", "plain_text")}
    post(story, actions(element | {"option_groups": GROUPS}))
    await box(ana, "Service").click()
    await expect(ana.get_by_role("option")).to_have_count(4)
    await expect(ana.get_by_role("group", name="Data")).to_be_visible()
    await ana.keyboard.type("fe")
    await expect(ana.get_by_role("option")).to_have_text(["feature-store", "label-feed"])
    await ana.keyboard.press("ArrowDown")
    async with telling(story, ana) as told:
        await ana.keyboard.press("Enter")
    assert told[0]["selected_option"]["value"] == "label-feed"


async def test_escape_closes_the_list_and_keeps_what_was_chosen(story: Story, ana: Page) -> None:
    """And a second Escape is not needed to go on; nothing is told."""
    element = {"type": "static_select", "action_id": "pick", "option_groups": GROUPS}
    modal(story, field("Service", element | {"initial_option": GROUPS[0]["options"][1]}))
    await box(ana, "Service").click()
    await ana.keyboard.type("nothing like it")
    await expect(ana.get_by_text("Nothing found")).to_be_visible()
    await ana.keyboard.press("Escape")
    await expect(ana.locator("dialog#modal")).to_be_visible()
    await expect(box(ana, "Service")).to_have_value("ranker")
    assert story.bot.told == []


async def test_several_choices_are_chips_and_no_more_than_allowed(story: Story, ana: Page) -> None:
    """The bot is told when the list closes; Backspace takes the last one away."""
    element = {"type": "multi_static_select", "action_id": "pick", "option_groups": GROUPS, "max_selected_items": 2}
    post(story, {"type": "section", "text": text("Services"), "accessory": element | {"placeholder": text("Some")}})
    await box(ana, "Some").click()
    for name in ("ranker", "fraud-scorer", "label-feed"):
        await ana.get_by_role("option", name=name).click(force=True)  # also where it cannot be chosen
    await expect(ana.locator(".chip")).to_have_text(["fraud-scorer✕", "ranker✕"])
    await expect(ana.get_by_text("No more than 2 can be chosen.")).to_be_visible()
    await ana.keyboard.press("Backspace")
    assert story.bot.told == []
    async with telling(story, ana) as told:
        await ana.keyboard.press("Escape")
    assert [one["value"] for one in told[0]["selected_options"]] == ["fraud-scorer"]


async def test_a_date_and_time_is_the_readers_own(story: Story, address: str, browser: Browser) -> None:
    """Shown in their zone, sent in seconds."""
    hang(story, "pickers")
    context = await browser.new_context(timezone_id="America/New_York")
    page = await context.new_page()
    channel = story.workspace.channels.all()[-1]
    await page.goto(f"{address}/c/{channel.id}?as={story.ana}")
    picker = page.locator("input[type=datetime-local]")
    await expect(picker).to_have_value("2026-09-21T10:13")
    async with telling(story, page) as told:
        await picker.fill("2026-09-21T11:13")
    assert told[0]["selected_date_time"] == 1790003600 - 20  # the control knows whole minutes
    await context.close()


async def test_a_button_with_an_address_opens_it_and_tells_the_bot(story: Story, ana: Page, address: str) -> None:
    """With a confirmation only after the yes."""
    post(story, actions(button("The page", "open", url=f"{address}/static/icon.svg", confirm=CONFIRM)))
    await ana.get_by_role("link", name="The page").click()
    async with telling(story, ana) as told, ana.expect_popup() as opened:
        await ana.click("#confirm button[value=yes]")
    assert (await opened.value).url == f"{address}/static/icon.svg"
    assert told[0]["action_id"] == "open"
    await (await opened.value).close()


async def test_a_long_message_is_folded_and_unfolded(story: Story, ana: Page) -> None:
    """Forty thousand characters do not push everything else away."""
    await story.people.post_as(story.ben, story.incident.id, "a line of it\n" * 3000)
    folded = ana.locator(".folded").last
    await expect(folded).to_be_visible()
    short = await folded.evaluate("part => part.clientHeight")
    await ana.get_by_text("Show more").last.click()
    assert await folded.evaluate("part => part.clientHeight") > 10 * short


async def test_an_overflow_menu_is_used_with_the_arrow_keys(story: Story, ana: Page) -> None:
    """It opens on its first choice."""
    options = [{"text": text(name, "plain_text"), "value": name} for name in ("edit", "delete")]
    post(story, actions({"type": "overflow", "action_id": "more", "options": options}))
    await ana.locator("#list-main .block").get_by_label("More actions").focus()
    await ana.keyboard.press("Enter")
    await expect(ana.get_by_role("menuitem", name="edit")).to_be_focused()
    await ana.keyboard.press("ArrowDown")
    async with telling(story, ana) as told:
        await ana.keyboard.press("Enter")
    assert told[0]["selected_option"]["value"] == "delete"


async def test_a_field_that_the_bot_listens_to_tells_it_at_enter(story: Story, ana: Page) -> None:
    """Without submitting the form around it."""
    modal(story, field("Search", {"type": "plain_text_input", "action_id": "q"}, dispatch_action=True))
    await ana.locator("#modal").get_by_label("Search").fill("recall")
    async with telling(story, ana) as told:
        await ana.keyboard.press("Enter")
    assert told[0]["value"] == "recall"


async def test_a_picture_that_cannot_be_loaded_says_what_it_shows(story: Story, ana: Page, address: str) -> None:
    """Instead of a torn page; those that can are shown."""
    channel = hang(story, "image", picture=f"{address}/static/icon.svg")
    await ana.goto(f"{address}/c/{channel.id}?as={story.ana}")
    await expect(ana.locator(".no-image", has_text="An uploaded picture")).to_be_visible()
    await expect(ana.locator(".block img")).to_have_count(1)
