"""Documents of an incident, read from its log: the postmortem and the timeline in the formats asked for.

The one place where files of ``templates/`` are opened: the folder in the current directory if there is one, else
the one shipped with the package.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path

from bot.charts import Chart
from bot.clock import Clock
from bot.errors import Mistake
from bot.incidents.events import ChartDrawn
from bot.incidents.timeline import Line, named, people_in, timeline
from bot.incidents.timeline_formats import FORMATS
from bot.postmortems.draft import draft
from bot.postmortems.exports import EXPORTS
from bot.service import Service

_SHIPPED = Path(__file__).parent / "postmortems" / "templates"


#: what people are called, by Slack user id; whoever is not known is left out
Names = Callable[[Collection[str]], Awaitable[Mapping[str, str]]]


async def nobody(_: Collection[str]) -> Mapping[str, str]:
    """No names are known: documents hold Slack's ids."""
    return {}


class Documents:
    """Postmortems and timelines. ``names`` is asked for those who own something."""

    def __init__(self, service: Service, clock: Clock, *, names: Names = nobody, folder: Path | None = None) -> None:
        self._service = service
        self._clock = clock
        self._names = names
        self._folder = folder

    async def postmortem(self, number: int, kind: str) -> str:
        """The postmortem in a format of ``EXPORTS``. Raises ``Mistake`` for another, ``Refused`` for no incident."""
        export = EXPORTS.get(kind)
        if export is None:
            raise Mistake(f"“{kind}” is not a format of the postmortem; there are {', '.join(EXPORTS)}")
        incident = await self._service.incident(number)
        entries = await self._service.entries(number)
        names = await self._names({item.owner for item in incident.items} | {incident.lead} - {""})
        document = draft(incident, entries, names=names, now=self._clock.now())
        return export.render(document, self._template("postmortem.md.j2"))

    async def timeline(self, number: int, kind: str) -> str:
        """The timeline as text, JSON or CSV."""
        show = FORMATS.get(kind)
        if show is None:
            raise Mistake(f"“{kind}” is not a format of the timeline; there are {', '.join(FORMATS)}")
        lines = timeline(await self._service.entries(number))
        return show(await self._told(lines) if kind == "text" else lines)

    async def lines(self, number: int) -> tuple[Line, ...]:
        """The timeline as people read it, with their names."""
        return await self._told(timeline(await self._service.entries(number)))

    async def called(self, who: str) -> str:
        """The person's name, or their id where no name is known; empty for nobody."""
        return (await self._names({who})).get(who, who) if who else ""

    async def charts(self, number: int) -> tuple[Chart, ...]:
        """The newest drawing of each chart, in the order in which they were first drawn."""
        drawn: dict[str, Chart] = {}
        for entry in await self._service.entries(number):
            if isinstance(entry.event, ChartDrawn) and entry.event.numbers is not None:
                drawn[entry.event.chart] = entry.event.numbers
        return tuple(drawn.values())

    async def _told(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return named(lines, await self._names(people_in(lines)))

    def _template(self, name: str) -> str:
        for folder in (self._folder, _SHIPPED):
            if folder is not None and (folder / name).is_file():
                return (folder / name).read_text(encoding="utf-8")
        raise Mistake(f"there is no template {name}")
