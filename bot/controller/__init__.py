"""The loop that brings incidents to rest: ``controller`` claims them, ``stay`` is the time that one is held.

``polling`` and ``forgetting`` are done every so often beside it, by one process at a time.
"""

from __future__ import annotations

from bot.controller.controller import Controller
from bot.controller.stay import Means

__all__ = ["Controller", "Means"]
