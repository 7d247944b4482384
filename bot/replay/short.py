"""Verdicts that were recorded as such stand in for the work that would have found them."""

from __future__ import annotations

from bot.controller.runner import Begin
from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.incident import Incident
from bot.replay.recording import Measured, Recording
from bot.runbooks.schema import Watch
from bot.runbooks.steps import StepRunner


class ShortRunner:
    """Asks the real steps, except for what the recording gives a verdict of, or what it says that serves."""

    def __init__(self, steps: StepRunner, recording: Recording) -> None:
        self._steps = steps
        self._recording = recording
        self.incident: Incident | None = None

    async def __call__(
        self, incident: Incident, work: Work, *, lease_no: int, begin: Begin
    ) -> tuple[ev.AnyEvent, ...]:
        """The events that the work came to."""
        self.incident = incident
        if work.kind == "versions" and self._recording.running is not None:
            return (ev.VersionsSeen(running=self._recording.running, target=self._recording.target),)
        measured = self._recording.measured.get(work.step)
        if measured is not None and work.kind == "measure":
            return (_found(incident, work, measured),)
        if measured is not None and work.kind == "look":
            return _looked(incident, work, measured)
        return await self._steps(incident, work, lease_no=lease_no, begin=begin)


def _found(incident: Incident, work: Work, measured: Measured) -> ev.StepMeasured:
    seen = incident.versions
    return ev.StepMeasured(
        step=work.step, attempt=work.attempt, verdict=measured.verdict, because=measured.because,
        value=measured.value, baseline=measured.baseline, n=measured.n, low=measured.low, high=measured.high,
        running=seen.running if seen else None, target=seen.target if seen else None,
    )  # fmt: skip


def _looked(incident: Incident, work: Work, measured: Measured) -> tuple[ev.AnyEvent, ...]:
    """One look; a relapse ends the watch as it does in life."""
    looked = ev.WatchLooked(
        step=work.step, attempt=work.attempt, verdict=measured.verdict, because=measured.because,
        value=measured.value,
    )  # fmt: skip
    step = incident.runbook.step(work.step) if incident.runbook else None
    watch = incident.state(work.step).watch
    if measured.verdict != "bad" or watch is None or step is None or not isinstance(step.spec, Watch):
        return (looked,)
    if watch.bad_in_a_row + 1 < step.spec.fail_after:
        return (looked,)
    ended = ev.WatchEnded(step=work.step, attempt=work.attempt, verdict="bad", because=measured.because)
    if step.spec.on_fail == "notify":
        return (looked, ended)
    return (looked, ended, ev.Reopened(reason=f"relapse: {measured.because}", step=work.step))
