"""By day the doctor says where nobody would hear anything at night: channels, sources, silences."""

from __future__ import annotations

import httpx
import pytest

from bot.cli.doctor_silences import silences
from bot.cli.doctor_sources import senders
from bot.config import Settings, load_settings
from bot.config.settings import Connector
from bot.connectors import Connectors
from bot.sandbox.workspace.server import WorkspaceServer
from tests.integration.cli.conftest import Shell

PLACES = """
audiences:
  traders: {channel: "#traders"}
  partners: {channel: "#partners"}
routes:
  - {name: payments, match: {service: pay}, channel: "#pay-incidents"}
  - {match: {service: old}, channel: %s}
  - {match: {service: fraud}, channel: "#ml-incidents"}
"""


def settings(text: str, **environment: str) -> Settings:
    return load_settings(text, file="evenkeel.yaml", environment=environment, read_secret=str)


@pytest.fixture
def shell(inside: Shell) -> Shell:
    return inside


async def test_the_doctor_names_every_channel_where_nobody_would_hear_of_it(
    slack: Shell, workspace: WorkspaceServer
) -> None:
    channels = workspace.workspace.channels
    bot = workspace.workspace.app.bot_user
    channels.create("traders", creator="U0ANA")
    channels.share(channels.create("partners", creator="U0ANA", members=(bot,)).id)
    channels.create("pay-incidents", creator="U0ANA", is_private=True)
    old = channels.create("old", creator="U0ANA", members=(bot,))
    channels.archive(old.id, user="U0ANA")
    slack.write("evenkeel.yaml", PLACES % old.id)
    done = await slack.run("doctor")
    told = [line.split(maxsplit=2) for line in done.out.splitlines() if " channels " in line]
    assert [(state, text.partition(":")[0]) for state, _, text in told] == [
        ("MEND", "#stakeholders (stakeholders)"),
        ("MEND", "#partners (audience partners)"),
        ("MEND", "#pay-incidents (route payments)"),
        ("MEND", f"{old.id} (route 2)"),
    ]
    assert "create the channel, or invite the bot if it is private" in told[0][2]
    assert "set allow_shared_channels" in told[1][2]
    assert "unarchive the channel" in told[3][2]
    assert bot not in channels.by_name("traders").members, "looking joins nothing"


async def test_the_doctor_says_where_the_bot_can_post(slack: Shell, workspace: WorkspaceServer) -> None:
    workspace.workspace.channels.create("stakeholders", creator="U0ANA")
    done = await slack.run("doctor")
    (told,) = [line for line in done.out.splitlines() if " channels " in line]
    assert told.split(maxsplit=2)[::2] == ["ok", "the bot can post in #ml-incidents, #stakeholders"]


def test_a_source_that_nobody_can_send_to_is_named() -> None:
    text = "sources:\n  sentry: {secrets: [a-long-random-text-of-ours]}\n  datadog: {}\n"
    who, *wrong = senders(settings(text))
    assert who[1]
    (found,) = wrong
    assert not found[1]
    assert found[2].startswith("sources: datadog: has no secrets and ALERT_TOKEN is not set")
    assert senders(settings(text, ALERT_TOKEN="t"))[1:] == []


def test_a_signature_that_is_never_looked_at_and_a_secret_that_can_be_guessed_are_named() -> None:
    text = "sources:\n  grafana: {signature_header: X-Signature}\n  sentry: {secrets: [short]}\n"
    grafana, sentry = senders(settings(text, ALERT_TOKEN="t"))[1:]
    assert "x-signature is never looked at: add secrets" in grafana[2]
    assert "sentry: a secret of 5 characters can be guessed" in sentry[2]


async def test_an_alertmanager_that_would_not_hear_a_silence_is_named() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "127.0.0.2":
            return httpx.Response(403, text="no")
        return httpx.Response(200, json=[])

    found = Settings(
        connectors={
            name: Connector(name=name, kind="alertmanager", url=f"http://{host}", private=True)
            for name, host in {"here": "127.0.0.1", "away": "127.0.0.2"}.items()
        }
    )
    connectors = Connectors(found.connectors, transport=httpx.MockTransport(answer))
    here, away = await silences(found, connectors)
    assert here == ("silences", True, "here tells of its silences: 0 in force")
    assert away[:2] == ("silences", False)
    assert "/incident silence would silence nothing there" in away[2]
    await connectors.close()
