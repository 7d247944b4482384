"""What an HTTP answer means: JSON, or a sentence why it is none, and whether asking again can help.

Whatever a source says is shortened to one line without the token before a person reads it.
"""

from __future__ import annotations

import httpx
import msgspec

from bot.connectors.failures import SourceRefused, SourceUnavailable

#: Statuses after which a call may still have been carried out, although they look like a refusal.
_LEFT_OPEN = frozenset({408, 499})
#: Refusals that may pass by themselves.
_PASSING = frozenset({423, 425, 429})
_LONGEST = 200


class Wording:
    """Sentences about the source called ``name``, none of which holds one of ``secrets``."""

    def __init__(self, name: str, secrets: tuple[str, ...]) -> None:
        self._name = name
        told = sorted(secrets, key=len, reverse=True)  # a secret may hold another one
        self._secrets = tuple(secret for secret in told if len(secret) > 3)

    def sentence(self, what: str) -> str:
        """``metrics`` and what it did, on one line."""
        text = " ".join(what.split())
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return f"{self._name} {text[:_LONGEST]}"

    def failed(self, what: str, *, again: bool = True) -> SourceUnavailable:
        """Nobody can tell whether anything was changed."""
        return SourceUnavailable(self.sentence(what), again=again)

    def refused(self, what: str, *, again: bool = False, status: int | None = None, said: str = "") -> SourceRefused:
        """Surely nothing was changed."""
        return SourceRefused(self.sentence(what), again=again, status=status, said=said)


def json_of(answer: httpx.Response, body: bytes, wording: Wording) -> bytes:
    """The body, which is a JSON text that a 2xx answer brought. Raises SourceUnavailable."""
    kind = media_type_of(answer, body, wording)
    if not (kind in ("", "application/json", "text/json", "text/plain") or kind.endswith("+json")):
        raise _other(kind, wording)
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise wording.failed("answered nonsense: not JSON", again=False) from None
    return body


def media_type_of(answer: httpx.Response, body: bytes, wording: Wording) -> str:
    """The media type of a 2xx answer, in small letters. Raises SourceUnavailable for pages, and for other answers."""
    check_status(answer, body, wording)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if "html" in kind:
        raise _other(kind, wording)
    return str(kind)


def _other(kind: str, wording: Wording) -> SourceUnavailable:
    what = f"answered {kind[:40]}, not JSON; is something else behind its address?"
    return wording.failed(what, again=False)


def check_status(answer: httpx.Response, body: bytes, wording: Wording) -> None:
    """Nothing for a 2xx answer; raises SourceUnavailable for every other one."""
    status = answer.status_code
    if answer.is_success:
        return
    if not answer.is_client_error or status in _LEFT_OPEN:
        what = "wants to send us elsewhere" if answer.is_redirect else f"has a fault of its own ({status})"
        raise wording.failed(what, again=not answer.is_redirect)
    plain_text = answer.headers.get("content-type", "").startswith("text/plain")
    said = _reason(body) or (body.decode(errors="replace").strip().partition("\n")[0][:120] if plain_text else "")
    sentences = {
        401: "does not let us in (401); check its token in evenkeel.yaml",
        403: "does not let us in (403); check its token in evenkeel.yaml",
        412: "was changed by somebody else meanwhile (412)",
        429: "has too much to do (429)",
    }
    plain = "does not know that address (404)" if status == 404 and not said else f"refused ({status})"
    what = sentences.get(status) or (f"{plain}: {said}" if said else plain)
    raise wording.refused(what, again=status in _PASSING, status=status, said=said)


def _reason(body: bytes) -> str:
    """What the source says itself, if it says it in one of the usual places of a JSON answer."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    found = [said.get(key) for key in ("error", "message", "detail", "title")] if isinstance(said, dict) else []
    details = said.get("details") if isinstance(said, dict) else None
    if isinstance(details, list) and details and isinstance(details[0], dict):
        found.insert(0, details[0].get("message"))
    texts = [text for text in found if isinstance(text, str) and text.strip()]
    return texts[0].strip()[:120] if texts else ""
