"""The submitted modal that splits alerts off."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import Refused
from bot.slack.interactions.desk import Desk, Place
from bot.slack.view.modals.split import FIELD


async def split_off(
    desk: Desk, number: int | None, inputs: Mapping[str, str], *, place: Place, delivery: str
) -> None:
    """The chosen alerts are an incident of their own, and whoever chose them is told which. Raises ``Refused``."""
    if number is None:
        raise Refused("unknown_modal", "I do not know this dialog any more; nothing was changed.")
    keys = inputs.get(FIELD, "").split(",")
    both = await desk.service.merging.split(number, keys, by=place.user, delivery=delivery)
    told = f"{both.incident.key} is open with what you split off {both.other.key}; you lead it."
    await desk.whisper(place, told)
