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
    mixed = keys.astype(np.uint64) + np.uint64(start)  # a copy; from here on in place, arrays are large
    _mix(mixed)
    mixed ^= np.uint64(start)
    _mix(mixed)
    mixed >>= np.uint64(11)
    spread = mixed.astype(np.float64)
    spread += 0.5
    spread *= 2.0**-53
    return spread


def normal(seed: int, purpose: str, keys: NDArray[np.integer[Any]]) -> Floats:
    """Numbers of a standard normal distribution; one for each key."""
    radius = np.log(uniform(seed, purpose + " radius", keys))
    radius *= -2.0
    np.sqrt(radius, out=radius)
    angle = uniform(seed, purpose + " angle", keys)
    angle *= 2.0 * np.pi
    np.cos(angle, out=angle)
    radius *= angle
    return radius


def binomial(seed: int, purpose: str, keys: NDArray[np.integer[Any]], *, n: Floats, p: float) -> Floats:
    """Whole numbers near those of a binomial distribution, for each key; good where ``n * p`` is not tiny."""
    drawn = n * p + np.sqrt(n * p * (1.0 - p)) * normal(seed, purpose, keys)
    result: Floats = np.clip(np.round(drawn), 0.0, n)
    return result


def _mix(keys: Keys) -> None:
    """Mixes ``keys`` in place."""
    keys += np.uint64(_GOLDEN)
    keys ^= keys >> np.uint64(30)
    keys *= np.uint64(0xBF58476D1CE4E5B9)
    keys ^= keys >> np.uint64(27)
    keys *= np.uint64(0x94D049BB133111EB)
    keys ^= keys >> np.uint64(31)
