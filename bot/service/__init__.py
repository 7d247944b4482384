"""What is asked of incidents, by people, alerts and the bot itself: the only way to write to a log.

``service`` decides and appends in one transaction; ``intake`` takes deliveries of alerts together; ``attaching``
says in that transaction which incident they join or open, a file for each of its questions: ``receiving`` (was this
delivery there before), ``dating`` (when it began), ``belonging``, ``joining``, ``worsening``, ``crowding`` and
``triaging``; ``opening`` pins what the configuration said then. What people ask of several incidents or of none, and
what other tools ask, has a file and an attribute of ``Service`` each: ``merging``, ``muting``, ``silences``,
``guests``, ``reporting``, ``changing``, ``refusing`` and ``requests``.
"""

from __future__ import annotations

from bot.service.intake import Taken
from bot.service.opening import Declaration
from bot.service.service import Handled, Service

__all__ = ["Declaration", "Handled", "Service", "Taken"]
