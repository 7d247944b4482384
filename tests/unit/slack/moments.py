"""The moments in which people look at an incident, each as a story up to then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.runbooks.catalogue import expand
from bot.runbooks.loading import load_runbook
from tests.unit.slack.stories import ANA, BARE, BEN, OPENED, Story

_SHIPPED = Path(__file__).parents[3] / "bot" / "runbooks" / "library"


def _declined() -> Story:
    return Story().asked().then(ev.Declined(step="rollback", attempt=1, reason="v41 has no index"), by=BEN)


def _lapsed() -> Story:
    return Story().asked().then(ev.ApprovalLapsed(step="rollback", attempt=1), after=900)


def _unknown() -> Story:
    return Story().rolling_back().then(ev.ActionUnknown(step="rollback", attempt=1, because="the answer was lost"))


def _refused() -> Story:
    story = Story().asked().then(ev.Approved(step="rollback", attempt=1), by=BEN)
    started = ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set")
    refused = ev.ActionFinished(step="rollback", attempt=1, outcome="refused", because="the flag was changed")
    return story.then(started, refused)


def _budget(*, breached: bool) -> Story:
    return Story().rolling_back().then(ev.BudgetSpent(step="rollback", attempt=1, breached=breached), after=300)


def _told() -> Story:
    return Story().watched().then(ev.UpdatePublished(audience="risk", text="v41 serves again.", step="told"), by=ANA)


def _back() -> Story:
    looked = ev.WatchLooked(step="day", attempt=1, verdict="ok", because="recall 0.84 · 398 confirmed frauds")
    return _told().then(looked)


def _watch_over() -> Story:
    ended = ev.WatchEnded(step="day", attempt=1, verdict="ok", because="144 looks, recall 0.84")
    return _back().then(ended, after=86400)


def _written() -> Story:
    why = ev.WhyAdded(why="w1", text="no gate on recall")
    item = ev.ActionItemAdded(item="a1", text="Add a gate", owner=BEN, due="2026-12-05")
    return Story().resolved().then(why, item, by=ANA)


def bare(*, shipped: str = "") -> Story:
    """Nothing is connected; with a runbook of the tests, or one that is shipped."""
    runbook = BARE
    if shipped:
        text = (_SHIPPED / f"{shipped}.yaml").read_text(encoding="utf-8")
        runbook = expand(load_runbook(text, file=f"{shipped}.yaml"), None, name="fraud-scorer")
    return Story(runbook, connected=False)


_PAGED = ev.Paged(what="approval", step="rollback", round=2, to=(BEN,), names=("oncall:ml-oncall",))

_GUEST = ev.AttachedToChannel(channel="C0THEIRS", name="inc-742-fraud", tool="Rootly")
_OVER_THERE = ev.ToldByTool(tool="Rootly", state="over", said_at=OPENED, word="resolved <!here>", turned=True)
_ELSEWHERE = ev.MoveAsked(channel="C0THEIRS", name="inc-742-fraud", tool="Rootly <!channel>")
_SILENCED = ev.SilenceAsked(
    silence=1, until=OPENED, connectors=("am",),
    alerts=(ev.Silenced(source="alertmanager", fingerprint="f", starts_at=OPENED, labels={"alertname": "Drop"}),),
)  # fmt: skip
_LINK = ev.LinkedBack(to="grafana:dashboards", because="dashboards <!here> is away")

MOMENTS: Mapping[str, Callable[[], Story]] = {
    "opened": Story,
    "measured": lambda: Story().measured(),
    "acknowledged": lambda: Story().measured().then(ev.Acknowledged(), ev.LeadChanged(lead=ANA), by=ANA),
    "help": lambda: Story().measured().then(ev.HelpAsked(step="decide", reason="who knows v42?"), by=ANA),
    "asked": lambda: Story().asked(),
    "asked again": lambda: (
        Story().asked().then(_PAGED, replace(_PAGED, how="pages", round=1, because="away"), after=180)
    ),
    "overdue": lambda: (
        Story().measured().then(ev.StepOverdue(step="decide", attempt=1, level=0, to=(ANA,)), after=900)
    ),
    "declined": _declined,
    "lapsed": _lapsed,
    "rolling_back": lambda: Story().rolling_back(),
    "warned": lambda: _budget(breached=False),
    "breached": lambda: _budget(breached=True),
    "refused": _refused,
    "unknown": _unknown,
    "settled": lambda: _unknown().then(ev.ActionSettled(step="rollback", attempt=1, how="done"), by=ANA),
    "watched": lambda: Story().watched(),
    "told": _told,
    "back": _back,
    "watch over": _watch_over,
    "resolved": lambda: Story().resolved(),
    "written": _written,
    "reopened": lambda: Story().resolved().then(ev.Reopened(reason="recall 0.70 at three looks", step="day")),
    "false alarm": lambda: Story().then(ev.Cancelled(reason="a load test"), by=ANA),
    "outside": lambda: Story().measured().then(ev.DoneOutside(step="rollback", note="by kubectl"), by=BEN),
    "nothing connected": bare,
    "no runbook of ours fits": lambda: bare(shipped="generic"),
    "bad data": lambda: bare(shipped="data-quality"),
    "bad data, led": lambda: bare(shipped="data-quality").then(ev.Acknowledged(), ev.LeadChanged(lead=ANA), by=ANA),
    "a guest": lambda: Story().asked().then(_GUEST, by=ANA),
    "a guest, over there": lambda: Story().asked().then(_GUEST, _OVER_THERE, by=ANA),
    "a guest, over and on again there": lambda: (
        Story().resolved().then(_GUEST, _OVER_THERE, replace(_OVER_THERE, state="going"), by=ANA)
    ),
    "asked elsewhere": lambda: Story().asked().then(_ELSEWHERE, by="Rootly"),
    "silenced": lambda: Story().asked().then(_SILENCED, ev.SilenceSet(silence=1, connector="am", ids=("s1",))),
    "not silenced, not linked": lambda: (
        Story().asked().then(_SILENCED, ev.SilenceSet(silence=1, connector="am", because="<!channel> is away"), _LINK)
    ),
    "nothing connected, led": lambda: bare().then(ev.Acknowledged(), ev.LeadChanged(lead=ANA), by=ANA),
}
