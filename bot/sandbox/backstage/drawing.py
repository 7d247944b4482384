"""The parts' HTML: drawn from values, once per value, and kept until the value changes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

FOLDER = Path(__file__).parent


@cache
def environment() -> Environment:
    """The templates, with every value escaped and every misspelt name an error."""
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def draw(template: str, **values: object) -> Markup:
    """The template filled in."""
    return Markup(environment().get_template(template).render(values))  # noqa: S704 - the template escapes


class Drawings:
    """The latest value of each part, and its HTML by where the page is mounted."""

    def __init__(self) -> None:
        self._values: dict[str, object] = {}
        self._html: dict[tuple[str, str], Markup] = {}

    def put(self, name: str, value: object) -> bool:
        """Whether the part looks different from now on."""
        if name in self._values and self._values[name] == value:
            return False
        self._values[name] = value
        self._html = {key: html for key, html in self._html.items() if key[0] != name}
        return True

    def value(self, name: str) -> object | None:
        """What was put last, or None."""
        return self._values.get(name)

    def html(self, name: str, base: str) -> Markup:
        """The HTML of ``strip:clock`` is made by ``strip_clock.html``; empty before the first ``put``."""
        if name not in self._values:
            return Markup("")
        key = (name, base)
        if key not in self._html:
            template = f"{name.replace(':', '_')}.html"
            self._html[key] = draw(template, it=self._values[name], base=base)
        return self._html[key]
