"""The MLflow connector and a real registry."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.connectors import SourceRefused
from bot.connectors.mlflow import Mlflow
from tests.real.connecting import connected
from tests.real.servers import registry
from tests.real.servers.process import Running

MODEL = "fraud-model"


@pytest.fixture(scope="module")
def registered(mlflow: Running) -> Running:
    """The model has three versions with tags; ``champion`` is 3."""
    registry.register(mlflow.url, MODEL, versions=3, tags={"features": "v7"})
    return mlflow


@pytest.fixture
async def connector(registered: Running) -> AsyncIterator[Mlflow]:
    """Connected; before each test ``champion`` is 3 and there is no other alias."""
    registry.set_alias(registered.url, MODEL, "champion", "3")
    async with connected("mlflow", registered.url) as connectors:
        found = connectors.actor("mlflow")
        assert isinstance(found, Mlflow)
        yield found


async def test_versions_come_newest_first_with_aliases_and_tags(connector: Mlflow) -> None:
    versions = await connector.versions(MODEL)
    assert [one.version for one in versions] == ["3", "2", "1"]
    assert versions[0].aliases == ("champion",)
    assert versions[1].aliases == ()
    assert {one.tags["features"] for one in versions} == {"v7"}
    assert {one.status for one in versions} == {"READY"}
    assert all(one.created_at is not None for one in versions)


async def test_an_alias_is_read_moved_and_put_back(connector: Mlflow, registered: Running) -> None:
    arguments = {"name": MODEL, "alias": "champion", "version": "2"}
    before = await connector.read("alias", arguments)
    await connector.call("set_alias", arguments, since=before)
    assert registry.alias(registered.url, MODEL, "champion") == "2"
    await connector.call("set_alias", connector.undone("set_alias", arguments, before.value))
    assert registry.alias(registered.url, MODEL, "champion") == "3"


async def test_an_alias_that_was_not_there_is_taken_away_again(connector: Mlflow, registered: Running) -> None:
    arguments = {"name": MODEL, "alias": "canary", "version": "1"}
    before = await connector.read("alias", arguments)
    assert before.value["version"] is None
    await connector.call("set_alias", arguments, since=before)
    assert registry.alias(registered.url, MODEL, "canary") == "1"
    await connector.call("set_alias", connector.undone("set_alias", arguments, before.value))
    assert registry.alias(registered.url, MODEL, "canary") is None


async def test_a_move_by_somebody_else_meanwhile_is_respected(connector: Mlflow, registered: Running) -> None:
    arguments = {"name": MODEL, "alias": "champion", "version": "2"}
    before = await connector.read("alias", arguments)
    registry.set_alias(registered.url, MODEL, "champion", "1")
    with pytest.raises(SourceRefused, match="somebody else moved the alias champion"):
        await connector.call("set_alias", arguments, since=before)
    assert registry.alias(registered.url, MODEL, "champion") == "1"


async def test_what_mlflow_does_not_know_is_refused_in_its_own_words(connector: Mlflow) -> None:
    with pytest.raises(SourceRefused) as unknown_version:
        await connector.set_alias(MODEL, "champion", "99")
    assert unknown_version.value.status == 404
    with pytest.raises(SourceRefused) as unknown_model:
        await connector.aliases("nobody-registered-this")
    assert unknown_model.value.status == 404
    assert "nobody-registered-this" in str(unknown_model.value)
    with pytest.raises(SourceRefused):
        await connector.alias("nobody-registered-this", "champion")


async def test_a_name_that_breaks_out_of_the_filter_finds_no_other_model(connector: Mlflow) -> None:
    with pytest.raises(SourceRefused):
        await connector.versions("x' OR name='fraud-model")
