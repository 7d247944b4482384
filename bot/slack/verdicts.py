"""What Slack's answers mean for whoever made the call: final, passing, limited, or nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.errors import SlackError, SlackFailed, SlackLimited, SlackRefusal, SlackUnknown

#: Slack has trouble of its own; it says of the first two that some of the call may have been carried out
TROUBLE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
#: the token is not good; nothing was done, and it will be when somebody mends the token
LOCKED_OUT = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})
LIMITED = frozenset({"ratelimited", "rate_limited"})
#: what an answer without a Retry-After makes us wait, in seconds
DEFAULT_WAIT = 30.0

#: what a person can do about it; whoever shows a refusal adds the sentence
CURES: Mapping[str, str] = {
    "channel_not_found": "create the channel, or invite the bot if it is private",
    "not_in_channel": "invite the bot to the channel",
    "is_archived": "unarchive the channel, or configure another one",
    "is_shared": "choose a channel of your own organisation, or set allow_shared_channels",
    "missing_scope": "add the scope to the Slack app and install it again",
    "restricted_action": "let the app create and post in channels in the workspace's settings",
}


def verdict(method: str, status: int, answer: Mapping[str, Any], *, creating: bool) -> SlackError:
    """The error that a refused call stands for.

    ``answer`` is the body, with ``retry_after`` in seconds if the header was there. What Slack may have carried out
    in spite of its answer is ``SlackUnknown`` for a ``creating`` call, and for others, which repeat harmlessly,
    ``SlackFailed``.
    """
    code = str(answer.get("error") or f"http_{status}")
    if status == 429 or code in LIMITED:
        return SlackLimited(method, float(answer.get("retry_after") or DEFAULT_WAIT))
    if status >= 500 or code in TROUBLE:
        return SlackUnknown(method, code) if creating else SlackFailed(method, code)
    if code in LOCKED_OUT or (status != 200 and "error" not in answer):
        return SlackFailed(method, code)
    return SlackRefusal(method, code, refusal(method, code, needed=str(answer.get("needed") or "")))


def refusal(method: str, code: str, *, needed: str = "", where: str = "") -> str:
    """The sentence for a refusal, with its cure if there is one we know."""
    said = f"Slack refused {method}" + (f" in {where}" if where else "") + f": {code}"
    if needed:
        said += f" ({needed})"
    return f"{said}; {CURES[code]}" if code in CURES else said
