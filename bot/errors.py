"""The errors of Evenkeel, and whether trying again can help.

::

    EvenkeelError
    ├── Refused               a person asked for what cannot be done now        never retried, told to who asked
    ├── Mistake               a file or a request says what it must not
    │   ├── ConfigurationError    evenkeel.yaml, the environment, a runbook    lists every problem
    │   ├── BadRequest            a body that cannot be read                   HTTP 400
    │   └── Unauthenticated       nobody we know sent it                       HTTP 401
    ├── Unavailable           something we depend on is away                   retryable
    │   ├── DatabaseAway          the database does not answer                 HTTP 503, Retry-After
    │   ├── Busy                  more waits to be stored than memory is for   HTTP 503, Retry-After
    │   └── SourceUnavailable     a connector timed out or answered nonsense
    ├── SlackError            what the Web API said
    │   ├── SlackRefusal          it will say the same again (invalid_blocks)  not retried until the call changes
    │   ├── SlackLimited          HTTP 429                                     retryable after ``retry_after``
    │   ├── SlackFailed           surely not done (5xx, refused connection)    retryable
    │   └── SlackUnknown          perhaps done (time-out, answer lost)         looked up before it is repeated
    ├── LeaseLost             another process took the incident over           this process stops working on it
    └── NewerSchema           the log holds events this program cannot read    left to a newer replica

``retryable`` is read by the loops that try again and by nobody else; ``str(error)`` is the sentence that a person
sees.
"""

from __future__ import annotations

from typing import ClassVar

_LONGEST = 500


class EvenkeelError(Exception):
    """Something that Evenkeel foresaw; its text is a sentence for the person who can act on it."""

    retryable: ClassVar[bool] = False


class Refused(EvenkeelError):
    """A command that cannot be carried out now. Nothing was changed.

    ``reason`` is a stable word for logs and tests; the text says who did what and what to do instead. ``field``
    names the input of a modal that the text belongs to, if there is one.
    """

    def __init__(self, reason: str, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.reason = reason
        self.field = field


class Mistake(EvenkeelError):
    """Input that has to be corrected by whoever wrote it."""


class ConfigurationError(Mistake):
    """Every problem of a configuration at once, each as ``file:line:column: message``."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class BadRequest(Mistake):
    """A request body that cannot be read; the text says why, and never at the length of what it speaks of."""

    def __init__(self, text: str) -> None:
        super().__init__(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 150]} … {text[-140:]}")


class Unauthenticated(Mistake):
    """A request whose sender cannot be told from a stranger; the text says what is missing, never what was right.

    ``scheme`` is how it could say who it is, as HTTP's ``WWW-Authenticate`` puts it.
    """

    def __init__(self, text: str, *, scheme: str = "Bearer") -> None:
        super().__init__(text)
        self.scheme = scheme


class Unavailable(EvenkeelError):
    """Something that Evenkeel depends on is away for now."""

    retryable = True


class DatabaseAway(Unavailable):
    """The database does not answer."""


class Busy(Unavailable):
    """More waits to be stored than there may be in memory; whoever sent it tries again a little later."""


class SourceUnavailable(Unavailable):
    """A connector's source timed out, refused, or answered something unreadable; the text names it.

    ``again`` is False where asking once more will say the same until a person mends the cause.
    """

    def __init__(self, text: str, *, again: bool = True) -> None:
        super().__init__(text)
        self.again = again


class SlackError(EvenkeelError):
    """What Slack said to one call. ``method`` is the Web API method, ``code`` Slack's own word."""

    def __init__(self, method: str, code: str, text: str | None = None) -> None:
        super().__init__(text or f"Slack refused {method}: {code}")
        self.method = method
        self.code = code


class SlackRefusal(SlackError):
    """Slack will say the same again until the call changes or a person mends the cause."""


class SlackLimited(SlackError):
    """Too many calls; Slack says in how many seconds it listens again."""

    retryable = True

    def __init__(self, method: str, retry_after: float) -> None:
        super().__init__(method, "ratelimited", f"Slack limits {method} for {retry_after:g} s")
        self.retry_after = retry_after


class SlackFailed(SlackError):
    """The call surely did nothing; it may be made again."""

    retryable = True


class SlackUnknown(SlackError):
    """The answer was lost: the call may have been carried out, or may still be. Look before repeating it."""

    retryable = True


class LeaseLost(EvenkeelError):
    """Another process holds the incident now."""


class NewerSchema(EvenkeelError):
    """The log holds events of a newer program; a newer replica has to decide."""
