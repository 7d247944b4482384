"""Buttons and selects: each is a command at once, or the modal that asks for what the command needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents.commands import safeguards as guard
from bot.incidents.commands.guests import AttachToChannel, StayHere
from bot.incidents.commands.privacy import MakePrivate
from bot.incidents.commands.together import KeepOpen
from bot.incidents.commands.triage import DismissTriage, OpenTriage
from bot.incidents.commands.walking import AttachRunbook, KeepRunbook
from bot.incidents.decide import decide
from bot.incidents.events import WhyAdded
from bot.incidents.incident import Incident
from bot.runbooks.schema import Choice, Task
from bot.service.guests import Invitation
from bot.service.opening import SLACK
from bot.slack.interactions.click import Click, read_click
from bot.slack.interactions.desk import Desk, step_of
from bot.slack.view.modals import incident as about_incident
from bot.slack.view.modals import learning
from bot.slack.view.modals import steps as about_step
from bot.slack.view.modals import walk as about_walk
from bot.slack.view.tray import tray

#: For how long the button of an announcement keeps such alerts quiet.
MUTED_FOR = timedelta(hours=1)
#: What a click means: a command to carry out, or None if it was answered otherwise.
Meaning = Callable[[Desk, Click, Incident], Awaitable[cmd.AnyCommand | None]]


def clicked(desk: Desk) -> Callable[..., Awaitable[None]]:
    """The one listener of all buttons."""

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        click = read_click(body)
        async with desk.answering(click.place):
            await press(desk, click)

    return listener


async def press(desk: Desk, click: Click) -> None:
    """What the click means is done. Raises ``Refused``, also for buttons that mean nothing."""
    meaning = BUTTONS.get(click.name)
    if meaning is None:
        help_text = f"`{desk.workplace.command} help` lists what works."
        raise Refused("unknown_button", f"I do not know this button any more. {help_text}")
    number = click.ref.number if click.ref else None
    if number is None:
        raise Refused("unknown_button", "This button does not say which incident it is about; nothing was changed.")
    incident = await desk.service.incident(number)
    command = await meaning(desk, click, incident)
    if command is not None:
        await desk.carry_out(number, command, by=click.place.user, delivery=click.delivery)


def _command(make: Callable[[Click], cmd.AnyCommand]) -> Meaning:
    async def meaning(_: Desk, click: Click, __: Incident) -> cmd.AnyCommand:
        return make(click)

    return meaning


def _modal(
    build: Callable[[Desk, Click, Incident], dict[str, Any]],
    then: Callable[[Click], cmd.AnyCommand] | None = None,
) -> Meaning:
    """A modal; not opened if the command that it leads to (``then``) would be refused whatever is written in it."""

    async def meaning(desk: Desk, click: Click, incident: Incident) -> None:
        if then is not None:
            _still_possible(desk, click, incident, then(click))
        await desk.open(click.trigger, build(desk, click, incident))

    return meaning


def _still_possible(desk: Desk, click: Click, incident: Incident, command: cmd.AnyCommand) -> None:
    try:
        decide(incident, command, by=click.place.user, now=desk.now())
    except Refused as refused:
        if refused.field is None:
            raise


def _s(click: Click) -> str:
    return click.ref.s if click.ref else ""


def _n(click: Click) -> int:
    return click.ref.n if click.ref else 0


async def _tray(desk: Desk, click: Click, incident: Incident) -> None:
    shown = tray(incident, desk.workplace, user=click.place.user, now=desk.now())
    await desk.whisper(click.place, shown["text"], shown["blocks"])


async def _done(desk: Desk, click: Click, incident: Incident) -> cmd.AnyCommand | None:
    step = step_of(incident, _s(click))
    command = cmd.FinishStep(step=_s(click), attempt=_n(click))
    if not isinstance(step.spec, Task) or not step.spec.asks:
        return command
    _still_possible(desk, click, incident, command)
    await desk.open(click.trigger, about_step.answer(incident, step, about=click.about))
    return None


async def _choose(desk: Desk, click: Click, incident: Incident) -> cmd.AnyCommand | None:
    step = step_of(incident, _s(click))
    option = step.spec.options.get(click.option) if isinstance(step.spec, Choice) else None
    command = cmd.Choose(step=_s(click), attempt=_n(click), option=click.option)
    if option is not None and option.needs_reason:
        _still_possible(desk, click, incident, command)
        await desk.open(click.trigger, about_step.choose(incident, step, click.option, about=click.about))
        return None
    return command


async def _why(desk: Desk, click: Click, incident: Incident) -> None:
    texts = await why_texts(desk, incident)
    await desk.open(click.trigger, learning.why(incident, texts, about=click.about))


async def why_texts(desk: Desk, incident: Incident) -> dict[str, str]:
    """The whys so far: id -> what was written."""
    entries = await desk.service.entries(incident.number)
    return {entry.event.why: entry.event.text for entry in entries if isinstance(entry.event, WhyAdded)}


async def _settle(_: Desk, click: Click, __: Incident) -> cmd.AnyCommand:
    if click.option == "run_again":
        return cmd.Settle(step=_s(click), attempt=_n(click), how="run_again")
    if click.option == "done":
        return cmd.Settle(step=_s(click), attempt=_n(click), how="done")
    raise Refused("unknown_button", "I do not know this button any more; nothing was changed.")


async def _mute(desk: Desk, click: Click, incident: Incident) -> None:
    await desk.service.muting.mute_incident(
        incident.number, length=MUTED_FOR, by=click.place.user, delivery=click.delivery, waiting=True
    )


async def _come(desk: Desk, click: Click, incident: Incident) -> None:
    """The incident goes on in the channel where it was asked."""
    asked = next((one for one in incident.asked_into if one.channel == _s(click)), None)
    if asked is None:
        raise Refused("unknown_button", "I do not know this button any more; nothing was changed.")
    where = AttachToChannel(channel=asked.channel, name=asked.name, tool=asked.tool, url=asked.url)
    invitation = Invitation(where=where, source=SLACK, number=incident.number, team_id=click.place.team)
    await desk.service.guests.attach(invitation, by=click.place.user, delivery=click.delivery)


async def _reopen(_: Desk, __: Click, incident: Incident) -> cmd.AnyCommand:
    return cmd.Reopen(reason=f"{incident.tool or 'the other tool'} says that its incident goes on again")


async def _link(_: Desk, __: Click, ___: Incident) -> None:
    """The button is a link: Slack has opened it already."""


BUTTONS: Mapping[str, Meaning] = {
    "triage.open": _command(lambda _: OpenTriage()),
    "triage.dismiss": _command(lambda _: DismissTriage()),
    "triage.mute": _mute,
    "incident.ack": _command(lambda _: cmd.Acknowledge()),
    "incident.private": _command(lambda _: MakePrivate()),
    "incident.lead": _command(lambda c: cmd.TakeLead(lead=c.place.user)),
    "incident.severity": _command(lambda c: cmd.SetSeverity(severity=c.selected or c.option)),
    "incident.note": _modal(lambda _, c, i: about_incident.note(i, about=c.about)),
    "incident.update": _modal(
        lambda d, c, i: about_incident.update(i, d.workplace, step_of(i, _s(c)) if _s(c) else None, about=c.about)
    ),
    "incident.resolve": _modal(lambda _, c, i: about_incident.resolve(i, about=c.about), lambda _: cmd.Resolve()),
    "incident.keep_open": _command(lambda _: KeepOpen()),
    "incident.reopen": _reopen,
    "guest.come": _come,
    "guest.stay": _command(lambda c: StayHere(channel=_s(c))),
    "incident.tray": _tray,
    "step.done": _done,
    "step.answer": _done,
    "step.skip": _modal(
        lambda _, c, i: about_step.skip(i, step_of(i, _s(c)), about=c.about),
        lambda c: cmd.SkipStep(step=_s(c), attempt=_n(c), reason=""),
    ),
    "step.assign": _command(lambda c: cmd.AssignStep(step=_s(c), to=c.selected or c.place.user)),
    "step.run": _command(lambda c: cmd.RunStep(step=_s(c), attempt=_n(c))),
    "step.choose": _choose,
    "step.approve": _command(lambda c: cmd.Approve(step=_s(c), attempt=_n(c), confirmed=c.option == "unsure")),
    "step.rehearse": _command(lambda c: guard.Rehearse(step=_s(c), attempt=_n(c))),
    "step.skip_rehearsal": _modal(
        lambda _, c, i: about_step.skip_rehearsal(i, step_of(i, _s(c)), about=c.about),
        lambda c: guard.SkipRehearsal(step=_s(c), attempt=_n(c), reason=""),
    ),
    "step.break_glass": _modal(
        lambda _, c, i: about_step.break_glass(i, step_of(i, _s(c)), about=c.about),
        lambda c: guard.BreakGlass(step=_s(c), attempt=_n(c), reason=""),
    ),
    "step.widen": _command(lambda c: guard.WidenScope(step=_s(c), attempt=_n(c))),
    "step.stop": _command(lambda c: guard.StopAuto(step=_s(c), attempt=_n(c))),
    "step.decline": _modal(
        lambda _, c, i: about_step.decline(i, step_of(i, _s(c)), about=c.about),
        lambda c: cmd.Decline(step=_s(c), attempt=_n(c), reason=""),
    ),
    "step.undo": _command(lambda c: cmd.Undo(step=_s(c), attempt=_n(c))),
    "step.outside": _modal(
        lambda _, c, i: about_step.outside(i, step_of(i, _s(c)), about=c.about),
        lambda c: cmd.ReportOutside(step=_s(c) or None),
    ),
    "step.settle": _settle,
    "runbook.attach": _command(lambda c: AttachRunbook(runbook=c.option, pins=_n(c))),
    "runbook.keep": _command(lambda c: KeepRunbook(pins=_n(c))),
    "runbook.input": _modal(lambda _, c, i: about_walk.inputs(i, about=c.about)),
    "hypothesis.add": _modal(lambda _, c, i: about_walk.hypothesis(i, about=c.about)),
    "hypothesis.judge": _modal(lambda _, c, i: about_walk.judge(i, about=c.about)),
    "postmortem.open": _link,
    "postmortem.why": _why,
    "postmortem.action": _modal(
        lambda d, c, i: learning.action_item(i, about=c.about, today=d.now().date(), owner=c.place.user)
    ),
    "action.done": _command(lambda c: cmd.FinishActionItem(item=c.option or _s(c))),
}
