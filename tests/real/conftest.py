"""The real servers, each started when the first test asks for it and stopped when the last test is over."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.real.servers import balancer, flags, graphite, registry
from tests.real.servers.process import RUNNING, Running

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs real servers."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.real)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failing test shows what the servers said."""
    report = yield
    if report.failed and HERE in item.path.parents:
        report.sections += [(f"end of the log of {one.name}, {one.log}", one.said()) for one in RUNNING]
    return report


@pytest.fixture(scope="session")
def real_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the servers write; pytest keeps it for a while."""
    return tmp_path_factory.mktemp("real")


@pytest.fixture(scope="session")
def mlflow(real_folder: Path) -> Iterator[Running]:
    """An MLflow for the whole session; a test registers models of its own there."""
    with registry.mlflow(real_folder / "mlflow") as running:
        yield running


@pytest.fixture(scope="session")
def unleash(real_folder: Path, postgres_server: str) -> Iterator[Running]:
    """An Unleash for the whole session; a test creates flags of its own there."""
    with flags.unleash(real_folder / "unleash", postgres=postgres_server) as running:
        yield running


@pytest.fixture
def unleash_pages(unleash: Running) -> Iterator[flags.Flags]:
    """What somebody does in Unleash's pages."""
    pages = flags.Flags(unleash.url)
    yield pages
    pages.close()


@pytest.fixture(scope="session")
def carbon(real_folder: Path) -> Iterator[graphite.Graphite]:
    """A Graphite for the whole session; a test sends metrics of its own names."""
    with graphite.graphite(real_folder / "graphite") as running:
        yield running


@pytest.fixture
def caddy(tmp_path: Path) -> Iterator[balancer.Caddy]:
    """A Caddy of one's own: there is one configuration in it."""
    with balancer.caddy(tmp_path / "caddy") as running:
        yield running
