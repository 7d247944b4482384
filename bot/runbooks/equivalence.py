"""Is it as good as before? Said so that it holds however often one looks. Pure.

That nothing was found is no proof that nothing is there. After a fix, a measurement is "no worse than before by more
than ``min_effect``" only once the whole interval says so, and until then it cannot be told. The interval is a
confidence sequence: it may be looked at every ten minutes for a day. Cases count once: where the windows of two looks
overlap, or a gauge covers its own past, the newest reading stands for all of them.
"""

from __future__ import annotations

from math import isfinite

from bot.runbooks.schema import Query, Value
from bot.runbooks.verdicts import USUAL_EFFECT, title_of
from bot.statistics.sequential import FEWEST, ConfidenceSequence, SequenceVerdict, Tally

#: Neighbouring looks are alike; more than this is not believed of them, or nothing could ever be told.
MOST_ALIKE = 0.95


class Tallied(Value, frozen=True):
    """What the looks of a watch have seen of one measurement, as sums.

    ``cases``: of a rate, ``n`` cases with ``total`` successes. Otherwise of ``n`` looks, with the products of
    neighbouring readings in ``lagged``, from which follows how alike they are. ``baseline`` is what it was before.
    """

    cases: bool = False
    n: int = 0
    total: float = 0.0
    squares: float = 0.0
    lagged: float = 0.0
    last: float | None = None
    baseline: float | None = None


def with_look(before: Tallied, *, value: float, n: int | None, baseline: float, disjoint: bool) -> Tallied:
    """One more look. ``disjoint``: none of its ``n`` cases was in an earlier look."""
    if n is not None and 0 <= value <= 1:
        earlier = before if disjoint and before.cases else Tallied()
        hits = value * n
        return Tallied(
            cases=True, n=earlier.n + n, total=earlier.total + hits, squares=earlier.squares + hits, last=value,
            baseline=baseline,
        )  # fmt: skip
    earlier = Tallied() if before.cases else before
    product = 0.0 if earlier.last is None else value * earlier.last
    return Tallied(
        n=earlier.n + 1, total=earlier.total + value, squares=earlier.squares + value * value,
        lagged=earlier.lagged + product, last=value, baseline=baseline,
    )  # fmt: skip


def margin_of(query: Query, baseline: float) -> float | None:
    """By how much it may be worse and still count as before; None if nobody said which way is better."""
    if query.better is None:
        return None
    return query.min_effect if query.min_effect is not None else abs(baseline) * USUAL_EFFECT[query.better]


def judged(query: Query, tallied: Tallied, *, looks: int, beside: str = "") -> tuple[SequenceVerdict, str] | None:
    """What can be said after these looks of ``looks`` planned ones, and its sentence; None without a baseline.

    The sentence stands after the words ``beside``: it repeats neither the metric nor the number of cases in them.
    """
    margin = margin_of(query, tallied.baseline) if tallied.baseline is not None else None
    if tallied.baseline is None or margin is None or query.better is None or margin <= 0:
        return None
    sequence = ConfidenceSequence(
        now=Tally(tallied.n, tallied.total, tallied.squares), inflation=_alike(tallied),
        n_star=5000 if tallied.cases else max(FEWEST, looks),
    )  # fmt: skip
    low, high = (end - tallied.baseline for end in sequence.interval)
    worse_by = sequence.estimate - tallied.baseline
    if query.better == "higher":
        worse_by, worst, best = -worse_by, -low, -high
    else:
        worst, best = high, low
    verdict: SequenceVerdict = "open"
    if best > 0 and worse_by >= margin:
        verdict = "worse"
    elif worst < margin:
        verdict = "not_worse"
    return verdict, _sentence(query, tallied, verdict, (low, high), margin, beside)


def _sentence(
    query: Query,
    tallied: Tallied,
    verdict: SequenceVerdict,
    interval: tuple[float, float],
    margin: float,
    beside: str,
) -> str:
    counted = f"{tallied.n:,} {query.counts or 'cases'}" if tallied.cases else f"{tallied.n} looks"
    unit = f" {query.unit}" if query.unit and not query.unit.startswith("/") else query.unit
    if tallied.cases and not query.unit:  # differences of rates are told in points, as in comparisons
        margin, interval, unit = margin * 100, (interval[0] * 100, interval[1] * 100), " points"
    limit = f"{margin:.2g}{unit}"
    title, known = title_of(query), title_of(query).casefold() in beside.casefold()
    subject = "it is" if known else f"{title} is"
    said = f"{subject} no worse than before by more than {limit}"
    if not all(isfinite(end) for end in interval):
        return f"whether {said} cannot be told yet ({counted}, at least {FEWEST})"
    number = "" if counted in beside else f", {counted}"
    about = f"(95 % at every look: {interval[0]:+.2g} to {interval[1]:+.2g}{unit}{number})"
    if verdict == "not_worse":
        return f"{said} {about}"
    if verdict == "worse":
        return f"{subject} worse than before by more than {limit} {about}"
    return f"whether {said} cannot be told yet {about}"


def _alike(tallied: Tallied) -> float:
    """How many looks are worth one that is independent of the others: (1 + rho) / (1 - rho)."""
    if tallied.cases or tallied.n < FEWEST:
        return 1.0
    mean = tallied.total / tallied.n
    variance = tallied.squares / tallied.n - mean * mean
    if variance <= 0:
        return 1.0
    rho = min(MOST_ALIKE, max(0.0, (tallied.lagged / (tallied.n - 1) - mean * mean) / variance))
    return (1 + rho) / (1 - rho)
