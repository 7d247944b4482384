"""How each scenario goes when people know what they do: who asks, who says yes, and what they do meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.incidents.incident import Incident
from bot.incidents.walk import suggestion
from bot.sandbox.demo.responders import Responders, Stuck
from bot.sandbox.demo.stage import ANA, BEN, CHI
from bot.slack.view.modals.learning import IMPACT

Walk = Callable[[Responders], Awaitable[None]]

#: longer than any watch of the demo
TWO_DAYS = timedelta(days=2)


async def recall_drop(team: Responders) -> None:
    """A release made it worse: the version before it serves again."""
    await _take_it(team)
    await team.press(CHI, "step.done", step="upstream")
    team.say("Chi asked the owners upstream.")
    await _suggested(team, "rollback")
    await team.press(ANA, "step.choose:rollback")
    team.say("Ana asks for the rollback; Ben is asked.")
    await team.press(BEN, "step.approve")
    team.say("Ben approved it: the five-minute clock runs.")
    await team.until(lambda incident: incident.safe_at is not None, "traffic on the last good version")
    team.say("Traffic is back on the last good version. Labels arrive late: the bot watches.")
    await team.press(ANA, "incident.update", step="told_rolled_back", then={})
    team.say("Stakeholders are told.")
    await _watched(team)
    await _resolve(team, "Recall fell with the release; rolled back.")
    await _learn(
        team,
        trigger="The release was not compared with the version before it on the same frauds",
        late="Confirmed frauds arrive late, so the drop was seen a quarter of an hour after the release",
        below="The comparison exists, and the release pipeline does not run it",
        item="Run the paired comparison before every release",
    )


async def feed_break(team: Responders) -> None:
    """The data going in broke: no version helps, another source of the feature does."""
    await _take_it(team)
    await _suggested(team, "contain")
    await team.press(ANA, "step.choose:contain")
    team.say("No version would do better on this data. Ana decides: contain the bad data first.")
    team.say("That asks for the fallback. It is tried in staging, and Ben is asked.")
    await team.press(BEN, "step.approve")
    team.say("Ben approved it: the bot sets device-feed to snapshot.")
    await team.until(lambda incident: incident.safe_at is not None, "the last good values")
    team.say("Missing values are gone: the last good values answer.")
    await team.press(ANA, "incident.update", step="told_fallback", then={})
    team.say("Stakeholders are told.")
    await team.press(BEN, "step.done", step="fix")
    team.say("Ben has put a check in front of the feed that refuses batches with holes.")
    await team.press(CHI, "step.answer", step="replay", then={"answer": "1240"})
    team.say("1,240 decisions are replayed.")
    await _watched(team)
    await _resolve(team, "A vendor's feed lost values; the last good ones answer, and bad batches are refused.")
    await _learn(
        team,
        trigger="The feed was taken in without a check for missing values",
        late="Missing values were alerted on a quarter of an hour after they began",
        below="The contract with the vendor says nothing about completeness",
        item="Refuse batches of the device feed with more than 2 % missing values",
    )


async def upstream_latency(team: Responders) -> None:
    """Something that the model waits for is slow: another copy of it answers."""
    await _take_it(team)
    await _suggested(team, "around")
    await team.press(ANA, "step.choose:around")
    team.say("The time is the feature store's, not the model's. Ana decides: go around it.")
    team.say("That asks for the detour. It is tried in staging, and Ben is asked.")
    await team.press(BEN, "step.approve")
    team.say("Ben approved it: the bot sets feature-store to replica.")
    await team.until(lambda incident: incident.safe_at is not None, "answers in time")
    team.say("Answers come in time again.")
    await team.press(ANA, "incident.update", step="told_around", then={})
    team.say("Stakeholders are told; the bot watches.")
    await _watched(team)
    await _resolve(team, "The feature store's primary was slow; the scorer asks the replica.")
    await _learn(
        team,
        trigger="A compaction on the primary took its disks for itself",
        late="The scorer waited for the feature store without a limit of its own",
        below="There was no timeout after which the last good values answer",
        item="Give the feature store a timeout of 50 ms, with the last good values behind it",
    )


WALKS: Mapping[str, Walk] = {
    "fraud-recall-drop": recall_drop,
    "feature-feed-break": feed_break,
    "upstream-latency": upstream_latency,
}


async def _take_it(team: Responders) -> None:
    await team.press(ANA, "incident.ack")
    team.say("Ana is on it.")


async def _suggested(team: Responders, option: str) -> None:
    def is_suggested(incident: Incident) -> bool:
        suggested = suggestion(incident)
        return suggested is not None and suggested.option == option

    await team.until(is_suggested, f"the suggestion {option}")


async def _watched(team: Responders) -> None:
    """The watch has come to its end, and what is watched was fine."""
    began = team.stage.clock.now()
    team.say("Nothing is left to do but to watch: time jumps from look to look.")
    incident = await team.until(_watch_is_over, "the end of the watch", patience=TWO_DAYS)
    hours = (team.stage.clock.now() - began).total_seconds() / 3600
    bad = [state.watch.because for state in incident.steps.values() if state.watch and state.watch.verdict != "ok"]
    if bad:
        raise Stuck(f"the watch ended after {hours:.0f} h, and not well: {bad[0]}")
    team.say(f"The watch is over after {hours:.0f} h: all was fine.")


def _watch_is_over(incident: Incident) -> bool:
    return incident.watch is None and any(state.watch for state in incident.steps.values())


async def _resolve(team: Responders, summary: str) -> None:
    await team.press(ANA, "incident.resolve", then={"summary": summary})
    team.say("Ana resolves the incident.")


async def _learn(team: Responders, *, trigger: str, late: str, below: str, item: str) -> None:
    """Whys, one of which explains another, and an action item."""
    await team.press(ANA, "postmortem.why", then={"text": trigger, "role": "trigger"})
    await team.press(CHI, "postmortem.why", then={"text": late, "role": "detection", "parent": IMPACT})
    await team.press(CHI, "postmortem.why", then={"text": below, "role": "latent", "parent": "w1"})
    due = (team.stage.clock.now() + timedelta(days=14)).date().isoformat()
    await team.press(ANA, "postmortem.action", then={"text": item, "owner": CHI, "due": due})
    team.say("Whys and an action item are written.")
