"""What a real MLflow sends to a webhook when an alias moves: it signed it, and it says what moved."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.alerts.sources import Request as Sent
from bot.alerts.sources import SourceSettings
from bot.changes import mlflow as webhook
from bot.changes.settings import Sender
from tests.integration.sandbox_world.conftest import serving
from tests.real.servers import registry
from tests.real.servers.process import Running

MODEL, SECRET = "told-model", "of-the-registry"
HERE = Sender(secrets=(SECRET,), aliases=("champion",), services={"fraud-scorer": MODEL})
#: far longer than it takes: only a webhook that never comes ends here
PATIENCE = 60.0


async def test_an_alias_that_moves_is_told_by_the_registry_itself(mlflow: Running) -> None:
    came: asyncio.Queue[Sent] = asyncio.Queue()

    async def receive(request: Request) -> Response:
        body, now = await request.body(), datetime.now(UTC)
        settings = SourceSettings(secrets=HERE.secrets)
        await came.put(Sent(headers=request.headers, body=body, at=now, tokens=(), settings=settings))
        return Response(status_code=202)

    registry.register(mlflow.url, MODEL, versions=2)
    registry.set_alias(mlflow.url, MODEL, "challenger", "1")  # before anybody is to be told
    routes = [Route("/changes/mlflow", receive, methods=["POST"])]
    async with serving(Starlette(routes=routes)) as address:
        with registry.telling(mlflow.url, f"{address}/changes/mlflow", secret=SECRET, events=("CREATED", "DELETED")):
            for version in ("1", "2"):
                await asyncio.to_thread(registry.set_alias, mlflow.url, MODEL, "champion", version)
                sent = await asyncio.wait_for(came.get(), PATIENCE)
                webhook.verify(sent)
                (change,) = webhook.promoted(sent.body, sender=HERE, polled=frozenset(), now=sent.at).changes
                assert (change.service, change.version, change.about) == ("fraud-scorer", version, "champion")
                assert abs((sent.at - change.at).total_seconds()) < PATIENCE
