"""What a reading means: ok, warn, bad, or one of the three ways of not knowing, and the line that says why.

A query's own ``bad``, ``warn`` and ``ok`` decide if it has them. Otherwise the value is held against its baseline:

* *bad* if it is worse by ``min_effect`` or more and, where the number of cases is known, the 95 % interval of
  the rate lies wholly on the worse side of the baseline;
* *warn* if it is worse by at least half of that, *ok* if by less;
* *inconclusive* if it is worse by ``min_effect`` but the interval still holds the baseline, or if there are
  fewer than ``MIN_CASES`` cases.

Without ``min_effect``, a change matters from 5 % of the baseline on where higher is better (qualities are
steady), and from 25 % on where lower is better (errors and times are not).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from bot.runbooks.expressions import evaluate, parse_expression, paths
from bot.runbooks.filters import TemplateError
from bot.runbooks.schema import Query, Seconds, Value, Verdict
from bot.runbooks.trending import SLOPES, Slope, trend_words, uses_slope

#: With fewer cases than this a rate says nothing.
MIN_CASES = 30
#: The change that matters, as a part of the baseline, for a query without ``min_effect``.
USUAL_EFFECT = {"higher": 0.05, "lower": 0.25}
#: From this part of the effect that matters on, a change is worth a look.
WARN_FROM = 0.5
#: What kind of signal a number is, where that changes how far it can be trusted. Delayed labels say their age.
SIGNALS = {
    "mistakes_only": "counts only the mistakes that were reported", "sampled": "from a sample",
    "proxy": "a proxy for quality, not quality",
}  # fmt: skip
_PLAIN = re.compile(r"value\s*[<>]=?\s*(\d+(?:\.\d+)?)")
_Z = 1.959964  # 95 %, two-sided
#: nobody waits for so many cases
_TOO_MANY = 1e12


class Reading(Value, frozen=True):
    """One measurement. ``n`` is the number of cases that a rate is about, ``age`` seconds since the newest of them.

    ``usual`` is between which values the baseline's own course lay (95 % of it).
    ``slope`` is the trend of ``series``, oldest first. ``exposed`` is for how many seconds the world has
    been as it is now (since the fix, in a watch), None if that does not matter. ``error`` is why there is no value.
    """

    value: float | None = None
    n: int | None = None
    baseline: float | None = None
    usual: tuple[float, float] | None = None
    slope: Slope | None = None
    series: tuple[float, ...] = ()
    age: Seconds | None = None
    exposed: Seconds | None = None
    error: str | None = None


class Judgement(Value, frozen=True):
    """A verdict and the line that people read. ``low`` and ``high`` are the 95 % interval of a rate.

    ``again_in`` is in how many seconds a measurement without data should be repeated, None if that is not known.
    """

    verdict: Verdict
    because: str
    low: float | None = None
    high: float | None = None
    again_in: Seconds | None = None


def judge(query: Query, reading: Reading, names: Mapping[str, Any] | None = None) -> Judgement:
    """What ``reading`` means for ``query``. ``names`` are the incident's, for conditions that use them."""
    title = title_of(query)
    if reading.error is not None:
        return Judgement(verdict="error", because=f"{title}: {reading.error}")
    if reading.exposed is not None and reading.exposed < query.label_delay:
        wait = query.label_delay - reading.exposed
        because = f"{title}: no data yet, labels take {span(query.label_delay)} to arrive"
        return Judgement(verdict="no_data", because=because, again_in=wait)
    if reading.value is None or not math.isfinite(reading.value):
        counted = f", which counts as {query.no_data} here" if query.no_data else ""
        return Judgement(verdict=query.no_data or "no_data", because=f"{title}: no data{counted}")
    if query.bad or query.warn or query.ok:
        return _by_conditions(query, reading, names or {})
    return _by_baseline(query, reading)


def rate_interval(value: float, n: int) -> tuple[float, float]:
    """The 95 % interval (Wilson) of a rate ``value`` (0 to 1) seen in ``n`` cases (1 or more)."""
    middle = (value + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(value * (1 - value) / n + _Z**2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def title_of(query: Query) -> str:
    """What people call the measurement."""
    return query.title or (query.name[:1].upper() + query.name[1:]).replace("_", " ") or "Value"


def number(value: float, unit: str = "") -> str:
    """``0.71``, ``12,345``, ``3.2 s``, ``3.2/s``."""
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{text}{unit}" if not unit or unit.startswith("/") else f"{text} {unit}"


def span(duration: float) -> str:
    """``40 s``, ``14 min``, ``6 h``, ``2 d``: how long, in the largest unit that fits."""
    for size, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if duration >= 0.95 * size:
            return f"{max(1, round(duration / size))} {unit}"
    return f"{max(0, round(duration))} s"


def line(query: Query, reading: Reading, *, broken: str = "") -> str:
    """``Recall 0.71, was 0.84 · 412 confirmed frauds · labels 6 h old``; ``broken`` is the condition that it met."""
    parts = [f"{title_of(query)} {number(reading.value or 0.0, query.unit)}"]
    if reading.baseline is not None:
        parts[0] += f", was {number(reading.baseline, query.unit)}"
    parts[0] += _limit(query, broken)
    if reading.n is not None:
        parts.append(f"{reading.n:,} {query.counts}" if query.counts else f"n = {reading.n:,}")
    if reading.age is not None:
        parts.append(f"{'labels ' if query.signal == 'delayed' else ''}{span(reading.age)} old")
    if query.signal in SIGNALS:
        parts.append(SIGNALS[query.signal])
    if reading.slope is not None and uses_slope(query):
        rate = not query.unit and 0 <= (reading.value or 0.0) <= 1
        parts.append(trend_words(reading.slope, unit=query.unit, rate=rate))
    return " · ".join(parts)


def _limit(query: Query, condition: str) -> str:
    """``, limit 0.5 s``: what the value broke, for conditions that hold it against one number."""
    found = _PLAIN.fullmatch(condition.strip())
    return f", limit {number(float(found[1]), query.unit)}" if found else ""


def _by_conditions(query: Query, reading: Reading, names: Mapping[str, Any]) -> Judgement:
    said = line(query, reading)
    if reading.slope is not None and not reading.slope.told and uses_slope(query):
        return Judgement(verdict="inconclusive", because=said)
    slope = reading.slope
    read = {"value": reading.value, "baseline": reading.baseline, "n": reading.n}
    if slope is not None:
        read |= {"slope": slope.per_hour, "slope_low": slope.low, "slope_high": slope.high}
    known = {**names, **{key: value for key, value in read.items() if value is not None}}
    known["series"] = list(reading.series)
    conditions: tuple[tuple[Verdict, str | None], ...] = (("bad", query.bad), ("warn", query.warn), ("ok", query.ok))
    for verdict, condition in conditions:
        if condition is None:
            continue
        try:
            if evaluate(condition, known):
                broken = condition if verdict != "ok" else ""
                return Judgement(verdict=verdict, because=line(query, reading, broken=broken))
        except TemplateError as error:
            return _undecidable(said, condition, reading, error)
    if query.ok and query.bad:
        return Judgement(verdict="inconclusive", because=f"{said} · neither ok nor bad")
    return Judgement(verdict="bad" if query.ok else "ok", because=said)


def _undecidable(said: str, condition: str, reading: Reading, error: TemplateError) -> Judgement:
    used = {path[0] for path in paths(parse_expression(condition))}
    if "baseline" in used and reading.baseline is None:
        return Judgement(verdict="no_data", because=f"{said} · no baseline to compare with")
    if used & SLOPES and reading.slope is None:
        return Judgement(verdict="no_data", because=f"{said} · no course to see a trend in")
    return Judgement(verdict="error", because=f"{said} · '{condition}': {error}")


def _by_baseline(query: Query, reading: Reading) -> Judgement:
    said, value, baseline = line(query, reading), reading.value or 0.0, reading.baseline
    if query.better is None:
        return Judgement(verdict="inconclusive", because=f"{said} · nothing says what is good here")
    if baseline is None or not math.isfinite(baseline):
        return Judgement(verdict="no_data", because=f"{said} · no baseline to compare with")
    low, high = None, None
    if reading.n is not None and 0 <= value <= 1:
        if reading.n < MIN_CASES:
            because = f"{said} · too few to tell, {MIN_CASES} at least"
            return Judgement(verdict="inconclusive", because=because)
        low, high = rate_interval(value, reading.n)
    worse_by = baseline - value if query.better == "higher" else value - baseline
    matters = query.min_effect if query.min_effect is not None else abs(baseline) * USUAL_EFFECT[query.better]
    verdict = _verdict(worse_by, matters)
    if verdict == "bad" and low is not None and high is not None and low <= baseline <= high:
        between = f"{number(low, query.unit)} to {number(high, query.unit)}"
        because = f"{said} · not certain, 95 %: {between}; {_more(value, baseline, reading.n or 0)} would settle it"
        return Judgement(verdict="inconclusive", because=because, low=low, high=high)
    return Judgement(verdict=verdict, because=said + _usual(query, reading, verdict), low=low, high=high)


def _usual(query: Query, reading: Reading, verdict: Verdict) -> str:
    """`` · usual 0.81 to 0.85``: how far the series moves by itself, where no number of cases says how sure it is."""
    if verdict == "ok" or reading.usual is None or reading.n is not None:
        return ""
    low, high = (number(end, query.unit) for end in reading.usual)
    return f" · usual {low} to {high}" if low != high else ""


def _more(value: float, baseline: float, n: int) -> str:
    """``about 223 more``: the cases after which Wilson's interval leaves the baseline out, if the rate stays so.

    It does as soon as the score test of the baseline does: n > z² b (1 - b) / (v - b)².
    """
    apart = (value - baseline) ** 2  # of two rates that differ by next to nothing it is 0
    enough = _Z**2 * baseline * (1 - baseline) / apart if apart else math.inf
    return f"about {max(1, math.ceil(enough) - n):,} more" if enough < _TOO_MANY else "more than there will ever be"


def _verdict(worse_by: float, matters: float) -> Verdict:
    """Rounding must not decide: a difference within a billionth of a bound has reached it."""
    tolerance = 1e-9 * max(1.0, abs(worse_by))
    if worse_by <= 0:
        return "ok"
    if matters <= 0:  # the baseline is 0 and nobody said which change matters
        return "warn"
    if worse_by >= matters - tolerance:
        return "bad"
    return "warn" if worse_by >= matters * WARN_FROM - tolerance else "ok"
