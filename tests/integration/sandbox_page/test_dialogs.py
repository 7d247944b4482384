"""Modals, confirmations and the page's own dialogs in Chromium."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.integration.sandbox_page.showing import actions, box, field, modal, post, telling
from tests.integration.sandbox_page.story import CONFIRM, Story, button, text

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_a_form_carries_what_was_chosen_in_menus(story: Story, ana: Page) -> None:
    """A person, several people, a day and time in the reader's zone, rich text."""
    modal(
        story,
        field("Lead", {"type": "users_select", "action_id": "lead"}),
        field("Tell", {"type": "multi_users_select", "action_id": "tell", "initial_users": [story.ana]}),
        field("When", {"type": "datetimepicker", "action_id": "when", "initial_date_time": 1790000000}),
        field("Why", {"type": "rich_text_input", "action_id": "why"}),
    )
    await box(ana, "Lead").fill("be")
    await ana.keyboard.press("Enter")
    await box(ana, "Tell").fill("chi")
    await ana.keyboard.press("Enter")
    await ana.keyboard.press("Escape")
    await ana.get_by_label("Why").fill("it is *bold*")
    story.bot.refuses = "http_timeout"
    await ana.click("#modal [type=submit]")
    await expect(ana.locator(".toast")).to_contain_text("Submitting failed")
    values = {
        action: value
        for block in story.last_told()["view"]["state"]["values"].values()
        for action, value in block.items()
    }
    assert values["lead"]["selected_user"] == story.ben
    assert values["tell"]["selected_users"] == [story.ana, story.chi]
    assert values["when"]["selected_date_time"] == 1790000000
    runs = values["why"]["rich_text_value"]["elements"][0]["elements"]
    assert runs == [{"type": "text", "text": "it is "}, {"type": "text", "text": "bold", "style": {"bold": True}}]


@pytest.mark.parametrize("place", ["message", "modal"])
async def test_a_dangerous_button_asks_first_wherever_it_stands(story: Story, ana: Page, place: str) -> None:
    """Its own words, its own colour; the bot is told after the yes only, and Escape is a no."""
    block = actions(button("Undo", "step.undo", style="danger", confirm=CONFIRM))
    if place == "message":
        post(story, block)
    else:
        modal(story, block)
    undo = ana.get_by_role("button", name="Undo")
    await undo.click()
    dialog = ana.get_by_role("dialog", name="Roll back to v41?")
    await expect(dialog).to_contain_text("Ben has to approve.")
    await expect(dialog.get_by_role("button", name="Request it")).to_have_class("btn danger")
    await ana.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(undo).to_be_focused()
    await undo.click()
    await dialog.get_by_role("button", name="Not now").click()
    assert story.bot.told == []
    await undo.click()
    async with telling(story, ana) as told:
        await dialog.get_by_role("button", name="Request it").click()
    assert told[0]["action_id"] == "step.undo"


async def test_who_says_no_has_chosen_nothing(story: Story, ana: Page) -> None:
    """The menu and the boxes go back to what they were."""
    option = {"text": text("SEV1", "plain_text"), "value": "SEV1"}
    post(
        story,
        actions(
            {"type": "static_select", "action_id": "s", "placeholder": text("Severity now"), "options": [option]}
            | {"confirm": CONFIRM},
            {"type": "checkboxes", "action_id": "c", "options": [option], "confirm": CONFIRM},
        ),
    )
    await box(ana, "Severity now").click()
    await ana.get_by_role("option", name="SEV1").click()
    await ana.click("#confirm button[value=no]")
    await expect(box(ana, "Severity now")).to_have_value("")
    check = ana.locator("#list-main").get_by_role("checkbox", name="SEV1")
    await check.click()
    await ana.click("#confirm button[value=no]")
    await expect(check).not_to_be_checked()
    assert story.bot.told == []


async def test_characters_are_counted_down_and_too_many_are_told(story: Story, ana: Page) -> None:
    """As in Slack one may type on, and hears of it at the field."""
    modal(story, field("Title", {"type": "plain_text_input", "action_id": "t", "max_length": 10, "min_length": 3}))
    await ana.get_by_role("textbox", name="Title").fill("ab")
    await expect(ana.locator(".counter")).to_have_text("1 more needed")
    await ana.get_by_role("textbox", name="Title").fill("twelve chars")
    await expect(ana.locator(".counter")).to_have_text("-2 left")
    await ana.click("#modal [type=submit]")
    await expect(ana.locator("#modal .error").last).to_contain_text("at most 10 characters")
    await expect(ana.get_by_role("textbox", name="Title")).to_have_attribute("aria-invalid", "true")
    await expect(ana.get_by_role("textbox", name="Title")).to_be_focused()


async def test_three_modals_lie_on_each_other_with_a_way_back(story: Story, ana: Page) -> None:
    """The arrow leads back by one, the sign in the corner closes all, and the bot hears of each."""
    more = {"close": text("Close", "plain_text"), "notify_on_close": True}
    modal(story, field("First", {"type": "plain_text_input", "action_id": "t"}), **more)
    await ana.get_by_label("First").fill("kept")
    for name in ("Second", "Third"):
        view = {"type": "modal", "title": text(name, "plain_text"), "blocks": []} | more
        story.workspace.views.put_on_top(story.ana, view)
        await expect(ana.locator("#modal-title")).to_have_text(name)
    await ana.get_by_role("button", name="Back", exact=True).click()
    await expect(ana.locator("#modal-title")).to_have_text("Second")
    await ana.get_by_role("button", name="Close all").click()
    await expect(ana.locator("dialog#modal")).to_be_hidden()
    closed = [(payload["view"]["title"]["text"], payload["is_cleared"]) for _, payload in story.bot.told]
    assert closed[0] == ("Third", False)
    assert {title for title, cleared in closed[1:] if cleared} == {"Second", "Title"}


async def test_a_long_modal_fills_a_phone_and_scrolls_in_its_body(story: Story, ana: Page) -> None:
    """Its title and its buttons stay in sight."""
    await ana.set_viewport_size({"width": 390, "height": 700})
    modal(story, *({"type": "section", "text": text(f"Line {number}")} for number in range(60)))
    await expect(ana.locator("dialog#modal")).to_be_visible()
    size = await ana.locator("dialog#modal").bounding_box()
    assert size == {"x": 0, "y": 0, "width": 390, "height": 700}
    for part in ("#modal-title", "#modal [type=submit]"):
        await expect(ana.locator(part)).to_be_in_viewport()
    assert await ana.locator("#modal .dialog-body").evaluate("body => body.scrollHeight > body.clientHeight")


async def test_a_dialog_of_the_page_is_closed_by_its_own_button(ana: Page) -> None:
    """Nothing is changed, and the focus is where it was."""
    await ana.click("#edit-topic")
    await ana.keyboard.type("Not this")
    await ana.locator("#topic").get_by_role("button", name="Cancel").click()
    await expect(ana.locator("#topic")).to_be_hidden()
    await expect(ana.locator("#edit-topic")).to_be_focused()
    await expect(ana.locator(".topic")).to_have_text("SEV2 · fraud-scorer · lead: nobody yet")
    await ana.keyboard.press("?")
    await ana.locator("#help").get_by_role("button", name="Close").click()
    await expect(ana.locator("#help")).to_be_hidden()
