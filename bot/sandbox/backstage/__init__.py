"""What happens behind the sandbox workspace, and how it is moved: the strip above the page and the panel beside it.

The strip plays scenarios, sets how fast time runs, and shows the model service at a glance. The panel shows what the
bot appended and called, what it waits for, and how the service does; there the flag and Slack's faults are set, as
somebody outside the bot would. Every part is drawn once per change, however many pages show it.
"""

from __future__ import annotations

from bot.sandbox.backstage.backstage import Backstage
from bot.sandbox.backstage.controls import RATES, Controls

__all__ = ["RATES", "Backstage", "Controls"]
