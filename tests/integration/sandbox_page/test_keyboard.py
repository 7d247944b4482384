"""The page without a mouse."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.chromium import arrived
from tests.integration.sandbox_page.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_the_quick_switcher_leads_to_channels_people_and_commands(story: Story, ana: Page) -> None:
    """The best fit first; Escape leaves everything as it was."""
    await _quick(ana)
    await ana.keyboard.press("Escape")
    await expect(ana.locator("#quick")).to_be_hidden()
    await _quick(ana, "mli")
    await ana.keyboard.press("Enter")
    await expect(ana.locator("h1")).to_contain_text("ml-incidents")
    await arrived(ana)
    await _quick(ana, "chi")
    await ana.keyboard.press("Enter")
    await expect(ana.locator(f"a[data-person='{story.chi}'][aria-current]")).to_be_visible()
    await arrived(ana)
    await _quick(ana, "dark")
    await ana.keyboard.press("Enter")
    await expect(ana.locator("html")).to_have_attribute("data-theme", "dark")
    await _quick(ana, "nothing like it")
    await expect(ana.locator("#quick-none")).to_have_text("Nothing is called so.")


async def _quick(page: Page, text: str = "") -> None:
    """The switcher is open and `text` stands in it."""
    await page.keyboard.press("Control+k")
    await expect(page.locator("#quick-text")).to_be_focused()
    await page.keyboard.type(text)


async def test_channels_and_people_have_keys(story: Story, ana: Page) -> None:
    """Also while somebody types."""
    unread = story.workspace.channels.create("zebra", creator=story.ben, members=(story.ana,))
    await story.people.post_as(story.ben, unread.id, "hello")
    await expect(ana.locator(f"#sidebar a[data-channel='{unread.id}']")).to_be_visible()
    await ana.focus("#text-main")
    await ana.keyboard.press("Alt+Shift+ArrowDown")
    await expect(ana.locator("h1")).to_contain_text("zebra")
    await arrived(ana)
    await ana.keyboard.press("Alt+ArrowUp")
    await expect(ana.locator("h1")).to_contain_text("ml-incidents")
    await arrived(ana)
    await ana.keyboard.press("Shift+Alt+Digit2")
    await expect(ana.locator(f"a[data-person='{story.ben}'][aria-current]")).to_be_visible()


async def test_messages_are_walked_entered_and_left(story: Story, ana: Page) -> None:
    """One of them can be reached with Tab; Enter leads to its first button, Escape back."""
    await expect(ana.locator("#list-main .message[tabindex='0']")).to_have_count(1)
    await ana.keyboard.press("j")
    await expect(ana.locator("#list-main .message").last).to_be_focused()
    while not await ana.evaluate(f"document.activeElement.id === 'm-{story.card}'"):
        await ana.keyboard.press("ArrowUp")
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#list-main [data-action-id='incident.ack']")).to_be_focused()
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#list-main")).to_contain_text("@ana pressed incident.ack")
    await expect(ana.locator("#list-main [data-action-id='incident.ack']")).to_be_focused()
    await ana.keyboard.press("Escape")
    await expect(ana.locator(f"[id='m-{story.card}']")).to_be_focused()
    story.workspace.messages.react(story.incident.id, story.card, user=story.ben, name="eyes")
    await expect(ana.locator(f"[id='m-{story.card}'] .reaction")).to_have_count(1)
    await expect(ana.locator(f"[id='m-{story.card}']")).to_be_focused()


async def test_a_message_is_reacted_to_edited_and_answered(story: Story, ana: Page) -> None:
    """Each by its letter."""
    mine = ana.locator("#list-main .message", has_text="are payouts affected")
    await mine.focus()
    await ana.keyboard.press("r")
    await expect(ana.locator("#emoji-picker")).to_be_visible()
    await ana.keyboard.press("Escape")
    await mine.focus()
    await ana.keyboard.press("e")
    await expect(mine.locator("textarea")).to_be_focused()
    await ana.keyboard.press("Escape")
    await mine.focus()
    await ana.keyboard.press("t")
    await expect(ana.locator("#text-thread")).to_be_focused()


async def test_letters_are_letters_while_somebody_types(story: Story, ana: Page) -> None:
    """No shortcut takes them away."""
    await ana.focus("#text-main")
    await ana.keyboard.type("rejkt?/")
    await expect(ana.locator("#text-main")).to_have_value("rejkt?/")
    await expect(ana.locator("dialog[open]")).to_have_count(0)


async def test_f6_walks_the_parts_and_the_keys_are_listed(ana: Page) -> None:
    """From one table."""
    await ana.keyboard.press("F6")
    await expect(ana.locator(".banner :focus")).to_have_count(1)
    await ana.keyboard.press("F6")
    await expect(ana.locator("#sidebar :focus")).to_have_count(1)
    await ana.keyboard.press("Shift+F6")
    await expect(ana.locator(".banner :focus")).to_have_count(1)
    await ana.keyboard.press("?")
    await expect(ana.locator("#help dt")).to_have_count(await ana.evaluate("KEYS.filter(row => row.text).length"))
