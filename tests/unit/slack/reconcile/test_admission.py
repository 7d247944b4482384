"""Where the bot posts and whom it invites."""

from __future__ import annotations

import pytest

from bot.errors import SlackRefusal
from bot.incidents.events import SlackRefused
from bot.sandbox.workspace.values import User
from bot.slack.admission import Admission
from tests.unit.slack.reconcile.process import Process
from tests.unit.slack.reconcile.virtual_time import run
from tests.unit.slack.reconcile.world import World


async def asked(world: World, *places: str, **allowed: bool) -> list[str]:
    process = Process(world)
    admission = Admission(process.gateway, clock=world.clock, **allowed)
    return [await admission.channel(place) for place in places]


def test_a_configured_channel_is_found_by_name_or_id_and_asked_for_once() -> None:
    async def story() -> World:
        world = World()
        found = await asked(world, "#ml-incidents", world.lobby.id, "#ml-incidents", "ml-incidents")
        assert set(found) == {world.lobby.id}
        return world

    assert run(story()).methods.count("users.conversations") == 2


def test_a_public_channel_is_joined_and_never_created() -> None:
    async def story() -> World:
        world = World()
        public = world.workspace.channels.create("stakeholders", creator=world.people[0])
        assert await asked(world, "#stakeholders") == [public.id]
        return world

    world = run(story())
    assert world.methods[-1] == "conversations.join"
    assert "conversations.create" not in world.methods


@pytest.mark.parametrize("private", [True, False])
def test_a_channel_that_is_not_there_for_the_bot_is_refused_with_the_cure(private: bool) -> None:
    async def story() -> None:
        world = World()
        if private:
            world.workspace.channels.create("secret", creator=world.people[0], is_private=True)
        await asked(world, "#secret")

    with pytest.raises(SlackRefusal, match=r"#secret.*create the channel, or invite the bot"):
        run(story())


def test_nothing_is_posted_in_a_channel_that_other_organisations_read_unless_that_is_allowed() -> None:
    async def story(*, allowed: bool) -> World:
        world = World()
        world.workspace.channels.share(world.lobby.id)
        await Process(world, allow_shared=allowed).to_rest()
        return world

    world = run(story(allowed=False))
    assert world.messages(world.lobby) == []
    assert SlackRefused(surface="announcement", method="chat.postMessage", code="is_shared") in world.events
    assert len(world.messages()) == 1
    world = run(story(allowed=True))
    assert len(world.messages(world.lobby)) == 1


def test_guests_are_not_invited_unless_that_is_allowed() -> None:
    async def story(*, allowed: bool) -> World:
        world = World()
        guest = world.workspace.directory.add_person("gus", "Gus Guest", is_guest=True)
        world.incident.people = (guest.id, *world.people)
        await Process(world, allow_guests=allowed).to_rest()
        return world

    world = run(story(allowed=False))
    assert set(world.channels()[0].members) == {world.workspace.app.bot_user, *world.people}
    world = run(story(allowed=True))
    assert len(world.channels()[0].members) == 4


def test_somebody_who_does_not_exist_does_not_keep_the_others_out() -> None:
    async def story() -> World:
        world = World()
        world.incident.people = ("U0NOBODY", *world.people)
        await Process(world).to_rest()
        return world

    world = run(story())
    assert set(world.people) < set(world.channels()[0].members)
    assert world.rows["members"].state == "placed"


def test_finding_out_about_guests_does_not_delay_the_first_message_or_the_invitation() -> None:
    async def story() -> World:
        world = World()
        await Process(world).to_rest()
        return world

    world = run(story())
    assert world.began("users.info") < world.began("conversations.create")
    assert world.began("conversations.invite") == world.began("chat.postMessage")


def test_the_bot_itself_is_not_a_stranger() -> None:
    async def story() -> World:
        world = World()
        bot = world.workspace.directory.add(User(id="U0ROBOT", name="robot", real_name="Robot", is_bot=True))
        world.incident.people = (bot.id,)
        await Process(world).to_rest()
        return world

    assert "U0ROBOT" in run(story()).channels()[0].members
