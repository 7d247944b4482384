"""How long a pattern may take with a value that somebody hostile chose: every alert is compared with it.

Python tries each way in which a pattern could fit, so ``(a|a)*b`` keeps the whole process busy for years. What is
counted here is how many ways there are: a product over what stands side by side, a sum over what stands between bars.
"""

from __future__ import annotations

import re

#: a label with its value is no longer when it is compared
_LONGEST_VALUE = 300
#: three times "any number of": less than a second, for a value that was made for it
MOST_WAYS = 2 * _LONGEST_VALUE**3

#: what is said of one
TOO_LONG = "could keep every alert waiting: it has too many ways to fit; write values, or a plain one such as Drift.*"

_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<opens>\((?:\?(?:[:=!]|<[=!]|P<\w+>))?)|(?P<closes>\))|(?P<bar>\|)"
    r"|(?P<repeat>(?:[*+?]|\{\d*,?\d*\})[?+]?)|(?P<one>.)",
    re.DOTALL,
)


class _Group:
    """What was read since a bracket opened: the ways of the bars before, of this branch, and of its last part."""

    def __init__(self) -> None:
        self.before, self.branch, self.last = 0, 1, 1
        self.last_is_group = False

    def part(self, ways: int, *, group: bool = False) -> None:
        """Another part stands beside the last one."""
        self.branch *= self.last
        self.last, self.last_is_group = ways, group

    def bar(self) -> None:
        """The branch is over."""
        self.before += self.branch * self.last
        self.branch, self.last, self.last_is_group = 1, 1, False

    @property
    def ways(self) -> int:
        """Of the whole group so far."""
        return self.before + self.branch * self.last


def takes_too_long(pattern: str) -> bool:
    """Whether the regex may try more than ``MOST_WAYS`` ways; so may what is not counted: a group that repeats, or
    what refers back to one."""
    groups, before = [_Group()], ""
    for found in _TOKEN.finditer(pattern.removeprefix("(?i)")):
        kind, text, here = found.lastgroup or "", found[0], groups[-1]
        if kind == "opens":
            groups.append(_Group())
        elif kind == "closes" and len(groups) > 1:
            groups.pop()
            groups[-1].part(here.ways, group=True)
        elif kind == "bar":
            here.bar()
        elif kind == "repeat":
            if before == "opens" or not _repeated(here, text.rstrip("?+") or text[0]):
                return True
        elif kind == "escape" and text[1:].isdigit():
            return True
        else:
            here.part(1)
        if groups[-1].ways > MOST_WAYS:
            return True
        before = kind
    return False


def _repeated(group: _Group, times: str) -> bool:
    """The last part is there so often; False for a group that may be there more than once."""
    most = _most(times)
    if group.last_is_group and most > 1:
        return False
    if most == 1:
        group.last += 1
    elif not times.startswith("{") or "," in times:  # {4} is one way
        group.last = most
    return True


def _most(times: str) -> int:
    """The most times: ``?`` is 1, ``{2,5}`` is 5, ``*`` is the length of a value."""
    if times == "?":
        return 1
    number = times.strip("{}").rpartition(",")[2]
    return min(int(number), _LONGEST_VALUE) if number.isdigit() else _LONGEST_VALUE
