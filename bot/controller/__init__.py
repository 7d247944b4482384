"""The loop that brings incidents to rest: ``controller`` claims them, ``stay`` is the time that one is held."""

from __future__ import annotations

from bot.controller.controller import Controller
from bot.controller.stay import Means

__all__ = ["Controller", "Means"]
