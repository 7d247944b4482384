"""A small world of model services that break on purpose, for practising with the bot. All of it is synthetic.

A scenario says which versions of a model there are, who serves when, what each gets right, and what breaks around
them. Everything that can be measured follows from the scenario, a seed, the changes made to the flags, and the
time: no state is kept that could not be computed again. Around that lie what a real team has: a metrics server that
speaks PromQL, feature flags, an evaluator, a list of versions, and an Alertmanager that complains. Outcomes become
known late, as in life.
"""

from __future__ import annotations

from bot.sandbox.world.alert_payloads import alertmanager_payload, change_payload
from bot.sandbox.world.alerting import Alerting, deliver, sender
from bot.sandbox.world.app import world_app
from bot.sandbox.world.charts import Chart, Line, Mark, charts, marks
from bot.sandbox.world.more_alerts import MORE_ALERTS, Posted, more_alerts
from bot.sandbox.world.scenarios import SCENARIOS, Scenario
from bot.sandbox.world.world import SwitchReading, World

__all__ = [
    "MORE_ALERTS",
    "SCENARIOS",
    "Alerting",
    "Chart",
    "Line",
    "Mark",
    "Posted",
    "Scenario",
    "SwitchReading",
    "World",
    "alertmanager_payload",
    "change_payload",
    "charts",
    "deliver",
    "marks",
    "more_alerts",
    "sender",
    "world_app",
]
