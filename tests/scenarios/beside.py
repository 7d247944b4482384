"""Another incident tool in the stories: it opens channels, and its webhook says how its incident stands."""

from __future__ import annotations

from typing import Any

from bot.sandbox.workspace.values import Channel
from tests.scenarios.stage import ANA, BEN, CHI, CONNECTED, Stage
from tests.unit.guests.examples import changed

WAR_ROOM = "war-room"
TO = "/incidents/attach/rootly"
#: channels called so get a walk by themselves
BESIDE = f'attach: {{channels: ["^inc-\\\\d"]}}\n{CONNECTED}'


def creates(stage: Stage, name: str = WAR_ROOM, *, private: bool = False) -> Channel:
    return stage.server.workspace.channels.create(name, creator=BEN, members=(ANA, CHI), is_private=private)


async def says(stage: Stage, theirs: Channel, status: str, *, at: str = "", **more: Any) -> Any:
    """Rootly says how its incident stands, ``at`` a time of its own clock; what it was answered."""
    body = changed("rootly", slack_channel_id=theirs.id, slack_channel_name=theirs.name, status=status, **more)
    issued = at or stage.clock.now().isoformat()
    kind = "updated" if status in ("started", "mitigated") else status
    body["event"] = {"id": f"{status}-{issued}", "type": f"incident.{kind}", "issued_at": issued}
    answer = await stage.sends(body, to=TO)
    await stage.rest()
    assert answer.status_code == 202
    return answer.json()
