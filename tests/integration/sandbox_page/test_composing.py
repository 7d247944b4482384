"""What a person does with messages, in Chromium: completing, editing, files, emoji, menus, the bot's own page."""

from __future__ import annotations

import base64

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from bot.sandbox.workspace.values import Json
from tests.integration.sandbox_page.story import Story, button, text
from tests.integration.sandbox_page.test_composing_over_http import PIXEL

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

BOX = "#text-main"
LAST = "#list-main .message >> nth=-1"
PICTURE = FilePayload(name="recall.png", mimeType="image/png", buffer=PIXEL)


async def test_names_channels_and_emoji_are_completed(story: Story, ana: Page) -> None:
    """The first that fits is taken by Enter; a second Enter sends what the bot is told as tokens."""
    await ana.click(BOX)
    await ana.keyboard.type("look @be")
    await expect(ana.get_by_role("option", name="@ben")).to_have_attribute("aria-selected", "true")
    await ana.keyboard.press("Enter")
    await ana.keyboard.type("at #ml")
    await expect(ana.get_by_role("option", name="#ml-incidents")).to_be_visible()
    await ana.keyboard.press("Tab")
    await ana.keyboard.type(":rotating")
    await expect(ana.get_by_role("option", name="rotating_light")).to_be_visible()
    await ana.keyboard.press("Enter")
    await expect(ana.locator(BOX)).to_have_value("look @ben at #ml-incidents :rotating_light: ")
    await ana.keyboard.press("Enter")
    await expect(ana.locator(LAST)).to_contain_text("look @ben at #ml-incidents")
    sent = story.workspace.messages.visible(story.incident.id, to=story.ana)[-1]
    assert sent.text == f"look <@{story.ben}> at <#{story.lobby.id}> :rotating_light:"


async def test_a_command_says_what_can_follow_it(story: Story, ana: Page) -> None:
    """While its argument is typed."""
    await ana.click(BOX)
    await ana.keyboard.type("/")
    await expect(ana.get_by_role("option", name="What can be done now")).to_be_visible()
    await ana.keyboard.type("incident lead ")
    await expect(ana.locator("[data-usage]")).to_contain_text("/incident lead [@somebody]")


async def test_marks_are_written_by_buttons_and_keys(story: Story, ana: Page) -> None:
    """Around what is selected, and away again; a list goes on in the next line."""
    await ana.fill(BOX, "recall fell")
    await ana.keyboard.press("Control+a")
    await ana.keyboard.press("Control+b")
    await expect(ana.locator(BOX)).to_have_value("*recall fell*")
    await ana.keyboard.press("Control+b")
    await expect(ana.locator(BOX)).to_have_value("recall fell")
    await ana.keyboard.press("End")
    await ana.get_by_role("button", name="List", exact=True).click()
    await ana.keyboard.press("End")
    await ana.keyboard.press("Shift+Enter")
    await ana.keyboard.type("payouts")
    await expect(ana.locator(BOX)).to_have_value("• recall fell\n• payouts")


async def test_arrow_up_edits_ones_last_message_and_escape_leaves_it(story: Story, ana: Page) -> None:
    """Somebody's reaction meanwhile takes nothing from what is being typed."""
    await ana.click(BOX)
    await ana.keyboard.press("ArrowUp")
    edited = ana.locator("#list-main .message.mine").last
    await expect(edited.locator("textarea")).to_be_focused()
    await ana.keyboard.press("Escape")
    await expect(edited.locator("textarea")).to_have_count(0)
    await expect(ana.locator(BOX)).to_be_focused()
    await ana.keyboard.press("ArrowUp")
    await edited.locator("textarea").fill("payouts are *fine*")
    mine = story.workspace.messages.visible(story.incident.id, to=story.ana)
    ts = next(message.ts for message in reversed(mine) if message.user == story.ana and not message.subtype)
    async with ana.expect_response(lambda answer: f"/part/message/{story.incident.id}/{ts}" in answer.url):
        story.workspace.messages.react(story.incident.id, ts, user=story.ben, name="eyes")
    await expect(edited.locator("textarea")).to_have_value("payouts are *fine*")
    await ana.keyboard.press("Enter")
    await expect(edited).to_contain_text("payouts are fine (edited)")
    await expect(edited.locator(".reaction")).to_contain_text("1")


async def test_a_message_is_deleted_after_a_question(story: Story, ana: Page) -> None:
    """From its menu, by keyboard alone."""
    await story.people.post_as(story.ana, story.incident.id, "wrong channel")
    message = ana.locator("#list-main .message", has_text="wrong channel")
    await message.focus()
    await message.get_by_label("More: message shortcuts").focus()
    await ana.keyboard.press("Enter")
    await expect(message.get_by_role("menuitem", name="Copy link")).to_be_focused()
    await ana.keyboard.press("ArrowDown")
    await ana.keyboard.press("ArrowDown")
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#confirm")).to_contain_text("wrong channel")
    await ana.click("#confirm button[value=yes]")
    await expect(message).to_have_count(0)


async def test_a_picture_is_previewed_sent_and_shown_large(story: Story, ana: Page) -> None:
    """A chip can be taken back; without a text it is sent too."""
    other = FilePayload(name="<i>.csv", mimeType="text/csv", buffer=b"a,b")
    await ana.set_input_files("[data-composer=main] input[type=file]", [PICTURE, other])
    await expect(ana.locator("[data-chips] img")).to_have_attribute("src", f"data:image/png;base64,{encoded(PIXEL)}")
    await ana.get_by_label("Do not send <i>.csv").click()
    await ana.get_by_role("button", name="Send", exact=True).click()
    picture = ana.locator(LAST).get_by_label("Show recall.png large")
    await picture.click()
    await expect(ana.locator("#lightbox img")).to_be_visible()
    await ana.keyboard.press("Escape")
    await expect(ana.locator("#lightbox")).to_be_hidden()
    await expect(ana.locator("[data-chips]")).to_be_hidden()


async def test_any_emoji_is_found_by_keyboard(story: Story, ana: Page) -> None:
    """And offered first the next time."""
    card = ana.locator(f"#list-main [data-ts='{story.card}']").first
    for times in range(2):
        await card.focus()
        await card.get_by_label("Add a reaction").focus()
        await ana.keyboard.press("Enter")
        await expect(ana.get_by_label("Search emoji")).to_be_focused()
        if await card.locator(".reaction").count():
            first = ana.locator("#emoji-picker button").first
            await expect(first).to_have_attribute("title", ":rocket:")
            await ana.keyboard.press("ArrowDown")
            await expect(first).to_be_focused()
        else:
            await ana.keyboard.type("rocke")
        await ana.keyboard.press("Enter")
        await expect(card.locator(".reaction")).to_have_count(1 - times)


async def test_a_card_that_changes_meanwhile_still_gets_the_emoji(story: Story, ana: Page) -> None:
    """It is drawn anew once the picker is closed."""
    card = ana.locator(f"#list-main [data-ts='{story.card}']").first
    await card.hover()
    await card.get_by_label("Add a reaction").click()
    await expect(ana.get_by_label("Search emoji")).to_be_focused()
    blocks = ({"type": "header", "block_id": "h", "text": text("Changed", "plain_text")},)
    async with ana.expect_response(lambda answer: "/part/message/" in answer.url):
        story.workspace.messages.edit(story.incident.id, story.card, blocks=blocks)
    await ana.locator("#emoji-picker button[title=':eyes:']").first.click()
    await expect(card.locator(".reaction")).to_contain_text("1")
    await expect(card).to_contain_text("Changed")


async def test_a_modal_opens_in_the_tab_that_asked(story: Story, address: str, ana: Page, browser: Browser) -> None:
    """A second tab of the same person stays as it was; a reload keeps the modal."""
    beside = await browser.new_page()
    await beside.goto(f"{address}/c/{story.incident.id}?as={story.ana}")
    await ana.fill(BOX, "/incident update")
    async with beside.expect_response(lambda answer: "/part/views" in answer.url):
        await ana.press(BOX, "Enter")
    await expect(ana.locator("#modal-title")).to_have_text("Tell the stakeholders")
    await ana.reload()
    await expect(ana.locator("#modal-title")).to_have_text("Tell the stakeholders")
    await expect(beside.locator("dialog#modal")).to_be_hidden()
    await beside.close()


async def test_the_bots_page_follows_what_it_publishes(story: Story, address: str, ana: Page) -> None:
    """And its buttons work."""
    await ana.goto(f"{address}/home?as={story.ana}")
    await expect(ana.locator("main")).to_contain_text("has not published anything")
    blocks: list[Json] = [{"type": "actions", "block_id": "a", "elements": [button("Declare", "incident.declare")]}]
    blocks.append({"type": "section", "block_id": "s", "text": text("*2* open incidents")})
    story.workspace.views.publish(story.ana, {"type": "home", "blocks": blocks})
    await expect(ana.locator("main")).to_contain_text("2 open incidents")
    async with ana.expect_response(lambda answer: "/act/press" in answer.url):
        await ana.get_by_role("button", name="Declare").click()
    assert story.last_told()["view"]["type"] == "home"


async def test_on_a_phone_everything_is_in_the_menu_and_hostile_texts_stay_in_place(
    story: Story, address: str, browser: Browser
) -> None:
    """Markup, right to left, 40,000 characters, in text, file name, user name and reaction."""
    rude = "<script>alert(1)</script>"
    await story.people.post_as(story.ana, story.incident.id, f"مرحبا {rude} ‮ {'W' * 40_000}"[:40_000])
    name = f"{rude}{'n' * 200}.csv"
    long = await story.people.upload(story.ana, story.incident.id, name=name, content=b"x")
    await story.people.react(story.ben, story.incident.id, long.ts, f"{rude}{'r' * 300}")
    page = await browser.new_page(viewport={"width": 390, "height": 800}, has_touch=True)
    await page.goto(f"{address}/c/{story.incident.id}?as={story.ana}")
    assert await page.locator("[data-scroll=main]").evaluate("list => list.scrollWidth - list.clientWidth") <= 0
    await page.locator(LAST).tap(position={"x": 20, "y": 30})
    await page.locator(LAST).get_by_label("More: message shortcuts").tap()
    for item in ("Add a reaction…", "Reply in a thread", "Edit message", "Add to timeline"):
        await expect(page.get_by_role("menuitem", name=item)).to_be_in_viewport()
    await page.close()


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()
