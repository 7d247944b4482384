"""What a comparison is made from, and what comes out of it.

``a`` is the version that would be gone back to (the target), ``b`` the one that runs. Rates are shares between 0
and 1; an effect is always ``b - a``, so -0.098 reads "down 9.8 points". What is counted is what the metric is
about: for recall ``n`` is the number of positives (frauds), not of requests.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Better = Literal["higher", "lower"]
Test = Literal["two_proportions", "paired", "mann_whitney", "bootstrap", "psi", "ks", "chi_square", "wasserstein"]
Correction = Literal["holm", "bh", "none"]
ComparisonVerdict = Literal["ok", "bad", "inconclusive", "no_data"]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """``successes`` out of ``n``. Raises ValueError for counts that cannot be."""

    n: int
    successes: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.n:
            raise ValueError(f"{self.successes} of {self.n} cannot be: successes lie between 0 and n")

    @property
    def rate(self) -> float:
        """The share of successes; 0 of nothing counts as 0."""
        return self.successes / self.n if self.n else 0.0


class PairedCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The same cases judged by both versions: how many both, only one, or neither got right.

    Raises ValueError for negative counts.
    """

    both: int
    only_a: int
    only_b: int
    neither: int

    def __post_init__(self) -> None:
        if min(self.both, self.only_a, self.only_b, self.neither) < 0:
            raise ValueError("counts of pairs cannot be negative")

    @property
    def n(self) -> int:
        """How many cases were judged."""
        return self.both + self.only_a + self.only_b + self.neither

    @property
    def a(self) -> Counts:
        """What the target got right, without the pairing."""
        return Counts(n=self.n, successes=self.both + self.only_a)

    @property
    def b(self) -> Counts:
        """What the running version got right, without the pairing."""
        return Counts(n=self.n, successes=self.both + self.only_b)


class SliceCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The part of the samples where ``by`` (``query_type``) is ``value`` (``transfer``).

    Of ``paired`` and ``a`` with ``b`` the one that the request's test needs is set.
    """

    by: str
    value: str
    paired: PairedCounts | None = None
    a: Counts | None = None
    b: Counts | None = None


class CompareRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one comparison needs, fit to be sent to another process.

    ``paired`` is set for the test of that name, ``a`` and ``b`` for ``two_proportions``; ``bootstrap`` takes either,
    drawn with ``seed``. ``min_effect`` is a difference of rates (0.02 is two points).
    """

    test: Test
    better: Better
    min_effect: float
    paired: PairedCounts | None = None
    a: Counts | None = None
    b: Counts | None = None
    confidence: float = 0.95
    min_positives: int = 100
    slices: tuple[SliceCounts, ...] = ()
    correct: Correction = "holm"
    seed: int = 0


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that were read and not counted, and why.

    ``incomplete``: without a value, a label or a weight. ``repeated``: an id that was there before. ``unmatched``:
    a case that only one version judged. ``immature``: predicted so lately that its label may still change.
    """

    incomplete: int = 0
    repeated: int = 0
    unmatched: int = 0
    immature: int = 0


class SliceComparison(msgspec.Struct, frozen=True, kw_only=True):
    """One slice, judged. ``low`` and ``high`` are its interval at ``confidence``, which Holm's correction raised."""

    by: str
    value: str
    verdict: ComparisonVerdict
    effect: float
    low: float
    high: float
    n: int
    a_rate: float
    b_rate: float
    p_value: float
    confidence: float
    positives: int = 0


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Running against target: ``effect`` is ``b - a`` with its interval ``low`` to ``high`` at ``confidence``.

    ``n`` counts all samples that were read, ``a_n`` and ``b_n`` those of each side; ``positives`` is the smaller of
    the two, the number that had to reach the minimum (with pairs all are the number of pairs). ``needed_n`` is how
    many samples a side would settle an undecided comparison if the rates stay as they are; None where it is settled,
    or where no realistic number would do. ``worst`` is the slice that lost most among those that are bad, if any is.
    Of rows there is also what was ``left_out``, how many ``clusters`` they came in, when (seconds since 1970) enough
    of them will be ``mature_at``, and what the source calls them (``counts``). ``rates`` says that effects are
    differences of shares; else they are in units of the values, and of ``mann_whitney`` a chance beyond an even one.
    """

    verdict: ComparisonVerdict
    effect: float
    low: float
    high: float
    n: int
    positives: int
    a_rate: float
    b_rate: float
    p_value: float
    needed_n: int | None
    test: Test
    confidence: float
    slices: tuple[SliceComparison, ...] = ()
    worst: SliceComparison | None = None
    a_n: int = 0
    b_n: int = 0
    left_out: LeftOut = LeftOut()
    clusters: int | None = None
    mature_at: float | None = None
    counts: str = ""
    rates: bool = True
