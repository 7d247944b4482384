"""The modal in which anybody reports what they noticed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.alerts.reports import KINDS
from bot.alerts.routing import UNKNOWN_SERVICE
from bot.slack.view.modals.frame import About, frame, one_of, text

#: Slack's menus have 100 options; one is for whoever does not find theirs
_MOST_SERVICES = 99
_CALLED = {"feedback": "Users say something is wrong", "crash": "It crashes", "beta": "A beta tester noticed it"}


def report(*, about: About, services: Iterable[str] = (), words: str = "") -> dict[str, Any]:
    """Asks what was noticed, and about which service."""
    names = {name: name for name in list(services)[:_MOST_SERVICES]}
    choices = names | {UNKNOWN_SERVICE: "Another one, or I do not know"}
    service = (
        one_of("service", "Which service?", choices) if names else text("service", "Which service?", lines=False)
    )
    fields = [
        text("text", "What did you notice?", initial=words, hint="What happened, not to whom: no names, no prompts."),
        service,
        one_of("kind", "What is it?", {kind: _CALLED[kind] for kind in KINDS}, initial="feedback"),
    ]
    return frame("incident.report", "Report a problem", fields, about=about, submit="Report it")
