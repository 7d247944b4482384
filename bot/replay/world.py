"""What the recorded sources have to know of the incident that is replayed."""

from __future__ import annotations

from bot.clock import SteppedClock
from bot.incidents.acting import IN_FLIGHT
from bot.incidents.incident import Incident
from bot.replay.recording import Recording
from bot.replay.short import ShortRunner
from bot.runbooks.schema import Action


def world_turns(incident: Incident) -> bool:
    """Whether time alone brings something about: a watch, a wait, an action under way, labels that come later."""
    return any(
        (state.watch is not None and state.watch.ended_at is None)
        or (state.wait is not None and state.wait.ended_at is None)
        or (state.action is not None and state.action.phase in IN_FLIGHT)
        or (state.again_at is not None and state.verdict == "no_data")
        for state in incident.steps.values()
    )


class World:
    """What the recorded sources have to know of the incident: what was carried out, and how long ago it began."""

    def __init__(self, recording: Recording, clock: SteppedClock) -> None:
        self._recording = recording
        self._clock = clock
        self._begins = clock.now()
        self.runner: ShortRunner | None = None

    def passed(self) -> float:
        """Seconds since the alert."""
        return (self._clock.now() - self._begins).total_seconds()

    def carried_out(self, step_id: str) -> bool:
        """Whether the world is as the step wanted it, by its call or by a person."""
        incident = self.runner.incident if self.runner else None
        state = incident.state(step_id) if incident else None
        if state is None:
            return False
        if state.action is None:
            return state.phase == "done"
        done = state.action.effective
        return done.phase in ("written", "confirmed", "outside") and not done.undo

    def traffic(self) -> tuple[tuple[dict[str, str], float], ...] | None:
        """All of it goes to what ``versions`` says that serves, and to what an action put in its place."""
        running, incident = self._recording.running, self.runner.incident if self.runner else None
        if running is None:
            return None
        label = "version"
        for step in incident.walk() if incident else ():
            if isinstance(step.spec, Action) and self.carried_out(step.id):
                action = incident.state(step.id).action if incident else None
                running = (action.effective.target if action else None) or self._recording.target or running
                label = step.spec.done_when.label
        return (({label: running}, 100.0),)
