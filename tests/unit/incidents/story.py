"""A small story-teller for the pure core: an incident, a clock that only moves when told, and the real rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.agenda import Agenda, agenda
from bot.incidents.decide import decide
from bot.incidents.fold import apply, fold
from bot.incidents.incident import Incident, StepState
from bot.runbooks.schema import (
    Action,
    Approval,
    Choice,
    Compare,
    DoneWhen,
    Option,
    Query,
    Runbook,
    Step,
    Task,
    Update,
    Watch,
)

START = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
ADA, BEN, CY = "UADA", "UBEN", "UCY"

BY_ONCALL = Approval(approvers=("oncall:ml-oncall",))
QUALITY = Query(source="prometheus", name="quality", promql='recall{version="{{ running }}"}', better="higher")


def a_runbook(*, approval: Approval | None = BY_ONCALL, watch_for: float = 86400.0) -> Runbook:
    """Model performance drop, in its long form."""
    options = {
        "rollback": Option(label="Roll back", goto="rollback", role="rollback"),
        "not_model": Option(label="Not the model", goto="cases"),
        "help": Option(label="I need help", role="help"),
        "false_alarm": Option(label="False alarm", needs_reason=True, role="false_alarm"),
    }
    suggest = "'rollback' if steps.versions.verdict == 'bad' and target else 'help'"
    action = Action(
        call="flags.set",
        read="flags.get",
        scope="fraud-scorer",
        arguments={"flag": "fraud-model", "value": "{{ target }}"},
        approval=approval,
        done_when=DoneWhen(source="prometheus", promql="share"),
    )
    steps = (
        Step(id="changes", phase="check", spec=Query(source="changes")),
        Step(id="upstream", phase="check", spec=Task(text="Ask upstream", answer="text"), optional=True),
        Step(id="live", phase="measure", spec=QUALITY),
        Step(id="versions", phase="triage", spec=Compare(source="evaluator", metric="recall", test="paired")),
        Step(id="decide", phase="triage", spec=Choice(ask="What now?", options=options, suggest=suggest)),
        Step(id="rollback", phase="remediate", spec=action),
        Step(id="cases", phase="remediate", spec=Task(text="Add failing examples")),
        Step(id="after", phase="verify", spec=QUALITY),
        Step(id="day", phase="verify", spec=Watch(checks=(QUALITY,), duration=watch_for)),
        Step(id="tell", phase="communicate", spec=Update(audience=("risk",), text="Rolled back", after="rollback")),
    )
    return Runbook(
        id="model-performance-drop", version=1, title="Model performance drop", failure_mode="performance",
        owner="ml-oncall", summary="Quality fell.", steps=steps,
    )  # fmt: skip


class Story:
    """An incident's log, told step by step. ``refusal`` gives the reason why a command was refused."""

    def __init__(self, runbook: Runbook | None = None) -> None:
        self.now = START
        self.log: list[ev.Entry] = []
        self.head: Incident | None = None
        self.tell(
            ev.IncidentOpened(
                number=1, title="ModelRecallDrop", service="fraud-scorer", failure_mode="performance",
                source="alertmanager", severity="SEV2", people={"oncall:ml-oncall": (BEN,)},
            ),
            ev.AlertsAttached(count=1, fingerprints=("f1",), severity="SEV2"),
            ev.RunbookAttached(runbook=runbook or a_runbook()),
        )  # fmt: skip

    @property
    def incident(self) -> Incident:
        assert self.head is not None
        return self.head

    def tell(self, *events: ev.AnyEvent, by: str = ev.EVENKEEL) -> None:
        for event in events:
            entry = ev.Entry(seq=len(self.log) + 1, at=self.now, by=by, event=event)
            self.log.append(entry)
            self.head = apply(self.head, entry)

    def ask(self, command: cmd.AnyCommand, *, by: str = ADA) -> tuple[ev.AnyEvent, ...]:
        events = decide(self.incident, command, by=by, now=self.now)
        self.tell(*events, by=by)
        return events

    def report(self, *events: ev.AnyEvent) -> tuple[ev.AnyEvent, ...]:
        return self.ask(cmd.Report(events=events), by=ev.EVENKEEL)

    def refusal(self, command: cmd.AnyCommand, *, by: str = ADA) -> str:
        before = self.incident
        try:
            decide(before, command, by=by, now=self.now)
        except Refused as refused:
            assert str(refused)
            return refused.reason
        return ""

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def agenda(self, lease_no: int = 1) -> Agenda:
        return agenda(self.incident, self.now, lease_no=lease_no)

    def work(self, lease_no: int = 1) -> set[str]:
        """What is to be run; charts and jumps, which nothing waits for, have tests of their own."""
        asked = [work for work in self.agenda(lease_no).work if work.kind not in ("chart", "jump")]
        return {f"{work.kind}:{work.step}" if work.step else work.kind for work in asked}

    def timers(self) -> None:
        """Appends what is due, as the controller does."""
        while due := self.agenda().due:
            self.report(*due)

    def state(self, step: str) -> StepState:
        return self.incident.state(step)

    def refolded(self) -> Incident | None:
        return fold(self.log)

    # --- chapters ---

    def seen(self, running: str = "42", target: str | None = "41") -> None:
        self.report(ev.VersionsSeen(running=running, target=target, shares={running: 1.0}))

    def measured(self, step: str, verdict: str = "bad", because: str = "Recall 0.71, was 0.84") -> None:
        attempt = self.state(step).attempt
        self.report(ev.StepMeasured(step=step, attempt=attempt, verdict=verdict, because=because))  # type: ignore[arg-type]

    def investigated(self) -> None:
        self.seen()
        for step in ("changes", "live", "versions"):
            self.measured(step)

    def requested(self) -> None:
        self.investigated()
        self.ask(cmd.Choose(step="decide", attempt=1, option="rollback"))

    def approved(self) -> None:
        self.requested()
        self.ask(cmd.Approve(step="rollback", attempt=1), by=BEN)

    def started(self, *, was_done: bool = False) -> None:
        self.approved()
        self.report(
            ev.ActionStarted(
                step="rollback", attempt=1, lease_no=1, call="flags.set", captured={"value": "42"}, was_done=was_done
            )
        )

    def written(self) -> None:
        self.started()
        self.report(ev.ActionFinished(step="rollback", attempt=1, outcome="written"))

    def confirmed(self) -> None:
        self.written()
        self.later(seconds=20)
        self.report(ev.ActionConfirmed(step="rollback", attempt=1, share=1.0))

    def watching(self) -> None:
        self.confirmed()
        self.timers()
