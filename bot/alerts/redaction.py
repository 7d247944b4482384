"""What is kept of a request as it was received: without secrets, and without what is said to be about persons.

A secret is known by the name of its key (``password``, ``api_key``) or by its shape (``xoxb-...``, ``eyJ...``). What
took its place says so, and the rest stays as it was, so that the same alerts can be read of it once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from bot.personal import FIELDS, Personal, without_addresses

HIDDEN = "[secret]"
PERSONAL = "[personal]"

#: what the key of a secret contains, in small letters and without - and _
_SECRET_KEYS = (
    "password", "passwd", "passphrase", "secret", "apikey", "accesskey", "privatekey", "routingkey", "integrationkey",
    "servicekey", "signingkey", "encryptionkey", "authorization", "authtoken", "accesstoken", "refreshtoken",
    "bearertoken", "idtoken", "apitoken", "credential", "cookie", "sessionid", "clientassertion",
)  # fmt: skip
#: keys that are secret as a whole: ``token``, but not ``tokens_per_second``
_SECRET_WORDS = frozenset({"token", "pwd", "jwt", "dsn"})
_WORD_MARKS = tuple(f'{word}{end}"'.encode() for word in sorted(_SECRET_WORDS) for end in ("", "\\"))
#: a body that holds none of these, in small letters and without - and _, has no key of a secret
_KEY_MARKS = tuple(word.encode() for word in _SECRET_KEYS) + _WORD_MARKS + (b"\\u",)
#: the same for what is about persons
_PERSONAL_MARKS = tuple(sorted({field.replace(" ", "").encode() for field in FIELDS}))

#: what every text of that shape holds in small letters -> the shape; the first group, if there is one, stays.
#: No shape takes a quote or a backslash, so that JSON stays JSON, and each is found in one pass over the text.
_SHAPES = tuple(
    (tuple(mark.encode() for mark in marks.split("|")), re.compile(shape))
    for marks, shape in (
        ("xox", r"()xox[a-z]-[A-Za-z0-9-]{8,}"),
        ("xapp-", r"()xapp-[A-Za-z0-9-]{8,}"),
        ("hooks.slack.com", r"(hooks\.slack\.com/services/)[A-Za-z0-9/_-]+"),
        ("akia|asia", r"()\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
        ("ghp_|gho_|ghu_|ghs_|ghr_", r"()gh[pousr]_[A-Za-z0-9]{20,}"),
        ("github_pat_", r"()github_pat_[A-Za-z0-9_]{20,}"),
        ("glpat-", r"()glpat-[A-Za-z0-9_-]{16,}"),
        ("sk-", r"()\bsk-[A-Za-z0-9_-]{16,}"),
        ("k_live_|k_test_", r"()\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"),
        ("aiza", r"()AIza[A-Za-z0-9_-]{30,}"),
        ("eyj", r"()(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"),
        ("private key-----", r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[^\"]+"),
        ("@", r"(://)[^\s/@:\"'\\]*:[^\s/@\"'\\]+(?=@)"),
        ("bearer |basic ", r"((?i:\b(?:bearer|basic) ))[A-Za-z0-9._~+/=-]{16,}"),
        (
            "token=|key=|password=|secret=|signature=|sig=",
            r"((?i:\b(?:access_token|token|api_?key|password|client_secret|secret|x-amz-signature|signature|sig)=))"
            r"[^&\s\"'\\]+",
        ),
    )
)  # fmt: skip


class Redaction:
    """``personal`` are keys, or the last keys of a path with dots (``user.email``): what is there is personal.

    So is what everybody has of that kind (prompts, outputs, phone numbers), and an e-mail address wherever it stands.
    """

    def __init__(self, personal: Iterable[str] = ()) -> None:
        self._personal = tuple(f".{_plain(path)}" for path in personal if path)
        self._known = Personal()
        self._marks = _KEY_MARKS + _PERSONAL_MARKS + tuple(path.rpartition(".")[2].encode() for path in self._personal)

    def of(self, body: bytes) -> str:
        """The body as a text to keep. What is not UTF-8 becomes a replacement character, and so does a NUL."""
        text = body.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
        lower = body.lower()
        plain = lower.replace(b"-", b"").replace(b"_", b"")
        if any(mark in plain for mark in self._marks):
            text = self._without_keys(text)
        for marks, shape in _SHAPES:
            if any(mark in lower for mark in marks):
                text = shape.sub(rf"\g<1>{HIDDEN}", text)
        return without_addresses(text)

    def _without_keys(self, text: str) -> str:
        try:
            box = [msgspec.json.decode(text)]
            self._walk(box)
            return msgspec.json.encode(box[0]).decode()
        except (msgspec.DecodeError, RecursionError):
            return text

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
