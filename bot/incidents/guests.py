"""A channel of somebody else: what it is about, and whether Slack shows the card there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.incidents.incident import Incident

#: what databases keep in an index
_LONGEST_ADDRESS = 500
_NO_WORD = re.compile(r"[^a-z0-9]+")


def service_in(name: str, services: Iterable[str]) -> str:
    """The service that a channel's ``name`` holds as whole words, the longest of several; "" if it holds none.

    ``inc-742-fraud-scorer-recall`` is about ``fraud_scorer`` too: channels know no other sign between words.
    """
    there = f"-{_words(name)}-"
    found = [service for service in services if _words(service) and f"-{_words(service)}-" in there]
    return max(found, key=lambda service: (len(_words(service)), service), default="")


def card_of_guest(incident: Incident) -> str:
    """The key of the card in the channel: another one for each place and time, for what Slack refused stays so."""
    again = f":{incident.asked_again}" if incident.asked_again else ""
    return f"first:{incident.channel}{again}" if incident.left or again else "first"


def refused_there(incident: Incident) -> bool:
    """Whether Slack will not have the card in the channel."""
    return incident.place == "guest" and card_of_guest(incident) in incident.refused


def known_by(url: str) -> str:
    """By what of its address the other tool's incident is known; empty for one that is no usual address."""
    plain = url.partition("#")[0].partition("?")[0].rstrip("/")
    return plain if plain.isascii() and len(plain) <= _LONGEST_ADDRESS else ""


def _words(text: str) -> str:
    return _NO_WORD.sub("-", text.lower()).strip("-")
