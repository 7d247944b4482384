"""Flags, with what a real Unleash 6.4 answered: a gradual rollout with targeting and two variants."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from bot.connectors import NotConnected, Reading, SourceRefused, SourceUnavailable, Unleash
from bot.connectors.flag_state import FlagState, Strategy, changed, shown, writes
from tests.unit.connectors.recorded import Replay, calls
from tests.unit.connectors.sources import Handler, connected, setting

RANKER = {"flag": "ranker", "environment": "production"}
SET = {**RANKER, "percentage": 0, "variant": "v41"}


def flags(handler: Handler) -> Unleash:
    found = connected(handler, flags=setting("unleash", url="http://source.test")).actor("flags")
    assert isinstance(found, Unleash)
    return found


def recorded() -> Replay:
    return Replay(calls("unleash_set"))


def written(replay: Replay) -> list[tuple[str, str]]:
    return [(one.method, one.url.path.rpartition("/production")[2]) for one in replay.asked if one.method != "GET"]


async def test_a_reading_holds_the_percentage_the_variants_and_the_targeting() -> None:
    replay = recorded()
    value = (await flags(replay).read("get", RANKER)).value
    assert (value["enabled"], value["percentage"], value["variant"]) == (True, 30.0, None)
    assert value["targeting"] == ["userId IN de, fr"]
    assert list(value["percentages"].values()) == [30.0]
    assert len(value["state"]["strategies"][0]["variants"]) == 2
    assert replay.asked[0].headers["authorization"] == "s3cret"


async def test_a_percentage_and_a_variant_are_set_and_the_whole_state_is_put_back() -> None:
    replay = recorded()
    source = flags(replay)
    before = await source.read("get", RANKER)
    await source.call("set", SET, since=before)
    now = (await source.read("get", SET)).value
    assert (now["percentage"], now["variant"], now["targeting"]) == (0.0, "v41", before.value["targeting"])
    with pytest.raises(SourceRefused, match="somebody else changed the flag ranker in production meanwhile"):
        await source.call("set", SET, since=before)
    await source.call("set", {**RANKER, "enabled": False})
    assert (await source.read("get", RANKER)).value["enabled"] is False
    as_the_log_has_it = json.loads(json.dumps(before.value))
    await source.call("set", source.undone("set", SET, as_the_log_has_it))
    assert (await source.read("get", RANKER)).value == before.value
    identity = next(iter(before.value["percentages"]))
    change = ("PUT", f"/strategies/{identity}")
    assert written(replay) == [change, ("POST", "/off"), change, ("POST", "/on")]


async def test_what_unleash_does_not_know_it_says_itself() -> None:
    replay = recorded()
    with pytest.raises(SourceRefused, match=r'refused \(404\): There\'s no feature named "nope"'):
        await flags(replay).read("get", {**RANKER, "flag": "nope"})
    with pytest.raises(SourceRefused, match="the flag ranker is not in the environment nope"):
        await flags(replay).read("get", {**RANKER, "environment": "nope"})


async def test_the_variants_of_a_flag_are_its_versions() -> None:
    found = await flags(recorded()).versions("ranker")
    assert [one.version for one in found] == ["v41", "v42"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"variant": "v40"}, "flags: the flag ranker in production has no variant 'v40'; did you mean"),
        ({"percentage": 101}, "has a percentage between 0 and 100, not '101'"),
        ({"percentage": "some"}, "has a percentage between 0 and 100, not 'some'"),
        ({"percentage": True}, "has a percentage between 0 and 100"),
        ({"percentage": "nan"}, "has a percentage between 0 and 100"),
        ({"enabled": "perhaps"}, "is switched with true or false"),
        ({"state": {"enabled": 1}}, "cannot be put back"),
        ({}, "is given nothing to set: say enabled, percentage or variant"),
    ],
)
async def test_what_cannot_be_set_changes_nothing(arguments: dict[str, Any], said: str) -> None:
    replay = recorded()
    with pytest.raises(NotConnected) as caught:
        await flags(replay).call("set", {**RANKER, **arguments})
    assert said in str(caught.value)
    assert written(replay) == []


async def test_a_flag_name_stays_one_part_of_the_address() -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.raw_path.decode())
        return httpx.Response(404)

    with pytest.raises(SourceRefused):
        await flags(handler).read("get", {"flag": "a/../../x?y", "environment": "production"})
    assert seen in ([], ["/api/admin/projects/default/features/a%2F..%2F..%2Fx%3Fy"])


async def test_a_change_that_stops_half_way_is_never_called_refused() -> None:
    feature = {
        "name": "ranker",
        "environments": [
            {
                "name": "production",
                "enabled": False,
                "strategies": [{"id": "1", "name": "flexibleRollout", "parameters": {"rollout": "30"}}],
            }
        ],
    }

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=feature)
        done = request.method == "PUT"
        return httpx.Response(200 if done else 403, json={"message": "needs a change request"})

    with pytest.raises(SourceUnavailable, match="stopped half-way: 1 of 2 changes were made, then: needs") as caught:
        await flags(handler).call("set", {**RANKER, "percentage": 5, "enabled": True})
    assert not isinstance(caught.value, SourceRefused)


@pytest.mark.parametrize("body", ["{}", "[]", '{"name": "x", "environments": [{"name": 1}]}'])
async def test_an_answer_in_another_format_is_a_sentence(body: str) -> None:
    with pytest.raises(SourceUnavailable, match="flags answered nonsense: not the format of Unleash"):
        await flags(lambda _: httpx.Response(200, text=body)).read("get", RANKER)


async def test_a_state_that_was_not_kept_cannot_be_put_back() -> None:
    with pytest.raises(SourceRefused, match="put it back by hand"):
        flags(recorded()).undone("set", SET, {"percentage": 30})


def gradual(identity: str, percentage: float, **more: Any) -> Strategy:
    return Strategy(id=identity, name="flexibleRollout", parameters={"rollout": f"{percentage:g}"}, **more)


def test_what_turns_traffic_away_comes_first_and_what_turns_it_on_last() -> None:
    on, off = FlagState(True, (gradual("1", 30),)), FlagState(False, (gradual("1", 5), gradual("2", 1)))
    assert [call[:2] for call in writes(on, off)] == [
        ("POST", "off"),
        ("PUT", "strategies/1"),
        ("POST", "strategies"),
    ]
    assert [call[:2] for call in writes(off, on)] == [
        ("PUT", "strategies/1"),
        ("DELETE", "strategies/2"),
        ("POST", "on"),
    ]
    assert writes(on, on) == []


def test_rollouts_that_differ_have_no_single_percentage_and_are_set_together() -> None:
    state = FlagState(True, (gradual("1", 30), gradual("2", 10), gradual("3", 7, disabled=True)))
    assert shown(state)["percentage"] is None
    after = shown(changed(state, {"percentage": 0}))
    assert (after["percentage"], after["percentages"]) == (0.0, {"1": 0.0, "2": 0.0})
    with pytest.raises(ValueError, match="no gradual rollout"):
        changed(FlagState(True, (Strategy(id="1", name="default"),)), {"percentage": 5})


async def test_a_reading_is_for_reading_and_a_call_for_writing() -> None:
    source = flags(recorded())
    with pytest.raises(NotConnected, match=r"flags[.]set reads nothing"):
        await source.read("set", RANKER)
    with pytest.raises(NotConnected, match=r"flags[.]get only reads"):
        await source.call("get", RANKER, since=Reading({}, "", None))
    with pytest.raises(NotConnected, match=r"flags[.]set needs environment"):
        await source.call("set", {"flag": "ranker"})


async def test_a_write_that_could_not_even_read_changed_nothing_for_sure() -> None:
    with pytest.raises(SourceRefused, match=r"flags has a fault of its own \(500\)"):
        await flags(lambda _: httpx.Response(500)).call("set", SET)


async def test_a_variants_payload_is_its_tags_and_where_it_is_served_alone_its_aliases() -> None:
    bundle = {"model": "m3", "prompt": "p7", "temperature": 0.2}
    variants = [
        {"name": "b7", "weight": 1000, "payload": {"type": "json", "value": json.dumps(bundle)}},
        {"name": "b6", "weight": 0, "payload": {"type": "string", "value": "{not json"}},
        {"name": "b5", "weight": 0, "payload": 5},
    ]
    strategy = {"id": "1", "name": "flexibleRollout", "variants": variants}
    names = {"production": True, "staging": False}
    feature = {
        "name": "bundle",
        "environments": [{"name": name, "enabled": on, "strategies": [strategy]} for name, on in names.items()],
    }
    found = await flags(lambda _: httpx.Response(200, json=feature)).versions("bundle")
    assert [(one.version, one.aliases, one.tags) for one in found] == [
        ("b7", ("production",), {"model": "m3", "prompt": "p7", "temperature": "0.2"}),
        ("b6", (), {}),
        ("b5", (), {}),
    ]
