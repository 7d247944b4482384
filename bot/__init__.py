"""Evenkeel: an incident bot for Slack, for teams that run machine-learning services.

An alert becomes an incident; an incident is a log of events; the log is drawn as a Slack channel, a timeline and
a postmortem. ``wiring`` puts the parts together, ``service`` is the only way to write to a log, ``controller``
brings every incident to rest.
"""

from __future__ import annotations

__version__ = "0.1.0"
