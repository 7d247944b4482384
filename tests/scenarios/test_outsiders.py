"""Other organisations, guests, and texts that mean harm."""

from __future__ import annotations

import msgspec
import pytest

from bot.incidents import events as ev
from bot.sandbox.workspace.values import User
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, Stage, recorded

GUEST = "U0GUEST"


def _hostile(summary: str, **labels: str) -> bytes:
    body = msgspec.json.decode(recorded("1_firing"))
    (alert,) = body["alerts"]
    alert["annotations"]["summary"] = summary
    alert["labels"] |= labels
    return msgspec.json.encode(body)


async def test_nothing_is_posted_where_other_organisations_read(bare: Stage) -> None:
    lobby = bare.screen.named("ml-incidents")
    bare.server.workspace.channels.share(lobby.id)
    await bare.sends(recorded("1_firing"))
    await bare.rest(60)
    assert bare.screen.messages(lobby) == []
    assert bare.screen.surfaces(bare.screen.channel())[0] == "first"
    assert [(event.surface, event.code) for event in await bare.happened(ev.SlackRefused)] == [
        ("announcement", "is_shared")
    ]


async def test_shared_channels_are_used_where_the_configuration_says_so(stages: Stages) -> None:
    stage: Stage = await stages(config="allow_shared_channels: true\n")
    stage.server.workspace.channels.share(stage.screen.named("ml-incidents").id)
    await stage.sends(recorded("1_firing"))
    await stage.rest()
    assert stage.screen.surfaces(stage.screen.named("ml-incidents")) == ["announcement"]


@pytest.mark.parametrize("allowed", [False, True])
async def test_guests_are_invited_only_where_the_configuration_says_so(allowed: bool, stages: Stages) -> None:
    config = f"responders: [{ANA}, {BEN}, {GUEST}]\ninvite_guests: {str(allowed).lower()}\n"
    stage: Stage = await stages(config=config)
    stage.server.workspace.directory.add(User(id=GUEST, name="guest", real_name="Guest", is_guest=True))
    await stage.sends(recorded("1_firing"))
    await stage.rest()
    members = stage.screen.channel().members
    assert {ANA, BEN} <= set(members)
    assert (GUEST in members) is allowed
    assert stage.refused() == []


def _obeyed(stage: Stage) -> list[str]:
    """The texts in which Slack looks for mentions and links: all but those that it takes as plain."""
    found = []
    channels = (stage.screen.channel(), stage.screen.named("ml-incidents"))
    for message in (message for channel in channels for message in stage.screen.messages(channel)):
        parts = [part for block in message.blocks for part in (block.get("text"), *block.get("elements", ()))]
        found += [message.text, *(part["text"] for part in parts if part and part["type"] == "mrkdwn")]
    return found


@pytest.mark.parametrize(
    "summary",
    [
        "<!channel> <@U0ANA> <https://evil.example|your bank> *bold* `code` & more",
        "x" * 40_000,
        "\u202eredrow\u202c \u0627\u0644\u062f\u0642\u0629 \u05d9\u05e8\u05d3",
        "```\nDROP TABLE incidents;--\n```\n\n\n# not a header",
        "{{ labels }} {% for x in y %} ${HOME}",
    ],
)
async def test_what_an_alert_says_is_shown_and_never_obeyed(summary: str, bare: Stage) -> None:
    await bare.sends(_hostile(summary, alertname="<!here> Rate\u202e", model="fr<aud>/../&"))
    await bare.rest()
    await bare.press(ANA, "I'm on it")
    await bare.types(ANA, "/incident")
    drawn = "\n".join(_obeyed(bare))
    for harm in ("<!channel>", "<!here>", "<https://evil.example|", "<aud>"):
        assert harm not in drawn
    assert len(bare.screen.card()) < 4000
    page = await bare.gets("/incidents/INC-1")
    assert page.status_code == 200
    assert "<aud>" not in page.text
    assert (await bare.gets("/incidents/INC-1/postmortem")).status_code == 200
    assert bare.refused() == []
