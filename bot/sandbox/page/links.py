"""Which addresses a message may link to, and how mentions look."""

from __future__ import annotations

from urllib.parse import urlsplit

from markupsafe import Markup

from bot.sandbox.page.names import Names

_SCHEMES = frozenset({"http", "https", "mailto"})


def safe_url(url: str) -> str | None:
    """``url`` if a browser may follow it without running anything, else None."""
    cleaned = "".join(letter for letter in url.strip() if letter.isprintable())
    try:
        parts = urlsplit(cleaned)
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or not (parts.netloc or parts.scheme.lower() == "mailto"):
        return None
    return cleaned


def link(url: str, label: str | Markup) -> Markup:
    """A link that opens beside the page; an address that may not be followed is shown as its label only."""
    address = safe_url(url)
    if address is None:
        return Markup("{}").format(label)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(address, label)


def user_mention(user: str, names: Names, label: str | None = None) -> Markup:
    """``@name``, marked when it is the person who looks."""
    name = names.users.get(user) or label or user
    mine = " mention-me" if user == names.me else ""
    return Markup('<span class="mention{}" data-user="{}">@{}</span>').format(mine, user, name)


def channel_mention(channel: str, names: Names, label: str | None = None) -> Markup:
    """``#name`` as a link to the channel, or plain when nobody here knows it."""
    name = names.channels.get(channel)
    if name is None:
        return Markup('<span class="mention">#{}</span>').format(label or channel)
    return Markup('<a class="mention" href="{}">#{}</a>').format(names.channel_url(channel), name)


def group_mention(group: str, names: Names, label: str | None = None) -> Markup:
    """``@handle`` of a user group."""
    name = names.groups.get(group) or (label or "").lstrip("@") or group
    return Markup('<span class="mention" data-group="{}">@{}</span>').format(group, name)


def broadcast(span: str) -> Markup:
    """``@here``, ``@channel`` or ``@everyone``."""
    return Markup('<span class="mention mention-me">@{}</span>').format(span)
