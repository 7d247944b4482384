"""What was measured, in every round: a relapse measures again and does not unsay what was found before."""

from __future__ import annotations

from bot.incidents.incident import Incident, StepState
from bot.incidents.stamps import clock, draw_stamps
from bot.incidents.walk import measures, unchecked
from bot.postmortems.document import Measurement
from bot.postmortems.people import Cast
from bot.postmortems.rounds import Rounds


def measurements(log: Rounds, cast: Cast) -> tuple[Measurement, ...]:
    """What every measuring step found, at the end of each round; once if no later round measured it again."""
    found = {}
    for head in log.heads:
        for step in head.walk():
            state = head.state(step.id)
            if measures(step) and state.verdict is not None:
                found[step.id, state.attempt] = Measurement(
                    step=step.id, verdict=state.verdict.replace("_", " "),
                    because=_because(state, cast), value=state.value, baseline=state.baseline,
                    n=state.n, low=state.low, high=state.high, at=state.at,
                )  # fmt: skip
    return tuple(found.values())


def _because(state: StepState, cast: Cast) -> str:
    """What was found; who took it for something else, and why, beside it."""
    found = cast.told(draw_stamps(state.because, clock))
    if not state.overridden:
        return found
    why = f": {cast.told(state.text)}" if state.text else ""
    return f"{found} (taken as {state.verdict} by {cast.role(state.overridden)}{why})"


def changes(log: Rounds, cast: Cast) -> tuple[str, ...]:
    """The releases and switches that were found shortly before it began."""
    found = (
        head.state(step.id).because for head in log.heads for step in head.walk()
        if getattr(step.spec, "source", "") == "changes" and head.state(step.id).verdict in ("warn", "bad")
    )  # fmt: skip
    return tuple(dict.fromkeys(cast.told(draw_stamps(because, clock)) for because in found))


def left_out(log: Rounds, cast: Cast) -> tuple[str, ...]:
    """What was not checked, and what was skipped and why."""
    return tuple(dict.fromkeys(line for head in log.heads for line in _left_out(head, cast)))


def _left_out(head: Incident, cast: Cast) -> list[str]:
    lines = [f"not checked: {step.id} ({cast.told(head.state(step.id).because)})" for step in unchecked(head)]
    skipped = [(step, head.state(step.id)) for step in head.walk() if head.state(step.id).phase == "skipped"]
    return lines + [f"skipped: {step.id} ({cast.told(state.text)})" for step, state in skipped]
