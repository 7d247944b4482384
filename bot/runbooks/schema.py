"""The values that a runbook consists of, in the long form: what ``evenkeel check --expand`` prints.

A ``Runbook`` is pinned to an incident as it was at that moment, so every value here is frozen and goes through
JSON unchanged. Durations are seconds. ``Step.spec`` is one of the eight kinds; its class names the kind.
Text fields that may hold ``{{ }}`` are typed ``Template``, bare expressions ``Expression``; both are plain strings
that were checked when the file was loaded.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Template = str
Expression = str
Seconds = float
Json = Any

PHASES = ("check", "measure", "triage", "remediate", "verify", "communicate")
FAILURE_MODES = (
    "performance", "latency", "cost", "safety", "data-quality", "bad-release", "slow-degradation",
    "feedback-loop", "availability", "resources", "rollback", "experiment", "monitoring", "chaos", "generic",
)  # fmt: skip
SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4")

#: Where a measuring step can end. The last three never count as ok and suggest nothing.
Verdict = Literal["ok", "warn", "bad", "inconclusive", "no_data", "error"]
VERDICTS: tuple[Verdict, ...] = ("ok", "warn", "bad", "inconclusive", "no_data", "error")
UNDECIDED: frozenset[str] = frozenset({"inconclusive", "no_data", "error"})


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the values below: frozen, defaults left out of the JSON."""


class Task(Value, frozen=True, tag="task"):
    """Something a person does outside and ticks off."""

    text: Template
    answer: Literal["text", "number", "url", "none"] = "none"
    fields: dict[str, str] = {}


class Option(Value, frozen=True):
    """One answer to a choice. ``goto`` skips forward to a step; ``runbook`` attaches another one.

    ``role`` says what the option means to the bot: ``rollback`` asks for the action that ``goto`` names,
    ``help`` pages the owner and leaves the question open, ``false_alarm`` ends the incident.
    """

    label: Template
    goto: str | None = None
    runbook: str | None = None
    needs_reason: bool = False
    role: Literal["rollback", "help", "false_alarm"] | None = None


class Choice(Value, frozen=True, tag="choice"):
    """A decision only a person takes. ``suggest`` names an option when the evidence supports it."""

    ask: Template
    options: dict[str, Option]
    suggest: Expression | None = None


class Baseline(Value, frozen=True):
    """What a value is compared with: the same query over ``range`` seconds, ``offset`` seconds ago, reduced."""

    range: Seconds = 7 * 86400.0
    offset: Seconds = 0.0
    reduce: Literal["median", "mean", "min", "max"] = "median"
    any_version: bool = False


class Query(Value, frozen=True, tag="query"):
    """One measurement, judged. Exactly one of ``promql``, ``graphite`` and ``get`` is set.

    ``source`` is a connector's name, or ``changes`` for our own record of deployments. ``name`` is what the
    catalogue calls it ("quality"), ``title`` what people read ("Recall"), ``counts`` what the denominator counts
    ("confirmed frauds").
    """

    source: str
    name: str = ""
    title: str = ""
    counts: str = ""
    promql: Template | None = None
    graphite: Template | None = None
    get: Template | None = None
    value: Expression | None = None
    denominator: Template | None = None
    range: Seconds | None = None
    step: Seconds | None = None
    baseline: Baseline | None = None
    better: Literal["higher", "lower"] | None = None
    min_effect: float | None = None
    ok: Expression | None = None
    warn: Expression | None = None
    bad: Expression | None = None
    no_data: Literal["bad", "warn"] | None = None
    unit: str = ""
    chart: bool = False
    links: tuple[Template, ...] = ()
    signal: Literal["exact", "mistakes_only", "delayed", "sampled", "proxy"] = "exact"
    label_delay: Seconds = 0.0


class Queries(Value, frozen=True, tag="queries"):
    """Several measurements under one step (``query: [errors, latency]``); the worst verdict is the step's.

    ``missing`` says what to add to evenkeel.yaml for those that the service does not define, a sentence each.
    """

    queries: tuple[Query, ...]
    missing: tuple[str, ...] = ()


class Compare(Value, frozen=True, tag="compare"):
    """The running version against the target, with a real test on the same or separate samples."""

    source: str
    metric: str
    name: str = ""
    counts: str = ""
    a: Template = "{{ target }}"
    b: Template = "{{ running }}"
    better: Literal["higher", "lower"] = "higher"
    test: Literal["paired", "two_proportions", "mann_whitney", "bootstrap"] = "two_proportions"
    min_effect: float = 0.02
    confidence: float = 0.95
    min_positives: int = 100
    slices: tuple[str, ...] = ()
    correct: Literal["holm", "none"] = "holm"
    label_delay: Seconds = 0.0
    get: Template | None = None


class Approval(Value, frozen=True):
    """Who may say yes. ``approvers`` are ``user:U1``, ``group:S1``, ``role:lead``, ``oncall:NAME`` or ``anyone``."""

    approvers: tuple[str, ...] = ("anyone",)
    count: int = 1
    not_requester: bool = True
    expires: Seconds = 900.0


class DoneWhen(Value, frozen=True):
    """When the world has changed: the target's share of production traffic, ``times`` looks in a row."""

    share: float = 0.99
    times: int = 2
    every: Seconds = 5.0
    lag: Seconds = 60.0
    source: str = ""
    promql: Template | None = None
    label: str = "version"


class Undo(Value, frozen=True):
    """How an action is taken back: to the reading before it, by another call, or not at all (with the reason)."""

    how: Literal["captured", "call", "none"] = "captured"
    call: str | None = None
    arguments: dict[str, Json] = {}
    reason: str = ""


class Rehearsal(Value, frozen=True):
    """The same call with the staging arguments, and how old a rehearsal may be (seconds)."""

    arguments: dict[str, Json] = {}
    max_age: Seconds = 86400.0


class Action(Value, frozen=True, tag="action"):
    """The one kind that changes the world. ``call`` and ``read`` are ``connector.operation``."""

    call: str
    scope: str
    done_when: DoneWhen
    name: str = ""
    read: str | None = None
    arguments: dict[str, Json] = msgspec.field(name="with", default_factory=dict)
    approval: Approval | None = Approval()
    break_glass: bool = False
    rehearse: Rehearsal | None = None
    budget: Seconds = 300.0
    undo: Undo = Undo()
    target: Template = "{{ target }}"


class Watch(Value, frozen=True, tag="watch"):
    """Looks again and again after the fix, speaks only on relapse and at the end."""

    checks: tuple[Query, ...]
    every: Seconds = 600.0
    duration: Seconds = msgspec.field(name="for", default=86400.0)
    starts: str | None = None
    fail_after: int = 3
    on_fail: Literal["reopen", "notify"] = "reopen"


class Update(Value, frozen=True, tag="update"):
    """What an audience is told, after a step's confirmed success or when an expression holds."""

    audience: tuple[str, ...]
    text: Template
    when: Expression | None = None
    after: str | None = None
    every: Seconds | None = None


class Unconfigured(Value, frozen=True, tag="unconfigured"):
    """A short form whose name the service does not define: the step says what to add, and the walk goes on."""

    kind: Literal["query", "compare", "action", "watch"]
    name: str
    missing: str  # a sentence: what to add to evenkeel.yaml


Spec = Task | Choice | Query | Queries | Compare | Action | Watch | Update | Unconfigured


class Step(Value, frozen=True):
    """One step of a runbook."""

    id: str
    phase: str
    spec: Spec
    title: Template = ""
    why: str = ""
    when: Expression | None = None
    assign: str | None = None
    due: Seconds | None = None
    escalate: tuple[str, ...] = ()
    optional: bool = False
    on_error: str = "continue"


class Matcher(Value, frozen=True):
    """Keys are joined by AND, list items by OR; ``~regex`` and ``!value`` as in Alertmanager's words."""

    labels: dict[str, tuple[str, ...]] = {}
    failure_mode: tuple[str, ...] = ()
    metric: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    priority: int = 0


class Runbook(Value, frozen=True):
    """A whole runbook. ``sha256`` is of the file's text; ``steps`` are in walking order, phases ascending.

    ``serving`` is how the service's traffic by version is read, None if the service does not say.
    """

    id: str
    version: int
    title: str
    failure_mode: str
    owner: str
    summary: str
    steps: tuple[Step, ...]
    match: tuple[Matcher, ...] = ()
    severity_default: str | None = None
    severity_floor: str | None = None
    postmortem_due: Seconds = 172800.0
    postmortem_owner: str = "lead"
    postmortem_required: bool = True
    reviewed: str | None = None
    review_every: Seconds = 7776000.0
    serving: DoneWhen | None = None
    sha256: str = ""

    def step(self, step_id: str) -> Step | None:
        """The step called ``step_id``, or None."""
        return next((step for step in self.steps if step.id == step_id), None)
