"""The page as a server: what it draws for whom, and what its posts do."""

from __future__ import annotations

import re

import httpx

from bot.sandbox.page.fields import control_name
from tests.integration.sandbox_page.story import Story


async def test_the_first_address_leads_to_the_first_channel(client: httpx.AsyncClient, story: Story) -> None:
    """As the first person, whom the address then names."""
    answer = await client.get("/")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/c/{story.incident.id}?as={story.ana}"


async def test_a_channel_shows_its_head_its_messages_and_the_people(client: httpx.AsyncClient, story: Story) -> None:
    """And says that all of it is synthetic."""
    page = (await client.get(f"/c/{story.incident.id}?as={story.ben}")).text
    for part in (
        "everything here is synthetic",
        "recall down after v42",
        "lead: nobody yet",
        "INC-1",
        "second approver",
    ):
        assert part in page
    assert "1 reply" in page


async def test_ephemeral_messages_are_drawn_for_one_person(client: httpx.AsyncClient, story: Story) -> None:
    """And marked for them."""
    address = f"/part/messages/{story.incident.id}"
    anas = (await client.get(address, params={"as": story.ana})).text
    bens = (await client.get(address, params={"as": story.ben})).text
    assert "Only visible to you" in anas
    assert "You lead now." not in bens


async def test_nobody_reads_a_private_channel_from_outside(client: httpx.AsyncClient, story: Story) -> None:
    """The page leads elsewhere, its parts refuse."""
    private = story.workspace.channels.create("secret", creator=story.ana, is_private=True)
    outside = await client.get(f"/c/{private.id}?as={story.ben}")
    assert outside.status_code == 303
    part = await client.get(f"/part/messages/{private.id}?as={story.ben}")
    assert part.status_code == 409


async def test_only_newer_messages_are_fetched(client: httpx.AsyncClient, story: Story) -> None:
    """The list is not drawn again for each message."""
    last = story.workspace.messages.visible(story.incident.id, to=story.ben)[-1].ts
    await story.people.post_as(story.ben, story.incident.id, "one more")
    query = {"as": story.ben, "after": last}
    part = (await client.get(f"/part/messages/{story.incident.id}", params=query)).text
    assert "one more" in part
    assert part.count('class="message') == 1


async def test_a_message_that_is_gone_is_drawn_as_nothing(client: httpx.AsyncClient, story: Story) -> None:
    """So that the page removes it."""
    story.workspace.messages.delete(story.incident.id, story.card)
    part = await client.get(f"/part/message/{story.incident.id}/{story.card}?as={story.ben}")
    assert part.status_code == 200
    assert part.text.strip() == ""


async def test_a_press_reaches_the_bot_with_the_person_and_the_value(client: httpx.AsyncClient, story: Story) -> None:
    """As Slack sends it."""
    form = {"channel": story.incident.id, "ts": story.card, "block_id": "step", "action_id": "incident.ack"}
    answer = await client.post(f"/act/press?as={story.ben}", data=form)
    assert answer.status_code == 204
    told = story.last_told()
    assert told["user"]["id"] == story.ben
    assert told["actions"][0]["value"] == '{"i":"INC-1","s":"decide","n":1}'


async def test_a_choice_reaches_the_bot_as_its_option(client: httpx.AsyncClient, story: Story) -> None:
    """By the control's own field."""
    form = {"channel": story.incident.id, "ts": story.card, "block_id": "step", "action_id": "incident.severity"}
    form[control_name("step", "incident.severity")] = "SEV3"
    await client.post(f"/act/press?as={story.ana}", data=form)
    assert story.last_told()["actions"][0]["selected_option"]["value"] == "SEV3"


async def test_a_refusal_is_a_sentence(client: httpx.AsyncClient, story: Story) -> None:
    """Whoever refuses: Slack, the page, or the bot that is away."""
    form = {"channel": story.incident.id, "ts": story.card, "action_id": "gone"}
    gone = await client.post(f"/act/press?as={story.ana}", data=form)
    assert (gone.status_code, gone.text) == (409, "That button is not there any more.")
    typo = await client.post(
        f"/act/post?as={story.ana}", data={"channel": story.incident.id, "text": "/incidnet new"}
    )
    assert (typo.status_code, typo.text) == (409, "/incidnet is no command here. Try /incident help.")
    story.bot.refuses = "http_timeout"
    late = await client.post(
        f"/act/post?as={story.ana}", data={"channel": story.incident.id, "text": "/incident new"}
    )
    assert late.status_code == 502
    assert late.text.startswith("/incident failed: Evenkeel did not answer within three seconds. It may still be")


async def test_a_message_is_escaped_and_a_reply_goes_to_its_thread(client: httpx.AsyncClient, story: Story) -> None:
    """What was typed is what is shown."""
    form = {"channel": story.incident.id, "text": "<b>& @ana", "thread_ts": story.card}
    await client.post(f"/act/post?as={story.ben}", data=form)
    reply = story.workspace.messages.replies(story.incident.id, story.card)[-1]
    assert reply.text == f"&lt;b&gt;&amp; <@{story.ana}>"
    thread = (await client.get(f"/c/{story.incident.id}/m/{story.card}?as={story.ana}")).text
    assert "&lt;b&gt;&amp; " in thread


async def test_a_reaction_is_put_and_taken_back(client: httpx.AsyncClient, story: Story) -> None:
    """By the same button."""
    form = {"channel": story.incident.id, "ts": story.card, "name": "pushpin"}
    for expected in (1, 0):
        await client.post(f"/act/react?as={story.ana}", data=form)
        assert len(story.workspace.messages.get(story.incident.id, story.card).reactions) == expected


async def test_errors_of_a_modal_come_back_at_their_fields(client: httpx.AsyncClient, story: Story) -> None:
    """With what was typed; an update of the view keeps it too."""
    await client.post(f"/act/post?as={story.ana}", data={"channel": story.incident.id, "text": "/incident update"})
    view = story.workspace.views.top(story.ana)
    assert view is not None
    form = {"view_id": view.id, control_name("what", "text"): "short"}
    answer = await client.post(f"/act/view/submit?as={story.ana}", data=form)
    assert "Please write a whole sentence." in answer.text
    assert re.search(r">\s*short</textarea>", answer.text)
    redrawn = await client.post(f"/part/views?as={story.ana}", data=form)
    assert re.search(r">\s*short</textarea>", redrawn.text)
    closed = await client.post(f"/act/view/close?as={story.ana}", data=form)
    assert closed.text == ""


async def test_another_site_cannot_post(client: httpx.AsyncClient, story: Story) -> None:
    """Nor run code, nor be loaded into a frame."""
    form = {"channel": story.incident.id, "text": "hello"}
    refused = await client.post(f"/act/post?as={story.ana}", data=form, headers={"origin": "https://evil.example"})
    assert refused.status_code == 403
    policy = (await client.get(f"/c/{story.incident.id}")).headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


async def test_every_file_comes_from_here(client: httpx.AsyncClient, story: Story) -> None:
    """htmx from its installed package, the rest from ours."""
    page = (await client.get(f"/c/{story.incident.id}")).text
    for name in ("htmx.js", "page.js", "times.js", "page.css", "blocks.css", "icon.svg"):
        assert f"/static/{name}" in page
        assert (await client.get(f"/static/{name}")).status_code == 200


async def test_what_is_redrawn_takes_no_style_from_what_it_replaces(client: httpx.AsyncClient, story: Story) -> None:
    """htmx would write it as an attribute, which the page's own policy refuses."""
    page = (await client.get(f"/c/{story.incident.id}?as={story.ana}")).text
    assert '"attributesToSettle": []' in page
