"""The flags, as their owners see them in a flag tool: what is set, and what it can be set to."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bot.sandbox.world import World


class FlagRow(msgspec.Struct, frozen=True, kw_only=True):
    """One flag in one environment. ``split`` says the shares if it is not all one value."""

    name: str
    environment: str
    value: str
    options: tuple[str, ...]
    sentence: str
    split: str = ""


class Flags(msgspec.Struct, frozen=True, kw_only=True):
    """All flags of the scenario."""

    rows: tuple[FlagRow, ...]


def flags(world: World) -> Flags:
    """Every flag in production, then every flag in staging."""
    rows = [
        FlagRow(
            name=switch.name,
            environment="production",
            value=switch.value,
            options=switch.options,
            sentence=switch.sentence,
            split=split(world.flag("production", name=switch.name).percentages),
        )
        for switch in world.switches()
    ]
    return Flags(rows=(*rows, *(_in_staging(world, row.name) for row in rows)))


def _in_staging(world: World, name: str) -> FlagRow:
    staging = world.flag("staging", name=name)
    model = name == world.scenario.flag
    return FlagRow(
        name=name,
        environment="staging",
        value=staging.value,
        options=world.scenario.options(name),
        sentence="Which version is tried before it is released." if model else "Where it is tried first.",
        split=split(staging.percentages),
    )


def split(percentages: Mapping[str, float]) -> str:
    """``41 90 %, 42 10 %``; empty if one value gets everything."""
    if len(percentages) < 2:
        return ""
    return ", ".join(f"{value} {share:g} %" for value, share in sorted(percentages.items()))


def set_flag(world: World, *, name: str, environment: str, value: str) -> None:
    """From now on all of the environment's traffic gets ``value``. ``ValueError`` says what cannot be set."""
    row = next((row for row in flags(world).rows if (row.name, row.environment) == (name, environment)), None)
    if row is None:
        raise ValueError(f"there is no flag {name[:80]} in {environment[:40]}")
    if value not in row.options:
        raise ValueError(f"{name} is one of {', '.join(row.options)}, not {value[:40]}")
    if environment == "production":
        world.set_switch(name, value)
    else:
        world.set_flag("staging", {value: 100.0}, name=name)
