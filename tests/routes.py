"""A route for tests that are not about routing: every alert opens its incident, whatever it says."""

from __future__ import annotations

from bot.alerts.routing import NOW, Route

EVERYTHING_OPENS = (Route(name="everything", opening=NOW),)
EVERYTHING_OPENS_YAML = "routes: [{name: everything, open: now}]\n"
