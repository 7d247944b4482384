"""``evenkeel demo``: one address to open, and what is happening, in a few lines."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys
import webbrowser
from pathlib import Path

from bot.errors import Mistake
from bot.incidents.stamps import clock_on, draw_stamps
from bot.incidents.timeline import timeline
from bot.logs import set_up_logs
from bot.sandbox.demo.autopilot import Autopilot, Stuck
from bot.sandbox.demo.stage import Stage, stage
from bot.sandbox.world import SCENARIOS

USUAL_PORT = 8765
#: refusals that say the work was done already
HARMLESS = ("already_pinned", "already_in_channel")


def list_scenarios() -> str:
    """``name: one sentence`` a line."""
    return "\n".join(f"{name}: {scenario.sentence}" for name, scenario in SCENARIOS.items())


async def run_demo(*, port: int | None, browser: bool, scenario: str, autopilot: bool) -> int:
    """The exit code: 0 when all went well. Without ``autopilot`` until Ctrl-C. ``port`` None: the usual one."""
    if scenario not in SCENARIOS:
        raise Mistake(f"there is no scenario “{scenario}”; `evenkeel demo --scenario list` prints them")
    set_up_logs(json=False, level=logging.ERROR)
    if port is None:
        port = 0 if autopilot or _taken(USUAL_PORT) else USUAL_PORT
    try:
        async with stage(scenario, port=port) as running:
            return await (_by_itself(running) if autopilot else _for_people(running, browser=browser))
    except OSError as error:
        raise Mistake(f"port {port} cannot be used ({error.strerror}); try --port 0 for a free one") from error


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def _for_people(running: Stage, *, browser: bool) -> int:
    say(f"\n  Open   {running.workspace.url}\n")
    say("  Everything here is synthetic: a chat workspace, a fraud model that has just lost recall, and the bot.")
    say("  Its alert opens an incident channel within seconds. You are Ana, the commander; switch to Ben to approve.")
    say(f"  The incident's pages: {running.bot_url}/incidents     Ctrl-C ends it.\n")
    if browser:
        await asyncio.to_thread(webbrowser.open, running.workspace.url)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    following = asyncio.create_task(_follow(running))
    await stopped.wait()
    following.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await following
    return 0


async def _follow(running: Stage) -> None:
    """Prints what happens, as it happens."""
    told: dict[int, int] = {}
    service = running.evenkeel.service
    with running.evenkeel.store.wakeups.subscribe() as changes:
        while True:
            for number in await changes.wait(5.0):
                entries = await service.entries(number)
                for line in timeline(entries):
                    if line.seq > told.get(number, 0):
                        text = " ".join(draw_stamps(line.text, clock_on(line.at)).split())
                        say(f"  {line.at:%H:%M:%S}  INC-{number}  {_short(text)}")
                told[number] = entries[-1].seq


async def _by_itself(running: Stage) -> int:
    """The autopilot walks it; prints the timeline, writes the postmortem."""
    say("The autopilot walks an incident; it presses the real buttons. This takes about a minute and a half.")
    try:
        number = await Autopilot(running, say=say).walk()
    except Stuck as stuck:
        say(f"The autopilot is stuck: {stuck}")
        return 1
    documents = running.evenkeel.documents
    say("\n" + await documents.timeline(number, "text"))
    document = Path(f"INC-{number}.md")
    text = await documents.postmortem(number, "markdown")
    await asyncio.to_thread(document.write_text, text, encoding="utf-8")
    refused = running.workspace.journal.refused(but=HARMLESS)
    for call in refused:
        say(f"Slack refused {call.method}: {call.error}")
    calls = len(running.workspace.journal.calls())
    say(f"The postmortem is in {document}. Slack calls: {calls}, refused: {len(refused)}.")
    return 1 if refused else 0


def _short(text: str) -> str:
    return text if len(text) <= 150 else f"{text[:149]}…"


def say(text: str) -> None:
    """A line on the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
