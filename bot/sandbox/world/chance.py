"""Chance that can be looked up: a number for every (seed, purpose, key), the same whenever it is asked for.

A generator that is drawn from has a state, and then the past cannot be computed again without everything before
it. Here keys are mixed by the finaliser of SplitMix64 (Steele, Lea and Flood 2014), a whole array at a time.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Keys = NDArray[np.uint64]

_MASK = 2**64 - 1
_GOLDEN = 0x9E3779B97F4A7C15


def uniform(seed: int, purpose: str, keys: NDArray[np.integer[Any]]) -> Floats:
    """Numbers evenly spread between 0 and 1, both excluded; one for each key."""
    start = (seed * _GOLDEN + crc32(purpose.encode()) * 0xD1342543DE82EF95) & _MASK
    mixed = _mix(_mix(keys.astype(np.uint64) + np.uint64(start)) ^ np.uint64(start))
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def normal(seed: int, purpose: str, keys: NDArray[np.integer[Any]]) -> Floats:
    """Numbers of a standard normal distribution; one for each key."""
    radius = np.sqrt(-2.0 * np.log(uniform(seed, purpose + " radius", keys)))
    result: Floats = radius * np.cos(2.0 * np.pi * uniform(seed, purpose + " angle", keys))
    return result


def binomial(seed: int, purpose: str, keys: NDArray[np.integer[Any]], *, n: Floats, p: float) -> Floats:
    """Whole numbers near those of a binomial distribution, for each key; good where ``n * p`` is not tiny."""
    drawn = n * p + np.sqrt(n * p * (1.0 - p)) * normal(seed, purpose, keys)
    result: Floats = np.clip(np.round(drawn), 0.0, n)
    return result


def _mix(keys: Keys) -> Keys:
    keys = keys + np.uint64(_GOLDEN)
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))
