"""``step hypothesis``: what people suspect beside the runbook, and what the evidence says of it."""

from __future__ import annotations

from bot.incidents.commands.walking import AddHypothesis, JudgeHypothesis
from bot.incidents.events import Judged
from bot.slack.commands.command import Answer, Call
from bot.slack.view.answers import JUDGED, hypotheses

_USAGE = "step hypothesis add TEXT"
_JUDGED: dict[str, Judged] = {
    "supported": "supported", "ruled-out": "ruled_out", "ruled_out": "ruled_out", "open": "open",
}  # fmt: skip


async def hypothesis(call: Call, words: str) -> Answer:
    """``add TEXT``, ``supported N [evidence]``, ``ruled-out N [evidence]``, ``open N`` or ``list``."""
    verb, _, rest = words.strip().partition(" ")
    verb, rest = verb.lower(), rest.strip()
    if verb in ("", "list"):
        return Answer("\n".join(hypotheses(await call.incident())))
    if verb == "add" and rest:
        incident = await call.do(AddHypothesis(text=rest))
        return Answer(f"Hypothesis {len(incident.hypotheses)} is on the list.")
    judged, (number, _, evidence) = _JUDGED.get(verb), rest.partition(" ")
    if judged is None or not number.isdecimal():
        raise call.usage(_USAGE, f", or `{call.name} step hypothesis supported 1 and what shows it` (or `ruled-out`)")
    await call.do(JudgeHypothesis(hypothesis=int(number), judged=judged, evidence=evidence.strip()))
    return Answer(f"Hypothesis {number} is {JUDGED[judged]}.")
