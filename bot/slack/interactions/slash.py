"""The slash command: its first word chooses; alone, in an incident's channel, it opens the tray."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond

from bot.errors import EvenkeelError, Refused
from bot.incidents.incident import Incident
from bot.slack.commands import COMMANDS, Answer, Call
from bot.slack.commands.listing import listed
from bot.slack.interactions.desk import Desk, Place, sentence
from bot.slack.interactions.whereabouts import in_threads, moved_out
from bot.slack.view.text import plain
from bot.slack.view.tray import tray

_INCIDENT = re.compile(r"(?i)(?:^|\s)(inc-(\d{1,9}))(?=\s|$)")


def typed(desk: Desk) -> Callable[..., Awaitable[None]]:
    """The one listener of the slash command."""

    async def listener(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        try:
            answer = await answer_to(desk, body)
        except EvenkeelError as error:
            answer = Answer(sentence(error))
        if answer is not None:
            await respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", unfurl_links=False)

    return listener


async def answer_to(desk: Desk, body: Mapping[str, Any]) -> Answer | None:
    """What whoever typed is told; None if a modal is the answer. Raises ``Refused``."""
    words = " ".join(str(body.get("text") or "").split(" ")).strip()
    named = _INCIDENT.search(words)
    if named is not None:
        words = f"{words[: named.start(1)]}{words[named.end(1) :]}".strip()
    word, _, text = words.partition(" ")
    place = Place(
        user=str(body.get("user_id", "")), channel=str(body.get("channel_id", "")), team=str(body.get("team_id", ""))
    )
    number = int(named[2]) if named else await desk.service.in_channel(place.channel)
    threads: tuple[Incident, ...] = ()
    if number is None:
        name = str(body.get("channel_name", ""))
        threads = await in_threads(desk, channel=place.channel, name=name)
        number = await moved_out(desk, channel=place.channel, name=name)
    call = Call(
        desk=desk,
        place=place,
        text=text.strip(),
        number=threads[0].number if len(threads) == 1 else number,
        word=word,
        candidates=threads,
        named=int(named[2]) if named else None,
        trigger=str(body.get("trigger_id", "")),
        delivery=str(body.get("trigger_id", "")),
    )
    if not word:
        return await _bare(call)
    command = COMMANDS.get(word.lower())
    if command is None:
        raise Refused("unknown_word", _did_you_mean(word, call))
    return await command.run(call)


async def _bare(call: Call) -> Answer:
    if call.number is None and len(call.candidates) > 1:
        raise call.which_one()
    if call.number is None:
        answer = await listed(call)
        return Answer(f"{answer.text}\n`{call.name} help` lists what you can type.")
    shown = tray(await call.incident(), call.desk.workplace, user=call.place.user, now=call.desk.now())
    return Answer(shown["text"], shown["blocks"])


def _did_you_mean(word: str, call: Call) -> str:
    near = get_close_matches(word.lower(), COMMANDS, n=1, cutoff=0.6)
    said = plain(word, 40)
    if near:
        return f"“{said}” is not a command. Did you mean `{call.name} {COMMANDS[near[0]].usage}`?"
    known = " ".join(COMMANDS)
    return f"“{said}” is not a command. Type `{call.name}` and one of: {known}."
