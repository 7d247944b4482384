"""What is about persons in a text from outside: e-mail addresses by their shape, prompts and the like by their name.

Counts take their place, so that whoever reads knows that something is missing, and how much. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

#: what stands under a key with one of these as its last words is about persons; evenkeel.yaml adds to them
FIELDS = (
    "email", "email address", "e mail", "prompt", "prompts", "completion", "completions", "output", "outputs",
    "response text", "user input", "input text", "user message", "feature value", "feature values", "feature vector",
    "phone", "phone number",
)  # fmt: skip

_DOMAIN = r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}"
_ADDRESS = re.compile(rf"(?:mailto:)?[\w.%+'-]{{1,64}}@{_DOMAIN}|[\w.+'-]{{1,64}}%40{_DOMAIN}")
_SEPARATED = r"(?:\s*(?:,|;|\band\b)\s*)"
_WITHHELD = re.compile(r"\((?:\d+ )?(?:e-mail address(?:es)? )?withheld\)")
_MARK = "\0"
_SEVERAL = re.compile(rf"{_MARK}(?:{_SEPARATED}{_MARK})*")
_NAMED = (
    r"(?:model[ _])?(?:prompts?|completions?|outputs?)"
    r"|(?:user[ _]|model[ _])?(?:input|response)[ _]text|user[ _]input|feature[ _](?:values?|vector)"
)
_QUOTED = r"(?:\"[^\"]*\"?|'[^']*'?|“[^”]*”?|\[[^\]]*\]?|\{[^}]*\}?)"
_SAID = re.compile(rf"(?i)\b({_NAMED})\b[\"']?(?:\s?[:=]\s?({_QUOTED}|[^\s\"'“\[{{][^\n;]*)|\s(?:is|was)\s{_QUOTED})")
_BEFORE_SAID = (":", "=", " was ", " is ")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def without_addresses(text: str) -> str:
    """``text`` with ``(2 e-mail addresses withheld)`` in their place; any other text as it is."""
    if "@" not in text and "%40" not in text:
        return text
    marked = _ADDRESS.sub(_MARK, text.replace(_MARK, " "))
    return _SEVERAL.sub(_counted, marked)


def is_withheld(text: str) -> bool:
    """Whether something about persons stood in the text before."""
    return _WITHHELD.search(text) is not None


def _counted(found: re.Match[str]) -> str:
    count = found[0].count(_MARK)
    return "(e-mail address withheld)" if count == 1 else f"({count} e-mail addresses withheld)"


def without_persons(text: str) -> str:
    """``text`` without addresses, and without what it quotes as a prompt, an output or values of features."""
    shown = without_addresses(text)
    if not any(mark in shown for mark in _BEFORE_SAID):
        return shown
    return _SAID.sub(lambda found: f"{found[1]} (withheld)", shown)


def without_address_in_link(address: str) -> str:
    """A link of the web with ``withheld`` where an e-mail address stood."""
    return _ADDRESS.sub("withheld", address) if "@" in address or "%40" in address else address


class Personal:
    """Keys that hold something about persons: those everybody has, and ``fields`` of evenkeel.yaml.

    A field is a name (``customer_id``) or a path (``user.email``), of which the last part counts here.
    """

    def __init__(self, fields: Iterable[str] = ()) -> None:
        own = (_spelled(field.rpartition(".")[2]) for field in fields)
        self._endings = tuple(f" {ending}" for ending in dict.fromkeys((*FIELDS, *own)) if ending)
        self._is_personal = lru_cache(maxsize=4096)(self._ends_so)

    def _ends_so(self, key: str) -> bool:
        return f" {_spelled(key)}".endswith(self._endings)

    def holds(self, key: str) -> bool:
        """Whether what stands under this key is about persons."""
        return self._is_personal(key)

    def labels(self, values: Mapping[str, str]) -> dict[str, str]:
        """The values by key, with a count instead of what is personal by its key or its shape."""
        is_personal = self._is_personal
        return {k: _how_many(v) if is_personal(k) else without_addresses(v) for k, v in values.items()}

    def kept_labels(self, values: Mapping[str, str]) -> dict[str, str]:
        """The same of labels that were stored: what an older version kept goes, what was withheld stays so."""
        return {k: v if is_withheld(v) else self.labels({k: v})[k] for k, v in values.items()}

    def texts(self, values: Mapping[str, str]) -> dict[str, str]:
        """The same of values that are sentences, which may quote what is personal."""
        is_personal = self._is_personal
        return {k: _how_many(v) if is_personal(k) else without_persons(v) for k, v in values.items()}


def _spelled(key: str) -> str:
    """``user_email``, ``userEmail`` and ``User-E-Mail`` as words in small letters."""
    return " ".join(_WORDS.findall(key)).lower()


def _how_many(value: str) -> str:
    """``(3 withheld)`` for a list of three, ``(withheld)`` for anything else; nothing where nothing is."""
    if not value:
        return value
    if value[:1] in ("[", "{"):
        try:
            found = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError):
            return "(withheld)"
        return f"({len(found)} withheld)"
    return "(withheld)"
