"""What is private stays so when incidents are merged, split, or walked in a channel of somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.alerts.routing import NOW, Route
from bot.errors import Refused
from bot.incidents.commands.guests import AttachToChannel
from bot.incidents.commands.privacy import MakePrivate
from bot.service import Service
from bot.service.guests import Invitation
from bot.service.intake import Delivery
from bot.store import Lane, Store
from bot.store.tables import ALERTS
from tests.integration.store.services import alert, service
from tests.routes import EVERYTHING_OPENS

ANA, BEN = "U0ANA", "U0BEN"


async def two(store: Store) -> Service:
    """INC-1 is private, INC-2 of the same service is not."""
    here = service(store)
    await here.take("alertmanager", [alert("a"), alert("b", slice="new")])
    await here.take("alertmanager", [alert("c", name="CostHigh", failure_mode="cost")])
    await here.handle(1, MakePrivate(reason="it reached people"), by=BEN)
    return here


async def test_a_private_incident_is_not_merged_into_a_public_one(store: Store) -> None:
    here = await two(store)
    with pytest.raises(Refused, match=r"INC-1 is private and INC-2 is not; merge INC-2 into it instead") as refused:
        await here.merging.merge(1, into=2, by=BEN)
    assert refused.value.reason == "private"
    assert (await here.merging.merge(2, into=1, by=BEN)).incident.private


async def test_what_is_split_off_a_private_incident_is_private(store: Store) -> None:
    here = await two(store)
    kinds = await here.merging.kinds(1)
    new = (await here.merging.split(1, [kinds[0].key], by=BEN)).incident
    assert (new.number, new.private, new.channel_name) == (3, True, "inc-3")


SECRET = Route(name="secret", match={"slice": ("vip",)}, opening=NOW, private=True)


async def test_what_opens_together_is_private_if_any_of_it_is(store: Store) -> None:
    here = service(store, routes=(SECRET, *EVERYTHING_OPENS))
    await here.take("alertmanager", [alert("a", severity="SEV1"), alert("b", severity="SEV3", slice="vip")])
    assert (await here.incident(1)).private


@pytest.mark.parametrize("routes", [(SECRET, *EVERYTHING_OPENS), EVERYTHING_OPENS])
async def test_what_is_split_off_is_private_if_any_of_it_is_and_not_only_if_the_worst_is(
    store: Store, routes: tuple[Route, ...]
) -> None:
    before = service(store)
    alerts = [alert("stays"), alert("a", severity="SEV1", model="m"), alert("b", model="m", slice="vip")]
    await before.take("alertmanager", alerts)
    if SECRET not in routes:  # as an older version left it
        safety = update(ALERTS).where(ALERTS.c.fingerprint == "b").values(failure_mode="safety")
        await store.writer.submit(lambda connection, _: connection.execute(safety), lane=Lane.CLICK)
    here = service(store, routes=routes)
    new = (
        await here.merging.split(1, [kind.key for kind in await here.merging.kinds(1, "model=m")], by=BEN)
    ).incident
    assert (new.number, new.private, new.severity, new.channel_name) == (2, True, "SEV1", "inc-2")


async def test_a_private_incident_is_not_walked_where_everybody_reads(store: Store) -> None:
    here = await two(store)
    where = AttachToChannel(channel="C0THEIRS", name="inc-theirs")
    with pytest.raises(Refused, match="everybody can read this channel") as refused:
        await here.guests.attach(Invitation(where=where, source="slack", service="", number=1), by=BEN)
    assert refused.value.reason == "would_be_public"
    assert (await here.incident(1)).place == "channel"


async def test_what_an_older_version_kept_about_persons_is_neither_listed_nor_said_when_it_is_heard_again(
    store: Store,
) -> None:
    here = service(store, personal_fields=("customer_id",))
    old = alert("a", name="Refused ana@example.com", customer_id="C-17", plan="gold")
    await here.muting.mute({"plan": "gold"}, length=timedelta(hours=1), by=ANA)
    await here._intake.take(Delivery("alertmanager", (old,)))  # as an older version stored it
    await here.muting.unmute(1, by=ANA)
    head = await here.incident(1)
    assert (head.alert_name, head.labels["customer_id"]) == ("Refused (e-mail address withheld)", "(withheld)")
    (listed,) = await here.merging.alerts(1)
    assert listed.name == "Refused (e-mail address withheld)"
