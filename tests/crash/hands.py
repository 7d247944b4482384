"""People's hands in a process of their own, to be killed: incidents are declared, attached, silenced and merged.

Run as a module it has everything imported: each line that it reads, a number, begins a child that works on from that
round. Each child writes its id, the round and what it is about to do there, or that it is done, line by line.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime

from bot.alerts.alert import Alert
from bot.guests.tool import Told
from bot.incidents.commands.guests import AttachToChannel
from bot.incidents.commands.silences import SilenceAlerts
from bot.incidents.events.silences import Silenced
from bot.service import Declaration, Service
from bot.service.guests import Invitation
from bot.store import open_store
from tests.integration.store.services import service

ANA = "U0ANA"
AT = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
#: what is done in each round, in this order
DEEDS = ("declare", "alert", "attach", "hear", "silence", "merge")


async def _round(here: Service, number: int) -> None:
    """Everything once, each deed under a name of its own, as Slack and other tools name what they deliver."""
    _say(f"{number} declare")
    one, other = [await _declared(here, f"{name}-{number}") for name in ("fraud", "cost")]
    _say(f"{number} alert")
    for name in ("fraud", "cost"):
        await here.take("alertmanager", [_alert(f"{name}-{number}")])
    _say(f"{number} attach")
    where = AttachToChannel(channel=f"C0THEIRS{number}", name=f"inc-{number}", tool="Rootly")
    asked = Invitation(where=where, source="slack", number=one)
    await here.guests.attach(asked, by=ANA, delivery=f"attach-{number}")
    _say(f"{number} hear")
    told = Told(state="over", word="resolved", said_at=AT, channel=where.channel)
    await here.guests.hearing.hear(told, tool="Rootly", now=AT, delivery=f"hear-{number}")
    _say(f"{number} silence")
    await here.handle(other, _silence(f"cost-{number}"), by=ANA, delivery=f"silence-{number}")
    _say(f"{number} merge")
    await here.merging.merge(other, into=one, by=ANA, delivery=f"merge-{number}")
    _say(f"{number} done")


async def _declared(here: Service, name: str) -> int:
    incident = await here.declare(
        Declaration(title="Something is wrong", service=name), by=ANA, team_id="T1", delivery=f"declare-{name}"
    )
    return incident.number


def _alert(name: str) -> Alert:
    return Alert(
        source="alertmanager", fingerprint=name, status="firing", name="Drop", starts_at=AT, labels={"service": name}
    )


def _silence(name: str) -> SilenceAlerts:
    labels = {"alertname": "Drop", "service": name}
    one = Silenced(source="alertmanager", fingerprint=name, starts_at=AT, labels=labels, name="Drop")
    return SilenceAlerts(seconds=3600, alerts=(one,), connectors=("am",))


def _say(line: str) -> None:
    sys.stdout.write(f"{os.getpid()} {line}\n")
    sys.stdout.flush()


async def _work(database_url: str, start: int) -> None:
    here = service(open_store(database_url))
    number = start
    while True:
        await _round(here, number)
        number += 1


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave no trace
    for line in sys.stdin:
        if os.fork() == 0:
            asyncio.run(_work(sys.argv[1], int(line)))
