"""``python -m bot.cli``: the command ``evenkeel``, where it is not installed as such."""

from __future__ import annotations

from bot.cli.command import main

main()
