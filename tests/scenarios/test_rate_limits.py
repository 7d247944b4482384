"""Slack has too much to do: a rate limit delays; it loses nothing and repeats nothing."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.scenarios.stage import Stage, recorded


async def test_what_slack_limits_comes_later_once(bare: Stage) -> None:
    bare.server.faults.ratelimited("chat.postMessage", 30)
    await bare.sends(recorded("1_firing"))
    await bare.rest(5)
    channel = bare.screen.channel()
    assert bare.screen.messages(channel) == []
    assert len(bare.server.journal.calls("chat.postMessage")) == 1, "nobody knocks while Slack does not listen"
    assert channel.topic, "what Slack does not limit goes on"
    await bare.rest(40)
    assert sorted(bare.screen.surfaces(channel)) == ["first", "gaps"]
    assert len(bare.screen.shown_for("announcement")) == 1
    assert [call.error for call in bare.refused()] == ["ratelimited"]


async def test_every_method_limited_once_ends_in_the_same_workspace(bare: Stage) -> None:
    for method in ("conversations.create", "chat.postMessage", "pins.add", "bookmarks.add", "conversations.setTopic"):
        bare.server.faults.ratelimited(method, 20)
    await bare.sends(recorded("1_firing"))
    await bare.rest(180)
    channel = bare.screen.channel()
    assert sorted(bare.screen.surfaces(channel)) == ["first", "gaps"]
    assert (len(channel.pins), len(channel.bookmarks)) == (1, 1)
    assert channel.topic
    assert {call.error for call in bare.refused()} == {"ratelimited"}


async def test_more_incidents_than_slack_lets_channels_be_made_are_all_there_in_the_end(bare: Stage) -> None:
    await bare.sends(_thirty_one_models())
    await bare.rest(180)
    assert len(bare.screen.channels()) == 31
    for number in range(1, 32):
        for surface in ("first", "gaps", "announcement"):
            assert len(bare.screen.shown_for(surface, number)) == 1
    assert {call.error for call in bare.refused()} <= {"ratelimited"}


async def test_a_sev1_has_its_channel_at_once_in_a_storm_of_lesser_incidents(bare: Stage) -> None:
    body = _thirty_one_models()
    body["alerts"][-1]["labels"]["severity"] = "sev1"
    await bare.sends(body)
    await bare.rest(1)
    made = [str(call.args["name"]) for call in bare.server.journal.calls("conversations.create") if call.ok]
    assert len(made) < 31
    assert any("-m30-" in name for name in made), made


def _thirty_one_models() -> dict[str, Any]:
    body: dict[str, Any] = msgspec.json.decode(recorded("1_firing"))
    (alert,) = body["alerts"]
    body["alerts"] = [
        alert | {"fingerprint": f"{n:016x}", "labels": alert["labels"] | {"model": f"m{n}"}} for n in range(31)
    ]
    return body
