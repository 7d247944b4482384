"""What is asked of incidents, by people, alerts and the bot itself: the only way to write to a log.

``service`` decides and appends in one transaction; ``intake`` takes deliveries of alerts together; ``attaching``
says in that transaction which incident they join or open; ``opening`` pins what the configuration said then.
"""

from __future__ import annotations

from bot.service.intake import Taken
from bot.service.opening import Declaration
from bot.service.service import Handled, Service

__all__ = ["Declaration", "Handled", "Service", "Taken"]
