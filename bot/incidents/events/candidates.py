"""The versions that one could go back to, as they were seen."""

from __future__ import annotations

from typing import Literal

import msgspec


class Candidate(msgspec.Struct, frozen=True, omit_defaults=True):
    """One version older than the running one. ``passed`` None: nobody said; ``fits`` is compatibility with what
    stands downstream; ``because`` says what does not fit, or what is not known."""

    version: str
    passed: bool | None = None
    fits: Literal["yes", "no", "unknown"] = "yes"
    because: str = ""
