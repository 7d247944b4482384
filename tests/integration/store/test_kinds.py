"""Which alerts of an incident can be chosen together, and what is split off with each choice."""

from __future__ import annotations

import pytest

from bot.errors import Refused
from bot.service import Service
from bot.service.intake import Delivery
from bot.store import Store
from tests.integration.store.services import alert, service

ANA = "U0ANA"


async def stormy(store: Store, kinds: int = 130) -> Service:
    """INC-1 with alerts of so many names, every third of them in the region eu."""
    here = service(store)
    alerts = [
        alert(f"f{n:03}", name=f"Drift{n:03}", region="eu" if n % 3 == 0 else "us", owner="a, b%c")
        for n in range(kinds)
    ]
    await here.take("alertmanager", alerts)
    return here


async def test_of_more_than_a_hundred_kinds_words_find_those_that_came_later(store: Store) -> None:
    here = await stormy(store)
    first = await here.merging.kinds(1)
    assert (len(first), first[-1].name) == (100, "Drift099")
    assert [kind.name for kind in await here.merging.kinds(1, "drift12")] == [f"Drift{n}" for n in range(120, 130)]
    assert await here.merging.kinds(1, "%") == []


async def test_all_alerts_with_one_label_are_chosen_together(store: Store) -> None:
    here = await stormy(store)
    (kind,) = await here.merging.kinds(1, "region=eu")
    assert (kind.name, kind.which, kind.count, kind.firing) == ("region=eu", "all that have it", 44, 44)
    await here.take("alertmanager", [alert("late", name="Drift999", region="eu")])  # before it was chosen
    both = await here.merging.split(1, [kind.key], by=ANA)
    assert (both.incident.alerts, both.other.alerts) == (45, 86)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("alertname=Drift007", 1),
        ("service=fraud-scorer", 130),
        ("owner=a, b%c", 130),
        ("owner=A, B%C", 0),
        ("region=e", 0),
        ("gion=eu", 0),
        ('owner=", "region":"eu', 0),
    ],
)
async def test_a_label_is_meant_exactly_and_what_the_alert_is_about_counts(
    store: Store, words: str, count: int
) -> None:
    here = await stormy(store)
    assert [kind.count for kind in await here.merging.kinds(1, words)] == ([count] if count else [])


async def test_of_few_alerts_words_look_at_what_tells_them_apart_too(store: Store) -> None:
    here = await stormy(store, kinds=3)
    assert [kind.name for kind in await here.merging.kinds(1, "drift002")] == ["Drift002"]
    (kind,) = await here.merging.kinds(1, "region=us")
    assert kind.count == 2


@pytest.mark.parametrize("key", ["label:1:nothing", "label:1", "label:999:region", "kind", "kind:", "label::"])
async def test_a_choice_that_names_nothing_chooses_nothing(store: Store, key: str) -> None:
    here = await stormy(store, kinds=2)
    with pytest.raises(Refused) as refused:
        await here.merging.split(1, [key], by=ANA)
    assert refused.value.reason == "empty"


async def test_what_an_older_version_kept_about_persons_is_not_offered(store: Store) -> None:
    here = service(store)
    taken = here._intake.take
    said = [alert("a", user_email="ana@example.com"), alert("b", user_email="ben@example.com")]
    await taken(Delivery("alertmanager", tuple(said)))
    assert {kind.which for kind in await here.merging.kinds(1)} == {"user_email=(withheld)"}
