"""How each kind of surface gets into Slack: one function per kind, each returning the surface's new standing.

A function makes its calls with a ``Hand``, which draws the surface when its slot comes and checks the lease. What
Slack refuses is raised; the reconciler decides what it means, unless it belongs to the kind (``name_taken``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from msgspec.structs import replace

from bot.errors import SlackFailed, SlackRefusal
from bot.slack.gateway import Json
from bot.slack.hand import Hand
from bot.slack.lookup import look_up_bookmark, look_up_channel, look_up_message, metadata
from bot.slack.plan import GONE, Standing
from bot.slack.view.surface import Surface
from bot.slack.view.text import is_person

#: marks in a message's ``extra``: it was posted once more after people removed it; an unanswered post was repeated
#: where the bot may not look for it
AGAIN, BLIND = "again", "blind"

#: so many seconds after it was intended a message may still wait for Slack to look at its picture
FILE_READY = 30.0
_MOST_INVITED = 100
_LONGEST_NAME = 80
#: refusals that are as good as done
_INVITED = frozenset({"already_in_channel", "cant_invite_self"})
_PINNED = frozenset({"already_pinned"})
_DELETED = frozenset({GONE})
_ARCHIVED = frozenset({"already_archived"})


async def channel(hand: Hand) -> Standing:
    """The incident's channel is open. Somebody else's under its name: the next one is wanted, ``-2``."""
    name = hand.standing.name
    try:
        answer = await hand.call(
            "conversations.create", lambda surface: {**surface.content, "name": name}, creating=True
        )
    except SlackRefusal as refused:
        if refused.code != "name_taken":
            raise
        ours = await found_channel(hand)
        following = next_name(name, wanted=str(hand.drawn.content["name"]))
        return ours or replace(hand.standing, state="wanted", name=following)
    if answer is None:
        return hand.standing
    made = answer["channel"]
    return hand.placed(channel=made["id"], name=made.get("name", name))


async def message(hand: Hand) -> Standing:
    """The message is posted where it belongs."""
    at = await hand.home()
    thread = {"thread_ts": at.thread_ts} if at.thread_ts else {}
    fixed = {"channel": at.channel, "metadata": metadata(hand.surface_name), **thread}
    try:
        answer = await hand.call(
            "chat.postMessage",
            lambda surface: {"unfurl_links": False, "unfurl_media": False, **surface.content, **fixed},
            creating=True,
            channel=at.channel,
        )
    except SlackRefusal as refused:
        raise _not_yet(hand, refused) or hand.left(refused) from None
    if answer is None:
        return hand.standing
    return hand.placed(channel=answer["channel"], ts=answer["ts"], extra=_lasting(hand.standing))


def _not_yet(hand: Hand, refused: SlackRefusal) -> SlackFailed | None:
    """A file that was uploaded a moment ago is refused until Slack has looked at it: then it is tried again."""
    shows_file = any("slack_file" in block for block in hand.drawn.content.get("blocks", ()))
    if refused.code != "invalid_blocks" or not shows_file or hand.age > FILE_READY:
        return None
    return SlackFailed(refused.method, "file_not_ready")


async def redrawn_message(hand: Hand) -> Standing:
    """The message shows the newest drawing. One that people removed is wanted once more, and once only."""
    standing = hand.standing
    fixed = {"channel": standing.channel, "ts": standing.ts, "metadata": metadata(hand.surface_name)}

    def drawing(surface: Surface) -> Json | None:
        return None if surface.digest == standing.digest else {**surface.content, **fixed}

    try:
        answer = await hand.call("chat.update", drawing)
    except SlackRefusal as refused:
        if refused.code == GONE and AGAIN not in standing.extra.split():
            return replace(standing, state="wanted", ts="", digest="", extra=AGAIN)
        raise
    if answer is None:
        return standing
    return hand.placed(channel=standing.channel, ts=standing.ts, extra=standing.extra)


async def members(hand: Hand) -> Standing:
    """Everybody who may be invited was invited, once: who left stays away."""
    at = await hand.home()
    surface = hand.drawn
    before = tuple(hand.standing.extra.split())
    new = tuple(user for user in surface.content["users"] if user not in before)
    allowed = await hand.invitable(new)
    for start in range(0, len(allowed), _MOST_INVITED):
        batch = ",".join(allowed[start : start + _MOST_INVITED])
        invitation = {"channel": at.channel, "users": batch, "force": True}
        if await hand.send("conversations.invite", invitation, fine=_INVITED) is None:
            return hand.standing
    return hand.placed(channel=at.channel, extra=" ".join((*before, *new)), digest=surface.digest)


async def topic(hand: Hand) -> Standing:
    """The channel has the topic."""
    at = await hand.home()
    answer = await hand.call("conversations.setTopic", lambda surface: {"channel": at.channel, **surface.content})
    return hand.standing if answer is None else hand.placed(channel=at.channel)


async def pin(hand: Hand) -> Standing:
    """The message is pinned."""
    at = await hand.home()
    ts = hand.ts_of(hand.drawn.content["message"])
    answer = await hand.send("pins.add", {"channel": at.channel, "timestamp": ts}, fine=_PINNED)
    return hand.standing if answer is None else hand.placed(channel=at.channel, ts=ts)


async def bookmark(hand: Hand) -> Standing:
    """The link is in the channel's header."""
    at = await hand.home()
    answer = await hand.call(
        "bookmarks.add",
        lambda surface: {"channel_id": at.channel, "type": "link", **surface.content},
        creating=True,
    )
    if answer is None:
        return hand.standing
    return hand.placed(channel=at.channel, extra=str((answer.get("bookmark") or {}).get("id", "")))


async def name(hand: Hand) -> Standing:
    """The channel is called so."""
    at = await hand.home()
    answer = await hand.call("conversations.rename", lambda surface: {"channel": at.channel, **surface.content})
    return hand.standing if answer is None else hand.placed(channel=at.channel)


async def archive(hand: Hand) -> Standing:
    """The channel is in the archive; somebody else may have put it there."""
    channel = hand.drawn.place
    answer = await hand.send("conversations.archive", {"channel": channel}, fine=_ARCHIVED)
    return hand.standing if answer is None else hand.placed(channel=channel)


async def found_channel(hand: Hand) -> Standing | None:
    """The channel that our lost call made; found by name, creator and age."""
    found = await look_up_channel(hand.gateway, hand.standing.name, since=hand.since, rank=hand.rank)
    return hand.placed(channel=found["id"]) if found else None


async def found_message(hand: Hand) -> Standing | None:
    """The message that our lost call posted; its twins are deleted. As what it was drawn, nobody knows."""
    at = await hand.home()
    if is_person(at.channel):  # a direct message is not read, so nobody can look
        raise SlackRefusal("conversations.history", "missing_scope", f"I do not read the messages of {at.channel}")
    found = await look_up_message(
        hand.gateway, hand.surface_name, channel=at.channel, since=hand.since, thread_ts=at.thread_ts,
        rank=hand.rank,
    )  # fmt: skip
    if found is None:
        return None
    ts, twins = found
    for twin in twins:
        await hand.send("chat.delete", {"channel": at.channel, "ts": twin}, fine=_DELETED)
    return hand.placed(channel=at.channel, ts=ts, extra=_lasting(hand.standing), digest="")


async def found_bookmark(hand: Hand) -> Standing | None:
    """The bookmark that our lost call added."""
    at = await hand.home()
    content = hand.drawn.content
    found = await look_up_bookmark(
        hand.gateway, at.channel, title=content["title"], link=content["link"], rank=hand.rank
    )
    return hand.placed(channel=at.channel, extra=found) if found else None


def next_name(name: str, *, wanted: str) -> str:
    """``wanted`` is followed by ``wanted-2``, then ``wanted-3``; within the length that Slack allows."""
    number = 2 if name == wanted else int(name.rpartition("-")[2]) + 1
    suffix = f"-{number}"
    return wanted[: _LONGEST_NAME - len(suffix)] + suffix


def _lasting(standing: Standing) -> str:
    """The marks that outlive the post."""
    return AGAIN if AGAIN in standing.extra.split() else ""


PLACE: Mapping[str, Callable[[Hand], Awaitable[Standing]]] = {
    "channel": channel,
    "message": message,
    "members": members,
    "topic": topic,
    "pin": pin,
    "bookmark": bookmark,
    "name": name,
    "archive": archive,
}
CHANGE: Mapping[str, Callable[[Hand], Awaitable[Standing]]] = {
    "message": redrawn_message,
    "members": members,
    "topic": topic,
}
LOOK: Mapping[str, Callable[[Hand], Awaitable[Standing | None]]] = {
    "channel": found_channel,
    "message": found_message,
    "bookmark": found_bookmark,
}
