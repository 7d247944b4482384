"""How the outcome of a comparison is said, in one sentence: numbers, sizes, interval, and what was left out."""

from __future__ import annotations

from bot.runbooks.schema import Compare
from bot.runbooks.steps.wording import count, points, version
from bot.runbooks.verdicts import number
from bot.statistics.counts import Comparison, LeftOut

#: what the kind of signal means for whoever reads the numbers; an exact one needs no remark
SIGNALS = {
    "mistakes_only": "only mistakes are labelled", "delayed": "labels come late", "sampled": "a sample was labelled",
    "proxy": "a proxy, not the thing itself",
}  # fmt: skip


def sentence(spec: Compare, counted: str, result: Comparison, *, a: str, b: str) -> str:
    """``v42 against v41, same 3,180 frauds: -9.8 points (95 %: -11.4 to -8.1); worst slice: card-not-present``.

    ``counted`` is what the evaluator calls the cases, if the runbook has no word for them.
    """
    what = spec.counts or counted or "cases"
    pair = f"{version(b)} against {version(a)}"
    if result.verdict == "no_data":
        line = f"{pair}: only {count(result.positives)} {what}, {count(spec.min_positives)} are needed"
        return line + left_out(result.left_out)
    line = f"{pair}, {_sizes(spec, result, what)}: {_effect(spec, result)}"
    if result.worst is not None:
        line += f"; worst slice: {result.worst.value[:60]}"
    if result.verdict == "ok":
        line += f"; {version(a)} would do no better{' over all' if result.worst else ''}"
    if result.verdict == "inconclusive":
        line += f"; {_needed(result, what)}"
    line += left_out(result.left_out)
    return f"{line}; {SIGNALS[spec.signal]}" if spec.signal in SIGNALS else line


def _sizes(spec: Compare, result: Comparison, what: str) -> str:
    if result.a_n == result.b_n == result.n:
        sizes = f"same {count(result.n)} {what}"
    else:
        sizes = f"{count(result.b_n)} against {count(result.a_n)} {what}"
    groups = f" in {count(result.clusters)} clusters by {spec.cluster}" if result.clusters is not None else ""
    return f"{sizes}{groups}{', weighted' if spec.weights else ''}"


def _effect(spec: Compare, result: Comparison) -> str:
    level = f"{round(result.confidence * 100, 1):g} %"
    if spec.test == "mann_whitney":
        middle, low, high = (f"{(0.5 + bound) * 100:.1f}" for bound in (result.effect, result.low, result.high))
        medians = f"median {number(result.b_rate, spec.unit)}, was {number(result.a_rate, spec.unit)}"
        return f"higher in {middle} % of pairs ({level}: {low} to {high}); {medians}"
    if result.rates:
        return f"{points(result.effect, unit=True)} ({level}: {points(result.low)} to {points(result.high)})"
    interval = f"{level}: {_signed(result.low)} to {_signed(result.high)}"
    now = f"{spec.statistic} {number(result.b_rate, spec.unit)}, was {number(result.a_rate, spec.unit)}"
    return f"{now}, {_signed(result.effect, spec.unit)} ({interval})"


def _signed(value: float, unit: str = "") -> str:
    return f"{'+' if value > 0 else ''}{number(value, unit)}"


def _needed(result: Comparison, what: str) -> str:
    if not result.needed_n:
        return "too close to tell"
    return f"{count(result.needed_n - result.positives)} more {what} would settle it"


def left_out(left: LeftOut) -> str:
    """``; left out: 12 without a value or label, 3 repeated``, or nothing."""
    said = {
        "without a value or label": left.incomplete, "repeated": left.repeated, "without a partner": left.unmatched,
        "too young": left.immature,
    }  # fmt: skip
    parts = [f"{count(size)} {why}" for why, size in said.items() if size]
    return f"; left out: {', '.join(parts)}" if parts else ""
