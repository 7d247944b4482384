"""What is typed in a terminal: ``evenkeel`` and its commands.

A command is a few lines that call the rest; what is heavy is imported when its command runs. What a command prints is
made in a file of its own (``received`` for ``replay-alert``, ``routed`` for ``route``, ``check_report`` for
``check``), and how it ends, well or badly, stands in ``exits``.
"""

from __future__ import annotations

from bot.cli.command import Document, Text, app, main

__all__ = ["Document", "Text", "app", "main"]
