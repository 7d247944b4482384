"""Incidents for the drawings, told as logs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.incidents import events as ev
from bot.incidents.fold import fold
from bot.incidents.incident import Incident
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
    Unconfigured,
    Update,
    Watch,
)  # fmt: skip
from bot.slack.view.surface import Workplace

ANA, BEN, CLEO = "U0ANA", "U0BEN", "U0CLEO"
OPENED = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
WORKPLACE = Workplace(
    installation="evenkeel",
    incidents_channel="#ml-incidents",
    public_url="https://evenkeel.example",
    audiences={"risk": "#risk-updates"},
)

_US = "services.fraud-scorer"
_RECALL = Query(source="prometheus", name="quality", title="Recall", promql="recall", better="higher")
_ROLLBACK = Action(
    call="flags.set",
    read="flags.get",
    scope="fraud-scorer",
    name="rollback",
    done_when=DoneWhen(),
    approval=Approval(approvers=("oncall:ml-oncall",)),
)


def decision() -> Choice:
    """The short form ``choice: rollback``, written out."""
    return Choice(
        ask="What do we do?",
        options={
            "rollback": Option(label="Roll back{{ ' to ' ~ target if target }}", goto="rollback", role="rollback"),
            "not_model": Option(label="Not the model", goto="cases"),
            "help": Option(label="I need help", role="help"),
            "false_alarm": Option(label="False alarm", role="false_alarm", needs_reason=True),
        },
        suggest="'rollback' if steps[\"versions\"].verdict == 'bad' and target",
    )


def _runbook(steps: Sequence[Step]) -> Runbook:
    return Runbook(
        id="model-performance-drop", version=1, title="Model performance drop", failure_mode="performance",
        owner="ml-oncall", summary="Quality fell.", steps=tuple(steps),
    )  # fmt: skip


CONNECTED = _runbook([
    Step(id="changes", phase="check", spec=Query(source="changes", name="changes")),
    Step(id="upstream", phase="check", spec=Task(text="Ask the upstream owners what changed."), optional=True),
    Step(id="live", phase="measure", spec=_RECALL),
    Step(id="store", phase="measure", title="feature store", spec=Query(source="prometheus", name="age", promql="a")),
    Step(id="versions", phase="triage", spec=Compare(source="evaluator", metric="recall", name="last_good")),
    Step(id="decide", phase="triage", spec=decision(), due=900.0),
    Step(id="rollback", phase="remediate", spec=_ROLLBACK),
    Step(id="cases", phase="remediate", spec=Task(text="Add a failing example of every bad slice."), optional=True),
    Step(id="day", phase="verify", spec=Watch(checks=(_RECALL,))),
    Step(
        id="told", phase="communicate", title="Risk told",
        spec=Update(audience=("risk",), after="rollback", text="Version {{ target }} serves again."),
    ),
])  # fmt: skip

BARE = _runbook([
    Step(id="changes", phase="check", spec=Query(source="changes", name="changes")),
    Step(id="upstream", phase="check", title="upstream changed", spec=Task(text="Ask the upstream owners.")),
    Step(
        id="live", phase="measure", title="Live quality",
        spec=Unconfigured(kind="query", name="quality", missing=f"add {_US}.metrics.quality to evenkeel.yaml"),
    ),
    Step(
        id="versions", phase="triage",
        spec=Unconfigured(kind="compare", name="last_good", missing=f"add {_US}.compare.last_good to evenkeel.yaml"),
    ),
    Step(id="decide", phase="triage", spec=decision()),
    Step(
        id="rollback", phase="remediate",
        spec=Unconfigured(kind="action", name="rollback", missing=f"add {_US}.rollback to evenkeel.yaml"),
    ),
    Step(id="cases", phase="remediate", spec=Task(text="Add a failing example.")),
])  # fmt: skip


class Story:
    """A log that grows by events; every entry is a minute after the one before unless ``after`` says otherwise."""

    def __init__(
        self,
        runbook: Runbook = CONNECTED,
        *,
        connected: bool = True,
        place: str = "channel",
        channel: str = "C0INC1",
        ana: str = ANA,
        ben: str = BEN,
    ) -> None:
        self.ana, self.ben = ana, ben
        self.entries: list[ev.Entry] = []
        self._at = OPENED
        self.then(
            ev.IncidentOpened(
                number=1, title="ModelRecallDrop on fraud-scorer", service="fraud-scorer",
                failure_mode="performance", source="alertmanager", severity="SEV2" if connected else None,
                channel_name="inc-1-fraud-scorer-recall",
                owner="ml-oncall", consumers=("checkout", "payouts") if connected else (), invite=(ana, ben),
                people={"oncall:ml-oncall": (ben,)}, alert_name="ModelRecallDrop", alert_text="recall below 0.8",
                alert_url="http://prometheus.example/graph?g0.expr=recall", connected=connected,
                began_at=OPENED,
            ),
            ev.AlertsAttached(count=1, fingerprints=("abc",)),
            ev.RunbookAttached(runbook=runbook),
            ev.ChannelOpened(channel=channel, name="inc-1-fraud-scorer-recall")
            if place == "channel" else ev.ChannelRefused(code="restricted_action"),
            after=0,
        )  # fmt: skip

    def then(self, *events: ev.AnyEvent, by: str = "evenkeel", after: float = 60) -> Story:
        """These events happen, ``after`` seconds later."""
        self._at += timedelta(seconds=after)
        for event in events:
            self.entries.append(ev.Entry(seq=len(self.entries) + 1, at=self._at, by=by, event=event))
        return self

    @property
    def now(self) -> datetime:
        """When the last events happened."""
        return self._at

    def incident(self) -> Incident:
        """The incident so far."""
        incident = fold(self.entries)
        assert incident is not None
        return incident

    def measured(self) -> Story:
        """All that can be found out by itself."""
        return self.then(
            ev.VersionsSeen(running="42", target="41", shares={"42": 1.0}),
            ev.StepMeasured(
                step="changes", attempt=1, verdict="warn",
                because="v42 released 2026-11-21T02:51:00Z (deploy #881), 14 min before the alert",
            ),
            ev.StepMeasured(
                step="live", attempt=1, verdict="bad", value=0.71, baseline=0.84, n=412,
                because="recall 0.71, was 0.84 · 412 confirmed frauds · labels 6 h old",
            ),
            ev.StepMeasured(step="store", attempt=1, verdict="no_data", because=""),
            ev.StepMeasured(
                step="versions", attempt=1, verdict="bad",
                because="v42 against v41, same 3,180 frauds: -9.8 points (95 %: -11.4 to -8.1); "
                "worst slice: card-not-present",
            ),
            after=20,
        )  # fmt: skip

    def asked(self) -> Story:
        """Ana is on it and asks for the rollback."""
        self.measured().then(ev.Acknowledged(), ev.LeadChanged(lead=self.ana), by=self.ana)
        request = ev.ApprovalRequested(
            step="rollback", attempt=1, target="41", running="42", approvers=(self.ben,),
            expires_at=self.now + timedelta(minutes=16),
        )  # fmt: skip
        return self.then(ev.Chosen(step="decide", option="rollback"), request, by=self.ana)

    def rolling_back(self) -> Story:
        """Ben said yes, and the call was made."""
        self.asked().then(ev.Approved(step="rollback", attempt=1), by=self.ben)
        return self.then(
            ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set"),
            ev.ActionFinished(step="rollback", attempt=1, outcome="written"),
            ev.ActionLooked(step="rollback", attempt=1, share=0.37, holds=False),
            after=2,
        )

    def watched(self) -> Story:
        """Traffic is back; the labels are not."""
        self.rolling_back()
        return self.then(
            ev.ActionLooked(step="rollback", attempt=1, share=1.0, holds=True),
            ev.ActionConfirmed(step="rollback", attempt=1, share=1.0),
            ev.WatchStarted(step="day", attempt=1, until=self.now + timedelta(days=1), every=600.0),
            after=40,
        )

    def resolved(self) -> Story:
        """Ana says that it is over."""
        return self.watched().then(ev.Resolved(summary="v41 serves"), by=self.ana, after=3600)
