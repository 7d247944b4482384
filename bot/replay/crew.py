"""The people of a replay: what they did, asked of the real core in their order, and what it said to that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents.commands.safeguards import BreakGlass, SkipRehearsal, StopAuto, WidenScope
from bot.incidents.commands.walking import AddHypothesis, GiveInputs, OverrideVerdict
from bot.incidents.incident import Incident
from bot.incidents.walk import names
from bot.replay.recording import Act
from bot.runbooks.schema import Update
from bot.runbooks.templates import TemplateError, render
from bot.service import Service

#: Sources that are silent are asked again for a while; after that nothing new can come of what people did.
_AFTERMATH = timedelta(hours=2)


class Crew:
    """Does one thing after the other; what is refused is tried again once the world has gone on."""

    def __init__(self, acts: Sequence[Act], service: Service, *, number: int, begins: datetime) -> None:
        self._service = service
        self._number = number
        self._left = list(acts)
        self._last = begins
        self.refused: dict[str, str] = {}

    @property
    def left(self) -> tuple[Act, ...]:
        """What could not be done so far."""
        return tuple(self._left)

    @property
    def next_at(self) -> datetime | None:
        """When the next one does something, if it can be done then."""
        return self._last + timedelta(seconds=self._left[0].takes) if self._left else None

    def goes_on(self, now: datetime) -> bool:
        """Whether somebody will do something that they could not have done yet."""
        return self.next_at is not None and self.next_at > now

    @property
    def rests_at(self) -> datetime:
        """Until when something may still come of what was done last."""
        return self._last + _AFTERMATH

    async def act(self, incident: Incident, now: datetime) -> bool:
        """Does what is next if its time has come; whether it was done."""
        due = self.next_at
        if due is None or due > now:
            return False
        act = self._left[0]
        try:
            await self._service.handle(self._number, _COMMANDS[act.deed](incident, act), by=act.by)
        except (Refused, TemplateError) as error:
            self.refused[act.place] = str(error)
            return False
        self.refused.pop(act.place, None)
        self._left.pop(0)
        self._last = now
        return True


def _attempt(incident: Incident, act: Act) -> int:
    state = incident.state(act.step or "")
    return state.action.attempt if state.action is not None else state.attempt


def _step(act: Act) -> str:
    return act.step or ""


def _tell(incident: Incident, act: Act) -> cmd.AnyCommand:
    step = incident.runbook.step(_step(act)) if incident.runbook else None
    if step is None or not isinstance(step.spec, Update):
        raise Refused("not_an_update", f"“{act.step}” tells nobody anything.")
    text = act.text or render(step.spec.text, names(incident))
    return cmd.PublishUpdate(audience=", ".join(step.spec.audience), text=text, step=step.id)


_COMMANDS: dict[str, Callable[[Incident, Act], cmd.AnyCommand]] = {
    "acknowledge": lambda _, __: cmd.Acknowledge(),
    "choose": lambda i, a: cmd.Choose(step=_step(a), attempt=_attempt(i, a), option=a.text, reason=a.reason),
    "done": lambda i, a: cmd.FinishStep(step=_step(a), attempt=_attempt(i, a)),
    "answer": lambda i, a: cmd.FinishStep(step=_step(a), attempt=_attempt(i, a), answer=a.text, fields=a.values),
    "skip": lambda i, a: cmd.SkipStep(step=_step(a), attempt=i.state(_step(a)).attempt, reason=a.text or a.reason),
    "run": lambda i, a: cmd.RunStep(step=_step(a), attempt=i.state(_step(a)).attempt),
    "approve": lambda i, a: cmd.Approve(step=_step(a), attempt=_attempt(i, a), confirmed=a.text == "confirmed"),
    "decline": lambda i, a: cmd.Decline(step=_step(a), attempt=_attempt(i, a), reason=a.text or a.reason),
    "undo": lambda i, a: cmd.Undo(step=_step(a), attempt=_attempt(i, a)),
    "outside": lambda _, a: cmd.ReportOutside(step=_step(a), note=a.text),
    "tell": _tell,
    "note": lambda _, a: cmd.AddNote(text=a.text, author=a.by),
    "severity": lambda _, a: cmd.SetSeverity(severity=a.text, reason=a.reason),
    "resolve": lambda _, a: cmd.Resolve(summary=a.text),
    "cancel": lambda _, a: cmd.Cancel(reason=a.text or a.reason),
    "assign": lambda _, a: cmd.AssignStep(step=_step(a), to=a.text),
    "skip_rehearsal": lambda i, a: SkipRehearsal(step=_step(a), attempt=_attempt(i, a), reason=a.text or a.reason),
    "break_glass": lambda i, a: BreakGlass(step=_step(a), attempt=_attempt(i, a), reason=a.text or a.reason),
    "widen": lambda i, a: WidenScope(step=_step(a), attempt=_attempt(i, a)),
    "stop": lambda i, a: StopAuto(step=_step(a), attempt=_attempt(i, a)),
    "verdict": lambda i, a: OverrideVerdict(
        step=_step(a), attempt=i.state(_step(a)).attempt, verdict=a.text, reason=a.reason
    ),
    "inputs": lambda _, a: GiveInputs(values=a.values),
    "hypothesis": lambda _, a: AddHypothesis(text=a.text),
    "reopen": lambda _, a: cmd.Reopen(reason=a.text or a.reason),
}
