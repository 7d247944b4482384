"""``runbook``: which ones there are, what the incident goes by, another one, a newer version."""

from __future__ import annotations

from bot.errors import Refused
from bot.incidents.commands.walking import AttachRunbook, SwitchRunbook
from bot.slack.commands.command import Answer, Call, Command
from bot.slack.view.status import steps
from bot.slack.view.text import said

_USAGE = "runbook [list|show|attach ID [after]|switch]"


async def _run(call: Call) -> Answer:
    verb, _, rest = call.text.partition(" ")
    words = rest.split()
    if verb in ("", "show"):
        return await _show(call, words[0] if words else "")
    if verb == "list":
        return _list(call)
    if verb == "attach" and words:
        return await _attach(call, words)
    if verb == "switch":
        incident = await call.do(SwitchRunbook())
        now = incident.runbook
        return Answer(f"The runbook is {now.id} v{now.version} now; what was finished stays so." if now else "Done.")
    raise call.usage(_USAGE)


async def _show(call: Call, runbook_id: str) -> Answer:
    """The incident's runbook with its steps; another one by its id."""
    if runbook_id:
        known = next((one for one in call.desk.service.shelf.listing() if one.id == runbook_id), None)
        found = call.desk.service.shelf.find(runbook_id, "") if known else None
        if found is None:
            raise Refused("no_such_runbook", f"There is no runbook “{runbook_id[:80]}”; `{call.name} runbook list`.")
        book = found.runbook
        ids = ", ".join(f"`{step.id}`" for step in book.steps)
        lines = [f"*{said(book.id, 80)}* v{book.version}: {said(book.title, 150)}", said(book.summary, 500), ids]
        return Answer("\n".join(lines))
    incident = await call.incident()
    if incident.runbook is None:
        return Answer(f"{incident.key} goes by no runbook. `{call.name} runbook list` shows those there are.")
    pins = " → ".join(f"{said(pin.id, 80)} v{pin.version}" for pin in incident.pins)
    return Answer("\n".join([f"*{pins}* · {incident.runbook.sha256[:12]}", *steps(incident)]))


def _list(call: Call) -> Answer:
    found = call.desk.service.shelf.listing()
    lines = [f"`{one.id}` v{one.version}: {said(one.title, 120)} ({one.failure_mode})" for one in found]
    return Answer("\n".join(lines) or "There are no runbooks.")


async def _attach(call: Call, words: list[str]) -> Answer:
    after = len(words) > 1 and words[1].lower() == "after"
    if len(words) > 1 and not after:
        raise call.usage(_USAGE)
    incident = await call.do(AttachRunbook(runbook=words[0], walk="after" if after else "instead"))
    now = incident.runbook
    walked = f"{now.id} v{now.version}" if now else words[0]
    rest = "after the steps before" if after else "instead of the rest"
    return Answer(f"{walked} is walked {rest}.")


RUNBOOK = Command(usage=_USAGE, about="shows, attaches or switches the runbook", run=_run)
