"""The demo: bot, database, sandbox workspace and a model service that breaks, in one process on this machine.

``stage`` puts them up, ``autopilot`` is the responders that press the real buttons. The bot is the one that serves
real workspaces, wired as there; only the addresses in its settings lead to the sandbox.
"""

from __future__ import annotations

from bot.sandbox.demo.show import list_scenarios, run_demo

__all__ = ["list_scenarios", "run_demo"]
