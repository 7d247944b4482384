"""The submitted modal that splits alerts off."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import Refused
from bot.slack.interactions.desk import Desk, Place
from bot.slack.view.modals.split import FIELD, LABEL


async def split_off(
    desk: Desk, number: int | None, inputs: Mapping[str, str], *, place: Place, delivery: str
) -> None:
    """The chosen alerts are an incident of their own, and whoever chose them is told which. Raises ``Refused``."""
    if number is None:
        raise Refused("unknown_modal", "I do not know this dialog any more; nothing was changed.")
    keys = [*inputs.get(FIELD, "").split(","), *await _labelled(desk, number, inputs.get(LABEL, "").strip())]
    both = await desk.service.merging.split(number, keys, by=place.user, delivery=delivery)
    told = f"{both.incident.key} is open with what you split off {both.other.key}; you lead it."
    await desk.whisper(place, f"{told}{_heard(both.heard)}")


async def _labelled(desk: Desk, number: int, words: str) -> list[str]:
    """The key of all alerts with the label that was typed; ``Refused`` at its field if there are none."""
    if not words:
        return []
    found = await desk.service.merging.kinds(number, words) if "=" in words else ()
    if not found:
        raise Refused("no_such_label", "No alert here has it. Type a label and its value: region=eu", field=LABEL)
    return [kind.key for kind in found]


def _heard(count: int) -> str:
    """What becomes of the silence under which they were; nothing if there was none."""
    if not count:
        return ""
    were = "Its alert was" if count == 1 else f"{count} of its alerts were"
    again = "it is heard again in a moment" if count == 1 else "they are heard again in a moment"
    return f" {were} silent at the source: {again}. `silence 2h` there keeps it so."
