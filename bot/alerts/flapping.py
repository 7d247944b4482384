"""When an alert flaps: it ends and begins again, over and over, and nobody can act on each time."""

from __future__ import annotations

from datetime import timedelta

#: an alert that began so often within ``WINDOW`` flaps: it ended three times, and was back each time
TIMES = 4
WINDOW = timedelta(hours=1)
#: the longest that one may be away each time, where all that is known is when it came back last
PAUSE = WINDOW / (TIMES - 1)


def flaps(begun: int) -> bool:
    """Whether an alert flaps that began ``begun`` times within ``WINDOW``."""
    return begun >= TIMES
