"""What a person does with messages, as requests: writing, files, editing, which tab sees a modal."""

from __future__ import annotations

import httpx
import pytest

from bot.sandbox.page.fields import control_name
from tests.integration.sandbox_page.story import UPDATE, Story

#: the smallest picture: one pixel
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000100ffff03000006000557bf0a0000000049454e44ae426082"
)


async def post(client: httpx.AsyncClient, story: Story, who: str, words: str, **more: str) -> httpx.Response:
    form = {"channel": story.incident.id, "text": words, **more}
    return await client.post(f"/act/post?as={who}", data=form)


def newest(story: Story) -> str:
    """The timestamp of the newest message in the incident channel."""
    return story.workspace.messages.visible(story.incident.id, to=story.ana)[-1].ts


async def drawn(client: httpx.AsyncClient, story: Story, ts: str, who: str) -> str:
    return (await client.get(f"/part/message/{story.incident.id}/{ts}?as={who}")).text


async def test_a_file_is_sent_with_its_text_and_can_be_fetched(client: httpx.AsyncClient, story: Story) -> None:
    """As a card with its name and size; the bytes come from the page's own address, and run nothing."""
    files = [("files", ("<b>frauds</b>.csv", b"a,b\n" * 500, "text/csv"))]
    form = {"channel": story.incident.id, "text": "the export"}
    answer = await client.post(f"/act/post?as={story.ana}", data=form, files=files)
    assert answer.status_code == 204
    message = story.workspace.messages.get(story.incident.id, newest(story))
    assert message.text == "the export"
    card = await drawn(client, story, message.ts, story.ben)
    assert "&lt;b&gt;frauds&lt;_b&gt;.csv" in card
    assert "2.0 kB" in card
    fetched = await client.get(message.files[0].path)
    assert fetched.content == b"a,b\n" * 500
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert fetched.headers["x-content-type-options"] == "nosniff"


async def test_a_picture_is_shown_and_an_impostor_is_not(client: httpx.AsyncClient, story: Story) -> None:
    """A page that is called a picture is offered for download."""
    files = [("files", ("one.png", PIXEL, "image/png")), ("files", ("two.png", b"<script>", "image/png"))]
    await client.post(f"/act/post?as={story.ana}", data={"channel": story.incident.id}, files=files)
    one, two = story.workspace.messages.visible(story.incident.id, to=story.ana)[-2:]
    assert "<img" in await drawn(client, story, one.ts, story.ana)
    assert "<img" not in await drawn(client, story, two.ts, story.ana)


async def test_a_file_that_is_too_large_is_refused_in_a_sentence(client: httpx.AsyncClient, story: Story) -> None:
    """And nothing is sent, neither the text nor the other files."""
    before = newest(story)
    files = [("files", ("small.txt", b"x", "text/plain")), ("files", ("big.bin", b"0" * 20_000_001, "a/b"))]
    answer = await client.post(
        f"/act/post?as={story.ana}", data={"channel": story.incident.id, "text": "look"}, files=files
    )
    assert answer.status_code == 413
    assert answer.text.startswith("big.bin is larger than 20 MB")
    assert newest(story) == before


async def test_a_message_of_40_000_characters_is_sent_and_a_longer_one_is_not(
    client: httpx.AsyncClient, story: Story
) -> None:
    """The refusal is a sentence."""
    assert (await post(client, story, story.ana, "x" * 40_000)).status_code == 204
    assert len(story.workspace.messages.get(story.incident.id, newest(story)).text) == 40_000
    longer = await post(client, story, story.ana, "x" * 40_001)
    assert longer.status_code == 409
    assert "longer than 40,000 characters" in longer.text


async def test_commands_are_for_channels_not_for_threads(client: httpx.AsyncClient, story: Story) -> None:
    """As in Slack; the page says where to type it."""
    answer = await post(client, story, story.ana, "/incident status", thread_ts=story.card)
    assert (answer.status_code, answer.text) == (409, "/incident does nothing in a thread: type it in the channel.")
    assert story.bot.told == []


async def test_ones_own_message_is_edited_as_it_was_typed(client: httpx.AsyncClient, story: Story) -> None:
    """With mentions by name; saved, it is marked as edited."""
    await post(client, story, story.ana, "@ben recall < 0.8")
    ts = newest(story)
    box = (await client.get(f"/part/edit/{story.incident.id}/{ts}?as={story.ana}")).text
    assert ">@ben recall &lt; 0.8</textarea>" in box
    form = {"channel": story.incident.id, "ts": ts, "text": "@ben recall < 0.7"}
    assert (await client.post(f"/act/edit?as={story.ana}", data=form)).status_code == 204
    assert story.workspace.messages.get(story.incident.id, ts).text == f"<@{story.ben}> recall &lt; 0.7"
    assert "(edited)" in await drawn(client, story, ts, story.ben)


@pytest.mark.parametrize("path", ["/act/edit", "/act/delete"])
async def test_nobody_changes_what_somebody_else_wrote(client: httpx.AsyncClient, story: Story, path: str) -> None:
    """The bot's messages neither; the page says why."""
    form = {"channel": story.incident.id, "ts": story.card, "text": "mine now"}
    refused = await client.post(f"{path}?as={story.ben}", data=form)
    assert refused.status_code == 409
    assert refused.text.startswith("Only what you wrote yourself")
    box = await client.get(f"/part/edit/{story.incident.id}/{story.card}?as={story.ben}")
    assert box.status_code == 409


async def test_a_deleted_message_is_gone_and_one_with_replies_leaves_its_place(
    client: httpx.AsyncClient, story: Story
) -> None:
    """As in Slack; once the last reply is gone, nothing is left."""
    await post(client, story, story.ben, "wrong channel")
    ts = newest(story)
    await post(client, story, story.ana, "no, stay", thread_ts=ts)
    reply = story.workspace.messages.replies(story.incident.id, ts)[-1].ts
    form = {"channel": story.incident.id, "ts": ts}
    assert (await client.post(f"/act/delete?as={story.ben}", data=form)).status_code == 204
    listed = (await client.get(f"/part/messages/{story.incident.id}?as={story.ana}")).text
    assert "This message was deleted." in listed
    assert "wrong channel" not in listed
    await client.post(f"/act/delete?as={story.ana}", data=form | {"ts": reply})
    assert (await drawn(client, story, ts, story.ana)).strip() == ""


async def test_what_stands_below_a_deleted_message_is_redrawn_as_the_list_draws_it(
    client: httpx.AsyncClient, story: Story
) -> None:
    """With its author, who is not the one above any more."""
    await post(client, story, story.ben, "first")
    await post(client, story, story.ben, "second")
    answered = newest(story)
    await post(client, story, story.ben, "third")
    third = newest(story)
    assert "compact" in await drawn(client, story, third, story.ana)
    await post(client, story, story.ana, "why?", thread_ts=answered)
    await client.post(f"/act/delete?as={story.ben}", data={"channel": story.incident.id, "ts": answered})
    assert "compact" not in await drawn(client, story, third, story.ana)


async def test_an_ephemeral_message_is_dismissed_by_the_one_who_sees_it(
    client: httpx.AsyncClient, story: Story
) -> None:
    """And by nobody else."""
    ts = next(m.ts for m in story.workspace.messages.all_in(story.incident.id) if m.ephemeral_to == story.ana)
    form = {"channel": story.incident.id, "ts": ts}
    assert (await client.post(f"/act/dismiss?as={story.ben}", data=form)).status_code == 409
    assert (await client.post(f"/act/dismiss?as={story.ana}", data=form)).status_code == 204
    assert "You lead now." not in (await client.get(f"/part/messages/{story.incident.id}?as={story.ana}")).text


async def test_replies_are_told_with_who_and_when(client: httpx.AsyncClient, story: Story) -> None:
    """At the message that was answered."""
    await post(client, story, story.chi, "me too", thread_ts=story.card)
    await post(client, story, story.ben, "and I", thread_ts=story.card)
    row = await drawn(client, story, story.card, story.ana)
    assert "2 replies" in row
    assert 'title="Chi Nguyen, Ben Okafor"' in row
    assert "Last reply" in row


async def test_a_modal_is_shown_in_the_tab_that_asked_for_it(client: httpx.AsyncClient, story: Story) -> None:
    """Also after a reload, and what the bot puts on top of it; a tab beside it stays free."""
    here, there = {"x-tab": "one"}, {"x-tab": "two"}
    form = {"channel": story.incident.id, "text": "/incident update"}
    await client.post(f"/act/post?as={story.ana}", data=form, headers=here)
    view = story.workspace.views.top(story.ana)
    assert view is not None
    for _ in range(2):
        assert "Tell the stakeholders" in (await client.post(f"/part/views?as={story.ana}", headers=here)).text
    assert (await client.post(f"/part/views?as={story.ana}", headers=there)).text == ""
    pressed = {"view_id": view.id, "block_id": "more", "action_id": "update.preview"}
    await client.post(f"/act/press?as={story.ana}", data=pressed, headers=here)
    assert "Preview" in (await client.post(f"/part/views?as={story.ana}", headers=here)).text
    assert (await client.post(f"/part/views?as={story.ana}", headers=there)).text == ""


async def test_a_modal_that_no_tab_asked_for_is_shown_in_all(client: httpx.AsyncClient, story: Story) -> None:
    """For instance one that a test opens."""
    story.workspace.views.open(story.workspace.views.new_trigger(story.ana), UPDATE)
    for tab in ("one", "two"):
        answer = await client.post(f"/part/views?as={story.ana}", headers={"x-tab": tab})
        assert "Tell the stakeholders" in answer.text


async def test_the_message_box_completes_names_and_emoji(client: httpx.AsyncClient, story: Story) -> None:
    """Of people, groups and channels that one sees."""
    story.workspace.channels.create("secret", creator=story.ben, is_private=True)
    names = (await client.get(f"/part/names?as={story.ana}")).json()
    assert {"name": "ben", "about": "Ben Okafor"} in names["@"]
    assert [one["name"] for one in names["#"]] == ["ml-incidents", story.incident.name]
    emoji = dict((await client.get("/part/emoji")).json())
    assert emoji["pushpin"] == "📌"


async def test_names_and_reactions_are_escaped(client: httpx.AsyncClient, story: Story) -> None:
    """Wherever they stand: author, reaction, title."""
    hostile = '"><script>alert(1)</script>'
    await client.post(
        f"/act/react?as={story.ben}", data={"channel": story.incident.id, "ts": story.card, "name": hostile}
    )
    row = await drawn(client, story, story.card, story.ana)
    assert "<script>" not in row
    assert "&lt;script&gt;" in row


async def test_a_press_that_nobody_acknowledges_says_what_to_do(client: httpx.AsyncClient, story: Story) -> None:
    """What happened, and what to do."""
    story.bot.refuses = "connection_failed"
    form = {"view_id": "", "channel": story.incident.id, "ts": story.card, "action_id": "incident.ack"}
    answer = await client.post(f"/act/press?as={story.ana}", data=form | {control_name("x", "y"): ""})
    assert answer.status_code == 502
    assert answer.text == "This failed: Evenkeel is not connected. Try again when it runs."


async def test_a_message_that_is_drawn_alone_keeps_its_author_and_its_day(
    client: httpx.AsyncClient, story: Story
) -> None:
    """The first of those on a page has both, whatever stands above it in the channel."""
    for words in ("first", "second"):
        last = story.workspace.messages.post(channel=story.incident.id, user=story.ben, text=words)
    address = f"/part/message/{story.incident.id}/{last.ts}?as={story.ana}"
    assert "message compact" in (await client.get(address)).text
    kept = (await client.get(f"{address}&headed=1&day=1")).text
    assert "message compact" not in kept
    assert 'class="day"' in kept
