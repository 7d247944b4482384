"""Which version one goes back to, by the registry: the newest of the last three that passed and fits."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from bot.config.settings import Operation
from bot.connectors import RegisteredVersion
from bot.incidents import events as ev
from bot.incidents.events.candidates import Candidate
from bot.incidents.targets import target_of
from bot.runbooks.schema import Registered
from bot.runbooks.steps import Context, act, see_versions
from bot.runbooks.steps.registered import known
from tests.unit.connectors.sources import setting
from tests.unit.steps import scene
from tests.unit.steps.scene import RELEASE, ROLLBACK, World, approved, context, incident, step

FITTING = replace(ROLLBACK, compatible=("features", "index"))
MODEL = Registered(registry="models", name="fraud", passed="passed", alias="champion")


def registered(version: str, features: str | None = "a", index: str | None = "i", *, passed: bool = True) -> Any:
    tags = {"passed": str(passed).lower(), "features": features, "index": index}
    return {"version": version, "tags": {key: value for key, value in tags.items() if value is not None}}


class Registry(World):
    """Also answers which versions are registered."""

    def __init__(self, *versions: Any) -> None:
        super().__init__()
        self.versions: Any = list(versions)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/models/fraud"):
            return scene.respond(self.versions)
        return super().__call__(request)


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    operations = {"versions": Operation(method="GET", path="models/{{ name }}")}
    monkeypatch.setitem(scene.CONNECTORS, "models", setting("http", name="models", operations=operations))


def at(world: World, *, events: Any = ()) -> Context:
    head = incident(step(FITTING), events=events)
    assert head.runbook is not None
    return context(replace(head, runbook=replace(head.runbook, registry=MODEL)), world, changes=[RELEASE])


async def seen(world: World) -> ev.VersionsSeen:
    (found,) = await see_versions(at(world))
    assert isinstance(found, ev.VersionsSeen)
    return found


async def test_the_newest_before_the_running_one_that_passed_and_fits() -> None:
    found = await seen(Registry(registered("43"), registered("42"), registered("41"), registered("40")))
    assert (found.running, found.target, found.unsure) == ("42", "41", ())
    assert [one.version for one in found.candidates] == ["41", "40"]


async def test_what_did_not_pass_is_passed_over_and_only_the_last_three_are_looked_at() -> None:
    versions = [registered(str(n), passed=n != 41, features="a" if n != 40 else "b") for n in range(42, 35, -1)]
    found = await seen(Registry(*versions))
    assert found.target == "39"
    assert [one.version for one in found.candidates] == ["40", "39", "38"]


async def test_what_does_not_fit_is_not_offered_and_that_is_said() -> None:
    found = await seen(Registry(registered("42"), registered("41", features="b"), registered("40")))
    assert found.target == "40"
    assert found.says == ("v41 is not offered: v41 does not fit what v42 runs with: other features",)


async def test_unknown_is_offered_only_if_nothing_is_known_to_fit_and_says_what_is_not_known() -> None:
    found = await seen(Registry(registered("42"), registered("41", index=None)))
    assert found.target == "41"
    assert found.unsure == ("whether v41 fits what v42 runs with is not known: index not registered",)
    other = await seen(Registry(registered("42"), registered("41", index=None), registered("40")))
    assert (other.target, other.unsure) == ("40", ())


async def test_where_nothing_fits_there_is_no_target_and_the_reason() -> None:
    found = await seen(Registry(registered("42"), registered("41", features="b")))
    assert found.target is None
    assert found.because.startswith("Nothing to go back to is known: by the registry no version before it fits")


async def test_where_registry_and_traffic_disagree_traffic_wins_and_it_is_said() -> None:
    versions = [{**registered("43"), "aliases": ["champion"]}, registered("42"), registered("41")]
    found = await seen(Registry(*versions))
    assert (found.running, found.target) == ("42", "41")
    assert found.says == ("The registry calls v43 champion, traffic shows v42: traffic counts",)
    assert found.aliases == {"champion": "43"}


async def test_a_version_that_ran_before_and_is_gone_is_said() -> None:
    found = await seen(Registry(registered("42"), registered("40")))
    assert found.target == "40"
    assert found.says == ("v41 ran before, and is gone from the registry",)


async def test_a_registry_that_is_away_leaves_what_ran_before_unconfirmed() -> None:
    world = Registry()
    world.versions = httpx.ConnectError("no")
    found = await seen(world)
    assert found.target == "41"
    assert found.unsure == ("whether v41 fits is not known: models cannot be reached",)
    assert found.again_at is not None


async def test_without_a_registry_what_has_to_fit_is_not_known() -> None:
    world, the_step = World(), step(FITTING)
    (found,) = await see_versions(context(incident(the_step), world, changes=[RELEASE]))
    assert isinstance(found, ev.VersionsSeen)
    assert found.unsure == ("whether v41 fits (features and index) is not known: no registry is named",)


async def test_a_version_that_is_gone_from_the_registry_is_not_gone_back_to() -> None:
    world, the_step = Registry(registered("42"), registered("40")), step(FITTING)

    async def never(_: Any) -> None:
        raise AssertionError("nothing may begin")

    (finished,) = await act(at(world, events=approved()), the_step, never)
    assert isinstance(finished, ev.ActionFinished)
    assert finished.because == "nothing was changed: v41 is gone from models; choose another version"


async def came_of(*versions: Any, candidates: Any = ()) -> str:
    """What came of an approved rollback from v42 to v41, with that in the registry right before the call."""
    world, the_step = Registry(*versions), step(FITTING)

    async def begin(_: Any) -> None:
        assert not world.writes()

    told = ev.VersionsSeen(running="42", target="41", shares={"42": 1.0}, candidates=candidates)
    (finished,) = await act(at(world, events=[told, *approved()[1:]]), the_step, begin)
    assert isinstance(finished, ev.ActionFinished)
    assert bool(world.writes()) is (finished.outcome == "written")
    return finished.because or finished.outcome


async def test_what_does_not_fit_any_more_right_before_the_call_is_not_gone_back_to() -> None:
    told = "nothing was changed: v41 does not fit what v42 runs with: other features, as it is registered now; "
    assert await came_of(registered("42"), registered("41", features="b")) == f"{told}choose another version"
    assert await came_of(registered("42"), registered("41")) == "written"


async def test_what_fitted_when_it_was_asked_for_and_is_not_known_to_any_more_is_refused_too() -> None:
    versions = registered("42"), registered("41", index=None)
    because = await came_of(*versions, candidates=(Candidate(version="41"),))
    assert because.startswith("nothing was changed: whether v41 fits what v42 runs with is not known: index")
    unknown = Candidate(version="41", fits="unknown", because="index not registered")
    assert await came_of(*versions, candidates=(unknown,)) == "written", "whoever approved it was asked about that"


def test_a_registry_that_does_not_know_the_running_version_offers_the_newest_as_not_known() -> None:
    versions = [RegisteredVersion(version="40", tags={"features": "a"})]
    found = known(versions, "42", Registered(registry="m", name="f"), ["features"])
    assert found.target is not None
    assert found.target.fits == "unknown"


def test_where_the_running_version_is_not_registered_nothing_is_offered_as_known_to_fit() -> None:
    versions = [RegisteredVersion(version="44"), RegisteredVersion(version="41")]
    found = known(versions, "42", Registered(registry="m", name="f"), [])
    assert [one.fits for one in found.candidates] == ["unknown", "unknown"]
    assert found.candidates[0].because.startswith("whether v44 came before v42")
    seen = ev.VersionsSeen(running="42", target="44", unsure=(found.candidates[0].because,))
    assert target_of(incident(step(ROLLBACK), events=[seen]), ROLLBACK).unsure == seen.unsure


async def test_where_the_running_version_is_not_registered_what_ran_before_is_offered_and_asked_about() -> None:
    found = await seen(Registry(registered("44"), registered("41"), registered("40")))
    assert found.target == "41"
    assert found.unsure == ("whether v41 came before v42, and fits, is not known: v42 is not registered",)
    assert any(said.startswith("v44 is not offered") for said in found.says)
