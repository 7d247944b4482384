"""Submitted modals: decided within two seconds, so that what is wrong appears at its field."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec
from slack_bolt.async_app import AsyncAck

from bot.errors import EvenkeelError, Refused
from bot.incidents import commands as cmd
from bot.incidents.commands import safeguards as guard
from bot.incidents.commands.walking import AddHypothesis, GiveInputs, JudgeHypothesis
from bot.slack.interactions.click import read_place
from bot.slack.interactions.declaring import declare
from bot.slack.interactions.desk import Desk, Place, sentence, step_of
from bot.slack.interactions.reporting import report
from bot.slack.interactions.splitting import split_off
from bot.slack.view.modals.frame import About, read_about
from bot.slack.view.modals.incident import ALL, audiences
from bot.slack.view.modals.learning import IMPACT
from bot.slack.view.modals.split import CALLBACK
from bot.slack.view.text import plain

#: Slack closes a modal's patience after three seconds; what is not decided by then is answered in the channel.
PATIENCE = 2.0


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """A submitted modal: ``inputs`` by the names of its fields."""

    callback_id: str
    about: About
    inputs: dict[str, str]
    place: Place
    delivery: str


def submitted(desk: Desk) -> Callable[..., Awaitable[None]]:
    """The one listener of all modals."""

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        submission = read_submission(body)
        work = asyncio.ensure_future(submit(desk, submission))
        try:
            await asyncio.wait_for(asyncio.shield(work), PATIENCE)
        except TimeoutError:
            await ack()
            async with desk.answering(submission.place):
                await work
        except EvenkeelError as error:
            field = error.field if isinstance(error, Refused) else None
            if field in submission.inputs:
                await ack(response_action="errors", errors={field: plain(str(error), 500)})
            else:
                await ack()
                await desk.whisper(submission.place, sentence(error))
        else:
            await ack()

    return listener


def read_submission(body: Mapping[str, Any]) -> Submission:
    """The submission that Slack describes; ``view id`` and ``hash`` say which delivery it is."""
    view: Mapping[str, Any] = body.get("view") or {}
    about = read_about(str(view.get("private_metadata") or ""))
    place = msgspec.structs.replace(read_place(body), channel=about.c, thread_ts=about.t)
    values: Mapping[str, Mapping[str, Any]] = (view.get("state") or {}).get("values") or {}
    return Submission(
        callback_id=str(view.get("callback_id", "")),
        about=about,
        inputs={name: _input(next(iter(fields.values()), {})) for name, fields in values.items()},
        place=place,
        delivery=f"{view.get('id', '')}:{view.get('hash', '')}",
    )


def _input(element: Mapping[str, Any]) -> str:
    option: Mapping[str, Any] = element.get("selected_option") or {}
    several = ",".join(str(one.get("value", "")) for one in element.get("selected_options") or ())
    chosen = element.get("value") or option.get("value") or element.get("selected_user") or several
    return str(chosen or element.get("selected_date") or "")


async def submit(desk: Desk, submission: Submission) -> None:
    """What the modal asked for is done. Raises ``Refused`` with the field that is wrong, if one is."""
    if submission.callback_id == "incident.declare":
        await declare(desk, submission.inputs, place=submission.place, delivery=submission.delivery)
        return
    if submission.callback_id == "incident.report":
        told = await report(desk, submission.inputs, place=submission.place, delivery=submission.delivery)
        await desk.whisper(submission.place, told)
        return
    if submission.callback_id == CALLBACK:
        about, inputs = submission.about.number, submission.inputs
        await split_off(desk, about, inputs, place=submission.place, delivery=submission.delivery)
        return
    meaning = MODALS.get(submission.callback_id)
    number = submission.about.number
    if meaning is None or number is None:
        raise Refused("unknown_modal", "I do not know this dialog any more; nothing was changed.")
    for index, command in enumerate(await meaning(desk, submission, number)):
        delivery = f"{submission.delivery}:{index}" if index else submission.delivery
        await desk.carry_out(number, command, by=submission.place.user, delivery=delivery)


Meaning = Callable[[Desk, Submission, int], Awaitable[Sequence[cmd.AnyCommand]]]


def _one(make: Callable[[About, Mapping[str, str]], cmd.AnyCommand]) -> Meaning:
    async def meaning(_: Desk, submission: Submission, __: int) -> Sequence[cmd.AnyCommand]:
        return (make(submission.about, submission.inputs),)

    return meaning


async def _update(desk: Desk, submission: Submission, number: int) -> Sequence[cmd.AnyCommand]:
    """One update for each audience; the step is done with the last of them."""
    chosen, text = submission.inputs.get("audience", ""), submission.inputs.get("text", "")
    step_id = submission.about.s
    told: tuple[str, ...] = (chosen,)
    if chosen == ALL:
        incident = await desk.service.incident(number)
        told = audiences(incident, desk.workplace, step_of(incident, step_id) if step_id else None)
    last = len(told) - 1
    return [
        cmd.PublishUpdate(audience=audience, text=text, step=step_id if step_id and index == last else None)
        for index, audience in enumerate(told)
    ]


def _why(_: About, inputs: Mapping[str, str]) -> cmd.AnyCommand:
    parent = inputs.get("parent") or IMPACT
    fields = {"text": inputs.get("text", ""), "role": inputs.get("role") or "latent"}
    return msgspec.convert(fields | {"parent": None if parent == IMPACT else parent}, cmd.AddWhy)


def _action_item(_: About, inputs: Mapping[str, str]) -> cmd.AnyCommand:
    fields = {name: inputs.get(name, "") for name in ("text", "owner", "due")}
    return msgspec.convert(fields | {"role": inputs.get("role") or "prevent"}, cmd.AddActionItem)


def _answer(about: About, inputs: Mapping[str, str]) -> cmd.AnyCommand:
    return cmd.FinishStep(
        step=about.s, attempt=about.n, answer=inputs.get("answer", ""), fields=_below("field.", inputs)
    )  # fmt: skip


def _below(prefix: str, inputs: Mapping[str, str]) -> dict[str, str]:
    """The inputs whose name begins so, without that beginning."""
    return {name.removeprefix(prefix): text for name, text in inputs.items() if name.startswith(prefix)}


def _judged(_: About, inputs: Mapping[str, str]) -> cmd.AnyCommand:
    number = inputs.get("hypothesis", "")
    return msgspec.convert(
        {"hypothesis": int(number) if number.isdecimal() else 0, "judged": inputs.get("judged") or "open",
         "evidence": inputs.get("evidence", "")},
        JudgeHypothesis,
    )  # fmt: skip


MODALS: Mapping[str, Meaning] = {
    "runbook.input": _one(lambda _, i: GiveInputs(values=_below("input.", i))),
    "hypothesis.add": _one(lambda _, i: AddHypothesis(text=i.get("text", ""))),
    "hypothesis.judge": _one(_judged),
    "incident.note": _one(lambda _, i: cmd.AddNote(text=i.get("text", ""))),
    "incident.update": _update,
    "incident.resolve": _one(lambda _, i: cmd.Resolve(summary=i.get("summary", ""))),
    "step.skip": _one(lambda a, i: cmd.SkipStep(step=a.s, attempt=a.n, reason=i.get("reason", ""))),
    "step.answer": _one(_answer),
    "step.decline": _one(lambda a, i: cmd.Decline(step=a.s, attempt=a.n, reason=i.get("reason", ""))),
    "step.break_glass": _one(lambda a, i: guard.BreakGlass(step=a.s, attempt=a.n, reason=i.get("reason", ""))),
    "step.skip_rehearsal": _one(lambda a, i: guard.SkipRehearsal(step=a.s, attempt=a.n, reason=i.get("reason", ""))),
    "step.choose": _one(lambda a, i: cmd.Choose(step=a.s, attempt=a.n, option=a.o, reason=i.get("reason", ""))),
    "step.outside": _one(lambda a, i: cmd.ReportOutside(step=a.s or None, note=i.get("note", ""))),
    "postmortem.why": _one(_why),
    "postmortem.action": _one(_action_item),
}
