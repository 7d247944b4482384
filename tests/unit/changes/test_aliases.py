"""What moved between two looks at a registry, and which models are looked at."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.changes.aliases import Watched, moves, watched
from bot.changes.change import Change
from bot.config.settings import Connector
from bot.runbooks.schema import Registered
from bot.runbooks.service import Model, Service

NOW = datetime(2026, 11, 21, 2, 51, tzinfo=UTC)
FRAUD = Watched(
    registry="mlflow", model="fraud", serves={"fraud-scorer": "champion"}, page="https://m/#/models/fraud"
)


def moved(before: dict[str, str], now: dict[str, str], one: Watched = FRAUD, since: str = "") -> list[Change]:
    return moves(one, before, now, at=NOW, since=since)


def test_the_serving_alias_that_moved_says_from_where_to_where() -> None:
    (change,) = moved({"champion": "41", "old": "7"}, {"champion": "42", "old": "7"})
    assert (change.service, change.kind, change.version, change.previous) == ("fraud-scorer", "alias", "42", "41")
    assert (change.about, change.source, change.at) == ("champion", "mlflow", NOW)
    assert change.url == "https://m/#/models/fraud/versions/42"


def test_another_alias_never_says_what_one_could_go_back_to() -> None:
    (change,) = moved({"champion": "41", "challenger": "42"}, {"champion": "41", "challenger": "43"})
    assert (change.version, change.previous, change.about) == ("43", "", "challenger")


def test_where_no_alias_is_said_to_serve_the_only_one_does() -> None:
    anyone = Watched(registry="mlflow", model="fraud", serves={"fraud-scorer": ""})
    assert [change.previous for change in moved({"live": "41"}, {"live": "42"}, anyone)] == ["41"]
    assert [change.previous for change in moved({"a": "41", "b": "1"}, {"a": "42", "b": "1"}, anyone)] == [""]


def test_a_model_of_two_services_changes_both_under_names_of_their_own() -> None:
    both = Watched(registry="mlflow", model="fraud", serves={"fraud-scorer": "champion", "explainer": "champion"})
    one, other = moved({"champion": "41"}, {"champion": "42"}, both)
    assert {one.service, other.service} == {"fraud-scorer", "explainer"}
    assert one.external != other.external


def test_an_alias_that_is_new_or_gone_is_a_change_and_what_stayed_is_none() -> None:
    assert [(c.version, c.previous) for c in moved({}, {"champion": "1"})] == [("1", "")]
    assert [(c.version, c.previous) for c in moved({"champion": "1"}, {})] == [("", "1")]
    assert moved({"champion": "1"}, {"champion": "1"}) == []


def test_after_a_long_silence_it_says_since_when_it_may_have_been() -> None:
    (change,) = moved({"champion": "41"}, {"champion": "42"}, since="2026-11-20T20:00:00Z")
    assert change.about == "champion, some time since 2026-11-20T20:00:00Z"


def connector(name: str, **more: object) -> Connector:
    return Connector(name=name, kind="mlflow", url=f"https://{name}.example/", **more)  # type: ignore[arg-type]


def looked_at(service: Service, *connectors: Connector) -> dict[str, dict[str, str]]:
    found = watched({service.name: service}, {one.name: one for one in connectors})
    return {one.name: dict(one.serves) for one in found}


def test_models_of_the_catalogue_and_of_the_connector_are_watched_once_each() -> None:
    service = Service(
        name="fraud-scorer", versions=Registered(registry="mlflow", name="fraud", alias="champion"),
        models=(Model(name="fraud"), Model(name="embeddings")),
    )  # fmt: skip
    registry = connector("mlflow", services={"fraud-scorer": "fraud", "ranker": "rank"})
    assert looked_at(service, registry) == {
        "mlflow/fraud": {"fraud-scorer": "champion"}, "mlflow/embeddings": {"fraud-scorer": ""},
        "mlflow/rank": {"ranker": ""},
    }  # fmt: skip


def test_a_model_is_looked_for_in_the_only_registry_and_not_guessed_among_two() -> None:
    service = Service(name="ranker", models=(Model(name="rank", alias="live"),))
    assert looked_at(service, connector("one")) == {"one/rank": {"ranker": "live"}}
    assert looked_at(service, connector("one"), connector("two")) == {}
    assert looked_at(service) == {}


def test_the_model_s_page_is_the_registry_s_own() -> None:
    (one,) = watched({"r": Service(name="r", models=(Model(name="a b"),))}, {"one": connector("one")})
    assert one.page == ""
    (one,) = watched({"r": Service(name="r", models=(Model(name="a-b"),))}, {"one": connector("one")})
    assert one.page == "https://one.example/#/models/a-b"
