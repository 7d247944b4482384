"""Charts of one measurement over time: plain values in, a Vega-Lite specification, a picture and its words out."""

from __future__ import annotations

from bot.charts.chart import Chart, Line, Mark
from bot.charts.spec import spec
from bot.charts.words import words

__all__ = ["Chart", "Line", "Mark", "spec", "words"]
