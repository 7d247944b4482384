"""The words of the slash command, one file each: ``COMMANDS`` maps what people type to what it does.

Every answer is for whoever typed; a mistake is answered with what to type instead.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.commands.ack import ACK
from bot.slack.commands.action import ACTION
from bot.slack.commands.attach import ATTACH
from bot.slack.commands.cancel import CANCEL
from bot.slack.commands.command import Answer, Call, Command
from bot.slack.commands.help import helping
from bot.slack.commands.hold import HOLD
from bot.slack.commands.lead import LEAD
from bot.slack.commands.listing import LIST
from bot.slack.commands.merge import MERGE
from bot.slack.commands.mute import MUTE, UNMUTE
from bot.slack.commands.new import NEW
from bot.slack.commands.note import NOTE
from bot.slack.commands.open import OPEN
from bot.slack.commands.postmortem import POSTMORTEM
from bot.slack.commands.private import PRIVATE
from bot.slack.commands.redact import REDACT
from bot.slack.commands.reopen import REOPEN
from bot.slack.commands.report import REPORT
from bot.slack.commands.resolve import RESOLVE
from bot.slack.commands.runbook import RUNBOOK
from bot.slack.commands.severity import SEVERITY
from bot.slack.commands.silence import SILENCE
from bot.slack.commands.split import SPLIT
from bot.slack.commands.status import STATUS
from bot.slack.commands.step import STEP
from bot.slack.commands.update import UPDATE
from bot.slack.commands.why import WHY

__all__ = ["COMMANDS", "Answer", "Call", "Command"]

_WORDS: dict[str, Command] = {
    "new": NEW,
    "status": STATUS,
    "list": LIST,
    "report": REPORT,
    "ack": ACK,
    "lead": LEAD,
    "severity": SEVERITY,
    "note": NOTE,
    "step": STEP,
    "runbook": RUNBOOK,
    "update": UPDATE,
    "resolve": RESOLVE,
    "reopen": REOPEN,
    "cancel": CANCEL,
    "open": OPEN,
    "mute": MUTE,
    "unmute": UNMUTE,
    "merge": MERGE,
    "split": SPLIT,
    "attach": ATTACH,
    "silence": SILENCE,
    "private": PRIVATE,
    "hold": HOLD,
    "redact": REDACT,
    "postmortem": POSTMORTEM,
    "why": WHY,
    "action": ACTION,
}
COMMANDS: Mapping[str, Command] = {**_WORDS, "help": helping(_WORDS)}
