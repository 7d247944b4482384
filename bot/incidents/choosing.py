"""Which of the versions that fit one goes back to: the newest that is ready to serve. Pure.

Readiness only ever moves the choice to an older version that is surely ready and fits as well. Where none is, or
nobody can tell, the choice stays, and whoever asks for it confirms it a second time.
"""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents.events.candidates import Candidate
from bot.incidents.incident import Versions
from bot.incidents.readiness import Readiness, bare


def choose(versions: Versions, readiness: Readiness | None) -> Versions:
    """The same with the target that is ready, and in ``passed_over`` why it is not the first choice."""
    first = versions.first
    if first is None:
        return versions
    kept = replace(versions, target=first, unsure=versions.first_unsure, passed_over="")
    if readiness is None or readiness.of(first) is not False:
        return kept
    chosen = _ready(versions, first, readiness)
    if chosen is None:
        return kept
    name = _spelt(chosen.version, first)
    return replace(
        kept, target=name, unsure=(chosen.because,) if chosen.fits == "unknown" else (),
        passed_over=f"{_called(first)} is not ready; {_called(name)} is",
    )  # fmt: skip


def _ready(versions: Versions, first: str, readiness: Readiness) -> Candidate | None:
    """The newest ready one that is older than the first choice and of which no less is known."""
    here = next((n for n, one in enumerate(versions.candidates) if bare(one.version) == bare(first)), None)
    if here is None:
        return None
    good = ("yes", versions.candidates[here].fits)
    older = versions.candidates[here + 1 :]
    return next((one for one in older if one.fits in good and readiness.of(one.version)), None)


def _spelt(name: str, like: str) -> str:
    """The registry's name as traffic spells them: ``v41`` where the first choice is ``v42``."""
    if like == bare(like):
        return bare(name)
    return _called(name)


def _called(name: str) -> str:
    return f"v{name}" if name[:1].isdigit() else name
