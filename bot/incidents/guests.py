"""What a channel of somebody else is about: the service whose name its own name holds."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NO_WORD = re.compile(r"[^a-z0-9]+")


def service_in(name: str, services: Iterable[str]) -> str:
    """The service that a channel's ``name`` holds as whole words, the longest of several; "" if it holds none.

    ``inc-742-fraud-scorer-recall`` is about ``fraud_scorer`` too: channels know no other sign between words.
    """
    there = f"-{_words(name)}-"
    found = [service for service in services if _words(service) and f"-{_words(service)}-" in there]
    return max(found, key=lambda service: (len(_words(service)), service), default="")


def _words(text: str) -> str:
    return _NO_WORD.sub("-", text.lower()).strip("-")
