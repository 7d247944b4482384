"""What is kept of a request as it was received: without secrets, and without what is said to be about persons.

A secret is known by the name of its key (``password``, ``api_key``) or by its shape (``xoxb-...``, ``eyJ...``). What
took its place says so, and the rest stays as it was, so that the same alerts can be read of it once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from bot.alerts.secret_shapes import HIDDEN, without_secrets
from bot.personal import Personal, without_addresses

PERSONAL = "[personal]"

#: what the key of a secret contains, in small letters and without - and _
_SECRET_KEYS = (
    "password", "passwd", "passphrase", "secret", "apikey", "accesskey", "privatekey", "routingkey", "integrationkey",
    "servicekey", "signingkey", "encryptionkey", "authorization", "authtoken", "accesstoken", "refreshtoken",
    "bearertoken", "idtoken", "apitoken", "credential", "cookie", "sessionid", "clientassertion",
)  # fmt: skip
#: keys that are secret as a whole: ``token``, but not ``tokens_per_second``
_SECRET_WORDS = frozenset({"token", "pwd", "jwt", "dsn"})
#: a letter that is written as its number: whoever does that may hide a key; Go writes < > and & so
_LETTER = re.compile(rb"\\u00[4-7]")
_MOST_DECIDED = 10_000


class Redaction:
    """``personal`` are keys, or the last keys of a path with dots (``user.email``): what is there is personal.

    So is what everybody has of that kind (prompts, outputs, phone numbers), and an e-mail address wherever it stands.
    """

    def __init__(self, personal: Iterable[str] = ()) -> None:
        paths = [_plain(path) for path in personal if path]
        as_one = [path.replace(".", "") for path in paths]  # a label has no dots: user_email
        self._personal = tuple(f".{path}" for path in dict.fromkeys((*paths, *as_one)))
        self._last = frozenset(path.rpartition(".")[2] for path in self._personal)
        self._known = Personal()
        self._decided: dict[bytes, bool] = {}

    def of(self, body: bytes) -> str:
        """The body as a text to keep; what is nested too deeply is not kept.

        What is not UTF-8 becomes a replacement character, and so does a NUL.
        """
        text = body.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
        if self._may_hide(body):
            text = self._without_keys(text)
        return without_addresses(without_secrets(text, body if len(text) == len(body) else text.encode()))

    def hides(self, key: str) -> bool:
        """Whether what stands under a key of this name is secret or personal, wherever it is."""
        return self._decide(key)

    def _may_hide(self, body: bytes) -> bool:
        """Whether any key of it is one to look at. Every request of the intake passes here: keys are decided once."""
        if _LETTER.search(body):
            return True
        decided = self._decided
        for part in body.replace(b'" :', b'":').split(b'":'):
            key = part[part.rfind(b'"') + 1 :]
            if (hides := decided.get(key)) is None:
                if len(decided) > _MOST_DECIDED:
                    decided.clear()
                hides = decided[key] = self._decide(key[:200].decode("utf-8", "replace").strip("\\"))
            if hides:
                return True
        return False

    def _decide(self, key: str) -> bool:
        return is_secret(key) or _plain(key) in self._last or self._known.holds(key)

    def _without_keys(self, text: str) -> str:
        try:
            box = [msgspec.json.decode(text)]
            self._walk(box)
            return msgspec.json.encode(box[0]).decode()
        except msgspec.DecodeError:
            return text
        except RecursionError:  # nobody could look for what is secret in there
            return ""

    def _walk(self, root: list[Any]) -> None:
        """Everything below ``root``, in place; without recursion, whatever the depth."""
        left: list[tuple[Any, str]] = [(root, "")]
        while left:
            inside, path = left.pop()
            for key, value in list(inside.items() if isinstance(inside, dict) else enumerate(inside)):
                below = f"{path}.{_plain(key)}"[-300:] if isinstance(key, str) else path
                said = value not in ("", None) and not isinstance(value, bool)
                if said and isinstance(key, str) and (put := self._hides(key, below)):
                    inside[key] = put
                elif isinstance(value, dict | list):
                    left.append((value, below))
                elif isinstance(value, str) and value[:1] in ("{", "[") and value[-1:] in ("}", "]"):
                    inside[key] = self._without_keys(value)  # SNS sends an alarm so

    def _hides(self, key: str, path: str) -> str:
        if is_secret(key):
            return HIDDEN
        return PERSONAL if path.endswith(self._personal) or self._known.holds(key) else ""


def is_secret(key: str) -> bool:
    """Whether what stands under this key is nobody else's business."""
    plain = _plain(key)
    return plain in _SECRET_WORDS or any(word in plain for word in _SECRET_KEYS)


def _plain(key: str) -> str:
    return key.lower().replace("-", "").replace("_", "")
