"""What people did in the sandbox, written down as a test of the whole program.

``RecordedPeople`` notes every act before it does it, ``saved`` reads what came of them, and ``story`` makes of both
the text of a scenario test that plays the same acts at the same distances in time and passes. Notes are bounded.
"""

from __future__ import annotations

from bot.sandbox.story.recorder import RecordedPeople
from bot.sandbox.story.saving import saved
from bot.sandbox.story.story import story

__all__ = ["RecordedPeople", "saved", "story"]
