"""``evenkeel demo``: one address to open, and what is happening, in a few lines."""

from __future__ import annotations

import asyncio
import logging
import sys
import webbrowser
from pathlib import Path

from bot.errors import Mistake
from bot.incidents.mentions import call
from bot.incidents.stamps import clock_on, draw_stamps
from bot.incidents.timeline import timeline
from bot.listening import ended_by_signal
from bot.logs import set_up_logs
from bot.sandbox.demo.autopilot import walk
from bot.sandbox.demo.responders import Stuck
from bot.sandbox.demo.serving import is_taken
from bot.sandbox.demo.stage import Stage
from bot.sandbox.demo.theatre import Theatre, theatre
from bot.sandbox.world import SCENARIOS

USUAL_PORT = 8765
#: refusals that say the work was done already
HARMLESS = ("already_pinned", "already_in_channel")


def list_scenarios() -> str:
    """``name: one sentence`` a line."""
    return "\n".join(f"{name}: {scenario.sentence}" for name, scenario in SCENARIOS.items())


async def run_demo(*, port: int | None, browser: bool, scenario: str, autopilot: bool) -> int:
    """The exit code: 0 when all went well, or when it was ended by Ctrl-C. ``port`` None: the usual one.

    With ``autopilot`` until the incident is over, otherwise until a signal.
    """
    if scenario not in SCENARIOS:
        raise Mistake(f"there is no scenario “{scenario}”; `evenkeel demo --scenario list` prints them")
    set_up_logs(json=False, level=logging.ERROR)
    if port is None:
        port = 0 if autopilot or is_taken(USUAL_PORT) else USUAL_PORT
    stopped = asyncio.Event()
    with ended_by_signal(stopped.set):
        showing = asyncio.create_task(_show(scenario, port=port, browser=browser, autopilot=autopilot))
        ending = asyncio.create_task(stopped.wait())
        await asyncio.wait({showing, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not showing.done():
            showing.cancel()
            await asyncio.wait({showing})
    return 0 if showing.cancelled() else showing.result()


async def _show(scenario: str, *, port: int, browser: bool, autopilot: bool) -> int:
    async with theatre(scenario, port=port, beside=None if autopilot else _follow) as house:
        return await (_by_itself(house.stage) if autopilot else _for_people(house, browser=browser))


async def _for_people(house: Theatre, *, browser: bool) -> int:
    say(f"\n  Open   {house.url}\n")
    say(f"  {SCENARIOS[house.scenario()].sentence} Everything here is synthetic.")
    say("  Its alert opens an incident channel within seconds. You are Ana, the commander; switch to Ben to approve.")
    say("  Above the page: other scenarios, and time at 1x, 60x, 3600x or by steps; a day passes in 24 seconds.")
    say("  “What happens behind” shows the bot's log, its Slack calls and the service, and sends alerts: a storm, a")
    say("  warning, a safety alert.     Ctrl-C ends it.\n")
    if browser:
        await asyncio.to_thread(webbrowser.open, house.url)
    await house.closed()
    return 0


async def _follow(running: Stage) -> None:
    """Prints what happens, as it happens, in the demo's time."""
    told: dict[int, int] = {}
    service = running.evenkeel.service
    names = {user.id: user.real_name for user in running.workspace.workspace.directory.users.values()}
    with running.evenkeel.store.wakeups.subscribe() as changes:
        while True:
            for number in await changes.wait(5.0):
                entries = await service.entries(number)
                for line in timeline(entries):
                    if line.seq > told.get(number, 0):
                        text = " ".join(call(draw_stamps(line.text, clock_on(line.at)), names.get).split())
                        say(f"  {line.at:%H:%M:%S}  INC-{number}  {_short(text)}")
                told[number] = entries[-1].seq


async def _by_itself(running: Stage) -> int:
    """The autopilot walks it; prints the timeline, writes the postmortem."""
    say(SCENARIOS[running.scenario].sentence)
    say("The autopilot walks the incident: it presses the real buttons, and time jumps while nobody has work.\n")
    try:
        number = await walk(running, say=say)
    except Stuck as stuck:
        say(f"The autopilot is stuck: {stuck}")
        return 1
    documents = running.evenkeel.documents
    say("\n" + await documents.timeline(number, "text"))
    document = Path(f"INC-{number}.md")
    text = await documents.postmortem(number, "markdown")
    await asyncio.to_thread(document.write_text, text, encoding="utf-8")
    refused = running.workspace.journal.refused(but=HARMLESS)
    for one in refused:
        say(f"Slack refused {one.method}: {one.error}")
    calls = len(running.workspace.journal.calls())
    say(f"The postmortem is in {document}. Slack calls: {calls}, refused: {len(refused)}.")
    return 1 if refused else 0


def _short(text: str) -> str:
    return text if len(text) <= 150 else f"{text[:149]}…"


def say(text: str) -> None:
    """A line on the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
