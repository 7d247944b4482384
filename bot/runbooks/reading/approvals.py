"""Who may say yes to an action, and when it may begin by itself."""

from __future__ import annotations

from bot.runbooks.expression_check import Shape
from bot.runbooks.reading import texts
from bot.runbooks.schema import Approval, Auto
from bot.yaml.reader import Section

#: So long after the request the lead may break the glass (seconds).
GLASS_AFTER = 600.0


def read_approval(section: Section, names: Shape, *, required: bool) -> Approval | None:
    """``approval: none``, ``approval: {...}``, or the short ``approvers: [...]`` beside the action."""
    if "approvers" in section:
        if "approval" in section:
            section.problem("approvers", "write 'approvers' or 'approval', not both")
        return Approval(approvers=texts.people(section, "approvers", anyone=True) or ("anyone",))
    node = section.take("approval")
    if node is None:
        if required:
            section.problems.add(section.place, f"{section.name} needs 'approval'")
        return Approval()
    if node.text == "none":
        return None
    inner = Section(node, section.problems, "'approval'")
    found = Approval(
        approvers=texts.people(inner, "approvers", anyone=True) or ("anyone",),
        count=inner.integer("count", 1, minimum=1),
        not_requester=inner.boolean("not_requester", True),
        expires=inner.duration("expires", 900.0),
        auto=_auto(inner, names),
    )
    inner.close()
    return found


def _auto(section: Section, names: Shape) -> Auto | None:
    """``auto: {when: expr, after: 2m}``: only what is written out begins by itself."""
    inner = section.section("auto", "'auto'")
    if inner is None:
        return None
    # the catalogue does not know the runbook's steps: one that is not there is not known, and begins nothing
    when = texts.expression(inner, "when", names if "steps" in names else {**names, "steps": None})
    if when is None:
        inner.problems.add(inner.place, "'auto' needs 'when': what has to hold for the action to begin by itself")
    after = inner.duration("after", 120.0)
    if after < 30.0:
        inner.problem("after", "somebody must have time to stop it: 30s at least")
        after = 30.0
    inner.close()
    return None if when is None else Auto(when=when, after=after)
