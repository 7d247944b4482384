"""How a drift is said, in one sentence: what moved, by how much, on how many rows, and from where on it matters."""

from __future__ import annotations

from typing import Any

from bot.runbooks.schema import Compare
from bot.runbooks.steps.comparing import SIGNALS, left_out
from bot.runbooks.steps.wording import count, version
from bot.statistics.drift import Drift, Method
from bot.statistics.drift_rows import Drifted, DriftOfSlice

#: what the value of each test is called
CALLED: dict[Method, str] = {
    "psi": "PSI", "ks": "KS distance", "chi_square": "Cramér's V", "wasserstein": "distance",
}  # fmt: skip
UNITS: dict[Method, str] = {"wasserstein": " standard deviations"}
MOVED = {
    "ok": "did not move enough to matter", "bad": "moved", "inconclusive": "may have moved, or it is chance",
    "no_data": "cannot be told yet",
}  # fmt: skip
#: so many slices are kept in the log
MOST_SLICES = 50


def sentence(spec: Compare, result: Drifted, *, a: str, b: str) -> str:
    """``amount moved, today against training: PSI 0.31 (limit 0.2), 12,000 against 9,800 rows``."""
    drift, rows = result.drift, spec.counts or result.counts or "rows"
    line = f"{spec.metric} {MOVED[drift.verdict]}, {version(b)} against {version(a)}: "
    if drift.verdict == "no_data":
        needed = f"{CALLED[drift.method]} needs {count(drift.min_n)} on each side"
        return f"{line}{count(result.b_n)} against {count(result.a_n)} {rows}, {needed}{left_out(result.left_out)}"
    line += f"{_value(drift)}, {count(result.b_n)} against {count(result.a_n)} {rows}"
    if result.worst is not None:
        line += f"; most in {result.worst.value[:60]}: {_value(result.worst.drift)}"
    line += left_out(result.left_out)
    return f"{line}; {SIGNALS[spec.signal]}" if spec.signal in SIGNALS else line


def _value(drift: Drift) -> str:
    """``KS distance 0.18 (limit 0.1; p 0.003)``."""
    chance = "" if drift.p is None else "; p under 0.001" if drift.p < 0.001 else f"; p {drift.p:.2g}"
    return (
        f"{CALLED[drift.method]} {drift.value:.2g}{UNITS.get(drift.method, '')} (limit {drift.min_effect:g}{chance})"
    )


def evidence(spec: Compare, result: Drifted) -> dict[str, Any]:
    """What is kept beside the sentence: the test, its limit, both sizes and the slices, bad ones first."""
    left = {name: size for name in result.left_out.__struct_fields__ if (size := getattr(result.left_out, name))}
    slices = sorted(result.slices, key=lambda cut: cut.drift.verdict != "bad")[:MOST_SLICES]
    found: dict[str, Any] = {
        "metric": spec.metric, "test": spec.test, "min_effect": result.drift.min_effect, "p_value": result.drift.p,
        "a_n": result.a_n, "b_n": result.b_n,
        "needed_n": result.drift.min_n if result.drift.verdict == "no_data" else None,
        "left_out": left or None, "slices": [_slice(cut) for cut in slices],
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def _slice(cut: DriftOfSlice) -> dict[str, Any]:
    drift = cut.drift
    return {"by": cut.by, "value": cut.value, "verdict": drift.verdict, "effect": drift.value, "n": drift.n}
