"""Which pictures the page shows: its own and those of this machine, for nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from bot.sandbox.page.links import safe_url
from bot.sandbox.page.names import Names

_THIS_MACHINE: Final = frozenset({"127.0.0.1", "localhost"})


def image_url(image: Mapping[str, Any], names: Names) -> str | None:
    """The address of an image block or element that the browser may load, else None.

    A ``slack_file`` with an id is one of the workspace's files, which the page serves itself.
    """
    file = image.get("slack_file")
    if isinstance(file, dict) and file.get("id"):
        return names.at(f"/files/{quote(str(file['id']), safe='')}/picture")
    address = file.get("url") if isinstance(file, dict) else image.get("image_url")
    return loopback(str(address or ""))


def loopback(address: str) -> str | None:
    """``address`` if it is a picture's on this machine."""
    url = safe_url(address)
    return url if url is not None and urlsplit(url).hostname in _THIS_MACHINE and url.startswith("http:") else None
