"""What people do with fields, menus and dialogs in Chromium, and what the bot is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.integration.sandbox_page.gallery import hang
from tests.integration.sandbox_page.story import CONFIRM, Story, button, text

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

GROUPS: list[dict[str, Any]] = [
    {"label": text(label, "plain_text"), "options": [{"text": text(o, "plain_text"), "value": o} for o in options]}
    for label, options in (("Models", ("fraud-scorer", "ranker")), ("Data", ("feature-store", "label-feed")))
]


@asynccontextmanager
async def telling(story: Story, page: Page) -> AsyncIterator[list[dict[str, Any]]]:
    """What is done inside tells the bot, once; afterwards the list holds the action that it was told."""
    found: list[dict[str, Any]] = []
    before = len(story.bot.told)
    async with page.expect_response(lambda answer: "/act/press" in answer.url):
        yield found
    assert len(story.bot.told) == before + 1
    found += story.last_told()["actions"]


def post(story: Story, *blocks: dict[str, Any]) -> None:
    """The bot writes these blocks into the incident's channel."""
    bot = story.workspace.app
    named = tuple({"block_id": f"new{at}"} | block for at, block in enumerate(blocks))
    story.workspace.messages.post(channel=story.incident.id, user=bot.bot_user, bot_id=bot.bot_id, blocks=named)


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def modal(story: Story, *blocks: dict[str, Any], **more: Any) -> None:
    """The bot opens a modal for Ana."""
    view = {"type": "modal", "title": text("Title", "plain_text"), "submit": text("Send", "plain_text")} | more
    named = [{"block_id": f"b{at}"} | block for at, block in enumerate(blocks)]
    story.workspace.views.open(story.workspace.views.new_trigger(story.ana), view | {"blocks": named})


def field(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An input block."""
    return {"type": "input", "label": text(label, "plain_text"), "element": element} | more


def box(page: Page, name: str) -> Locator:
    """The field of a select menu, by its label."""
    return page.get_by_role("combobox", name=name)


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


async def test_a_button_with_an_address_opens_it_and_tells_the_bot(story: Story, ana: Page, address: str) -> None:
    """With a confirmation only after the yes."""
    post(story, actions(button("The page", "open", url=f"{address}/static/icon.svg", confirm=CONFIRM)))
    await ana.get_by_role("link", name="The page").click()
    async with telling(story, ana) as told, ana.expect_popup() as opened:
        await ana.click("#confirm button[value=yes]")
    assert (await opened.value).url == f"{address}/static/icon.svg"
    assert told[0]["action_id"] == "open"
    await (await opened.value).close()


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
