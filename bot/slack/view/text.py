"""Text for Slack: escaped, cut to a length, with moments that every reader sees in their own time zone.

Whatever came from outside (alerts, sources, people, runbooks) passes ``said`` or ``plain`` before it is drawn, and
loses its e-mail addresses there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.personal import without_address_in_link, without_addresses

_PIECE = re.compile(r"<(?:@[UW]|#[CG])[A-Z0-9]{2,20}>|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|.", re.DOTALL)
_LONGEST_PIECE = 40
_SPACE = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")
#: turn what follows them around, for whoever reads on: "exe.gnp" would look like "png.exe"
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LOOKALIKES = str.maketrans("<>&", "‹›＆")
_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_MENTION = re.compile(r"@(?=(channel|here|everyone|group)\b)", re.IGNORECASE)


def said(text: str, limit: int = 300, *, ours: bool = False) -> str:
    """``text`` as mrkdwn on one line, at most ``limit`` characters: escaped, ISO stamps as ``<!date>``.

    Neither an entity nor a date is ever cut in half, and nobody is called by an ``@channel`` or a ``<@U1>`` from
    outside; a sentence of our own (``ours``) may name people
    and channels.
    """
    line = _MENTION.sub("@\u200b", without_addresses(_one_line(text)))
    result = ""
    for piece in _PIECE.findall(line[: limit + _LONGEST_PIECE]):
        drawn = piece if ours and piece.startswith(("<@", "<#")) else _drawn(piece)
        if len(result) + len(drawn) > limit:
            return f"{_shortened(result, limit)}…"
        result += drawn
    return result if len(line) <= limit else f"{_shortened(result, limit)}…"


def _one_line(text: str) -> str:
    return _TURNS.sub("", _SPACE.sub(" ", text)).strip()


def _drawn(piece: str) -> str:
    if len(piece) > 1 and piece[0].isdigit():
        try:
            return at(datetime.fromisoformat(piece))
        except ValueError:
            return piece
    return "".join(_ENTITIES.get(character, character) for character in piece)


def _shortened(result: str, limit: int) -> str:
    """``result`` with room for the ellipsis: the last whole character, entity or date goes if need be."""
    if len(result) < limit:
        return result.rstrip()
    end = re.search(r"(&\w+;|<[^>]*>|.)\Z", result, re.DOTALL)
    return result[: end.start()].rstrip() if end else ""


def plain(text: str, limit: int = 75) -> str:
    """``text`` as plain text (for headers, buttons, options): one line, at most ``limit`` characters."""
    line = without_addresses(_one_line(text))
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def at(moment: datetime) -> str:
    """The time of day in the reader's time zone: ``02:51``."""
    return _date(moment, "{time}", f"{moment.astimezone(UTC):%H:%M} UTC")


def on(moment: datetime) -> str:
    """The day and the time of day in the reader's time zone: ``tomorrow 02:51``."""
    return _date(moment, "{date_short_pretty} {time}", f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


def _date(moment: datetime, form: str, otherwise: str) -> str:
    return f"<!date^{int(moment.timestamp())}^{form}|{otherwise}>"


def is_person(who: str) -> bool:
    """Whether ``who`` is a Slack user id, not a source's or the bot's name."""
    return _ID.fullmatch(who) is not None


def person(who: str) -> str:
    """A mention of a user id; any other name as it is."""
    return f"<@{who}>" if is_person(who) else said(who, 80)


def people(who: Iterable[str], *, nobody: str = "nobody", last: str = " and ") -> str:
    """Mentions joined as in a sentence, at most five of them."""
    named = [person(one) for one in who]
    if len(named) > 5:
        named = [*named[:4], f"{len(named) - 4} others"]
    return joined(named, last=last) or nobody


def joined(parts: Sequence[str], *, last: str = " and ") -> str:
    """``one, two and three``."""
    return f"{', '.join(parts[:-1])}{last}{parts[-1]}" if len(parts) > 1 else "".join(parts)


def version(name: str | None) -> str:
    """``v42`` for the version ``42``; any other name as it is, but for what Slack would read as a mention or a link.

    Names of versions come from outside and stand in texts that are escaped later as well as in those that are not:
    signs that need no escaping take the place of those that do.
    """
    shown = plain(name or "", 120).translate(_LOOKALIKES)
    if not shown:
        return "the running version"
    return f"v{shown}" if shown[0].isdigit() else _MENTION.sub("@\u200b", shown)


def share(part: float | None) -> str:
    """A share of traffic: ``37 %``; never rounded up to 100 %."""
    if part is None:
        return "unknown"
    percent = min(round(part * 100), 99) if part < 0.995 else 100
    return f"{percent} %"


def link(address: str, label: str) -> str:
    """A link with that label; nothing if ``address`` is not an address of the web."""
    if not address.startswith(("https://", "http://")) or len(address) > 1500 or _SPACE.search(address):
        return ""
    shown = without_address_in_link(address)
    safe = shown.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"<{safe}|{said(label.replace('|', '/'), 80)}>"
