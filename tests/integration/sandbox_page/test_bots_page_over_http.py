"""The bot's own page: its App Home, what it wrote to one person, and what it says of itself."""

from __future__ import annotations

import httpx

from bot.sandbox.page import page_app
from bot.sandbox.page.about import About
from bot.sandbox.workspace.values import Json
from tests.integration.sandbox_page.story import Story, button, text


async def test_the_bots_page_tells_the_bot_and_draws_what_it_publishes(
    client: httpx.AsyncClient, story: Story
) -> None:
    """Nothing published is said as such; its buttons tell the bot."""
    opened: list[str] = []
    story.workspace.changes.listen(
        lambda change: opened.append(change.user) if change.kind == "home_opened" else None
    )
    empty = (await client.get(f"/home?as={story.ana}")).text
    assert opened == [story.ana]
    assert "has not published anything" in empty
    blocks: list[Json] = [
        {"type": "section", "block_id": "s", "text": text("<script>alert(1)</script> *open incidents*")},
        {"type": "actions", "block_id": "a", "elements": [button("Declare", "incident.declare")]},
    ]
    view = story.workspace.views.publish(story.ana, {"type": "home", "blocks": blocks})
    part = (await client.post(f"/part/home?as={story.ana}")).text
    assert "<b>open incidents</b>" in part
    assert "<script>" not in part
    await client.post(f"/act/press?as={story.ana}", data={"view_id": view.id, "action_id": "incident.declare"})
    told = story.last_told()
    assert told["actions"][0]["action_id"] == "incident.declare"
    assert told["view"]["type"] == "home"


async def test_the_bots_page_says_what_it_can_do(client: httpx.AsyncClient, story: Story) -> None:
    """Its words, its shortcuts; and one can write to it."""
    about = (await client.get(f"/home/about?as={story.ana}")).text
    assert "/incident lead [@somebody]" in about
    assert "Add to timeline" in about
    messages = (await client.get(f"/home/messages?as={story.ana}")).text
    assert 'id="text-main"' in messages
    assert (await client.get(f"/home/elsewhere?as={story.ana}")).status_code == 404


async def test_what_the_bot_wrote_to_one_person_waits_on_its_page(client: httpx.AsyncClient, story: Story) -> None:
    """Not beside the channels; who reads it has read it."""
    direct = story.workspace.channels.direct(story.workspace.app.bot_user, story.ana)
    story.workspace.messages.post(channel=direct.id, user=story.workspace.app.bot_user, text="Will you approve?")
    sidebar = (await client.get(f"/part/sidebar?as={story.ana}")).text
    assert "1 unread for you" in sidebar
    assert "Direct messages" not in sidebar
    assert "/home/messages" in sidebar
    assert "Will you approve?" in (await client.get(f"/home/messages?as={story.ana}")).text
    assert "unread for you" not in (await client.get(f"/part/sidebar?as={story.ana}")).text


async def test_a_bot_without_an_app_home_has_no_tab_for_it(story: Story) -> None:
    """Its page opens at the messages with it, as in Slack."""
    app = page_app(story.workspace, story.people, about=About(has_home=False))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox") as client:
        page = (await client.get(f"/home?as={story.ana}")).text
        assert 'href="/home/home' not in page
        assert "/home/messages" in page
        assert (await client.get(f"/home/home?as={story.ana}")).status_code == 404
