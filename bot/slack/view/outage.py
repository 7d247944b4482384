"""What the incidents channel hears while the database takes nothing, and when it does again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.slack.view.blocks import message, section
from bot.slack.view.text import at, said


def it_is_away(*, since: datetime, why: str) -> dict[str, Any]:
    """Since when, why, what that means, and what to do."""
    head = f":rotating_light: *I can store nothing since {at(since)}*, so I open no incident and no button works."
    lines = [
        head,
        f"{said(why, 300)}",
        "Alerts are answered 503 meanwhile, so that their senders try again; none that was answered 202 is lost.",
        "*Mend the database* (its server, its disk, the way to it), and watch your monitoring yourselves until then."
        " I say here when it is over.",
    ]
    return message("I can store nothing: alerts are turned away until the database is back", [section(lines)])


def it_is_back(*, since: datetime, now: datetime, refused: int, several: bool = False) -> dict[str, Any]:
    """Since when, and how many requests wait for their senders to try again; of ``several`` processes, at least."""
    minutes = max(1, round((now - since).total_seconds() / 60))
    lines = [f":white_check_mark: *Everything is stored again, since {at(now)}*, after {minutes} min."]
    if refused:
        requests = f"{refused} requests were" if refused > 1 else "One request was"
        requests = f"At least {requests[0].lower()}{requests[1:]}" if several else requests
        again = "Their senders try again" if refused > 1 or several else "Its sender tries again"
        lines.append(f"{requests} turned away meanwhile. {again}; one that does not has to be asked.")
    return message("Everything is stored again", [section(lines)])
