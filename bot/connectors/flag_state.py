"""A flag's state in one environment as values: what it is, what it shall be, and the writes between the two.

Pure. A percentage lies between 0 and 100. A variant is served alone when its weight is all of 1000, which Unleash
wants written as the one ``variable`` variant beside ``fix`` ones of weight 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.yaml.reader import suggestion

#: The strategies that roll out gradually, and the name of the percentage in their parameters.
GRADUAL = {
    "flexibleRollout": "rollout", "gradualRolloutUserId": "percentage", "gradualRolloutSessionId": "percentage",
    "gradualRolloutRandom": "percentage",
}  # fmt: skip
ALL = 1000
Write = tuple[str, str, Any]


class Strategy(msgspec.Struct, frozen=True, kw_only=True):
    """One activation strategy, as Unleash writes it."""

    id: str
    name: str
    title: str | None = None
    disabled: bool | None = False
    parameters: dict[str, Any] = {}
    constraints: list[Any] = []
    segments: list[Any] = []
    variants: list[dict[str, Any]] = []
    sort_order: int | None = msgspec.field(name="sortOrder", default=None)

    @property
    def percentage(self) -> float | None:
        """Its percentage, None if it is not a gradual one."""
        key = GRADUAL.get(self.name)
        try:
            return None if key is None else float(self.parameters.get(key, ""))
        except (ValueError, TypeError):
            return None


class FlagState(msgspec.Struct, frozen=True):
    """A flag in one environment."""

    enabled: bool
    strategies: tuple[Strategy, ...] = ()


def shown(state: FlagState) -> dict[str, Any]:
    """The state by the names of the arguments that set it, and whole under ``state``.

    ``percentage`` is None unless every gradual strategy has the same one; ``variant`` unless one is served alone.
    """
    active = [one for one in state.strategies if not one.disabled]
    percentages = {one.id: one.percentage for one in active if one.percentage is not None}
    alone = {name for one in active for name in _alone(one)}
    many = any(len([v for v in one.variants if v.get("weight")]) > 1 for one in active)
    return {
        "enabled": state.enabled,
        "percentage": next(iter(percentages.values())) if len(set(percentages.values())) == 1 else None,
        "variant": next(iter(alone)) if len(alone) == 1 and not many else None,
        "percentages": percentages,
        "targeting": [_target(rule) for one in active for rule in one.constraints]
        + [f"segment {segment}" for one in active for segment in one.segments],
        "state": plain(state),
    }  # fmt: skip


def plain(state: FlagState) -> Any:
    """The state as JSON has it, which is how a log gives it back."""
    return msgspec.json.decode(msgspec.json.encode(state))


def changed(state: FlagState, wanted: Mapping[str, Any]) -> FlagState:
    """The state with what ``wanted`` says: ``state`` whole, or ``enabled``, ``percentage``, ``variant``.

    Raises ValueError with the rest of a sentence whose subject is the flag.
    """
    if "state" in wanted:
        try:
            return msgspec.convert(wanted["state"], FlagState)
        except msgspec.ValidationError as error:
            raise ValueError(f"cannot be put back: {error}") from None
    if not any(wanted.get(key) is not None for key in ("enabled", "percentage", "variant")):
        raise ValueError("is given nothing to set: say enabled, percentage or variant")
    strategies = state.strategies
    if wanted.get("percentage") is not None:
        strategies = _rolled_out(strategies, wanted["percentage"])
    if wanted.get("variant") is not None:
        strategies = _served(strategies, str(wanted["variant"]))
    enabled = wanted.get("enabled")
    return FlagState(state.enabled if enabled is None else _switch(enabled), strategies)


def writes(now: FlagState, wanted: FlagState) -> list[Write]:
    """The calls (method, path below the environment, body) that lead from one state to the other, in order."""
    before = {one.id: one for one in now.strategies}
    after = {one.id: one for one in wanted.strategies}
    planned: list[Write] = [("POST", "off", None)] if now.enabled and not wanted.enabled else []
    for key, one in after.items():
        if key not in before:
            planned.append(("POST", "strategies", _body(one)))
        elif before[key] != one:
            planned.append(("PUT", f"strategies/{key}", _body(one)))
    planned += [("DELETE", f"strategies/{key}", None) for key in before if key not in after]
    return planned + ([("POST", "on", None)] if wanted.enabled and not now.enabled else [])


def _body(one: Strategy) -> dict[str, Any]:
    body: dict[str, Any] = msgspec.to_builtins(one)
    del body["id"]
    return {key: value for key, value in body.items() if value is not None}


def _switch(value: Any) -> bool:
    known = {"true": True, "on": True, "false": False, "off": False}
    found = value if isinstance(value, bool) else known.get(str(value).lower())
    if found is None:
        raise ValueError(f"is switched with true or false, not with {str(value)[:40]!r}")
    return found


def _rolled_out(strategies: tuple[Strategy, ...], percentage: Any) -> tuple[Strategy, ...]:
    try:
        value = float(percentage)
    except (TypeError, ValueError):
        value = -1.0
    if isinstance(percentage, bool) or not 0 <= value <= 100:
        raise ValueError(f"has a percentage between 0 and 100, not {str(percentage)[:40]!r}")
    if not any(one.percentage is not None and not one.disabled for one in strategies):
        raise ValueError("has no gradual rollout whose percentage could be set")
    return tuple(
        msgspec.structs.replace(one, parameters={**one.parameters, GRADUAL[one.name]: f"{value:g}"})
        if one.percentage is not None and not one.disabled and one.percentage != value
        else one
        for one in strategies
    )


def _served(strategies: tuple[Strategy, ...], variant: str) -> tuple[Strategy, ...]:
    known = [str(one.get("name")) for strategy in strategies if not strategy.disabled for one in strategy.variants]
    if variant not in known:
        hint = suggestion(variant, known) or (f"; it has {', '.join(dict.fromkeys(known))}" if known else "")
        raise ValueError(f"has no variant {variant!r}{hint}")
    return tuple(_only(one, variant) for one in strategies)


def _only(strategy: Strategy, variant: str) -> Strategy:
    names = [one.get("name") for one in strategy.variants]
    if strategy.disabled or variant not in names or _alone(strategy) == {variant}:
        return strategy
    weighed = [
        {**one, "weight": ALL if one.get("name") == variant else 0,
         "weightType": "variable" if one.get("name") == variant else "fix"}
        for one in strategy.variants
    ]  # fmt: skip
    return msgspec.structs.replace(strategy, variants=weighed)


def _alone(strategy: Strategy) -> set[str]:
    """The variant that has all of the weight, if one has."""
    return {str(one.get("name")) for one in strategy.variants if one.get("weight") == ALL}


def _target(rule: Any) -> str:
    if not isinstance(rule, Mapping):
        return str(rule)[:80]
    listed = rule.get("values")
    values = [str(one) for one in (isinstance(listed, list) and listed) or [rule.get("value", "")]]
    inverted = "not " if rule.get("inverted") else ""
    return f"{inverted}{rule.get('contextName')} {rule.get('operator')} {', '.join(values)}"[:120]
