"""The slash command: every word, typed in the workspace; and what to type instead."""

from __future__ import annotations

import pytest

from bot.incidents import events as ev
from bot.slack.commands import COMMANDS
from tests.integration.slack_app.office import Office
from tests.unit.slack.stories import BARE
from tests.unit.slack.transcript import transcript


async def test_alone_in_the_incidents_channel_it_shows_what_can_be_done_now(office: Office) -> None:
    await office.begins(office.story().measured().then(ev.LeadChanged(lead=office.ana.id), by=office.ana.id))
    shown = await office.types(office.ana, "/incident")
    assert shown.ephemeral_to == office.ana.id
    assert transcript(shown.blocks).splitlines() == [
        "# INC-1 · SEV2 · fraud-scorer · recall down after v42",
        "You lead. Next: decide, due 03:20 UTC.",
        "[I'm on it]  [Request rollback to v41]  [I did it outside]  [Not the model]  [Page ml-oncall]  "
        "[False alarm]  [Tell stakeholders]  [Add to the timeline]",
        "*Upstream*: Ask the upstream owners what changed. (optional)",
        "[Done]  [Skip]  [Assign to …]",
        "*Cases*: Add a failing example of every bad slice. (optional)",
        "[Done]  [Skip]  [Assign to …]",
        "[Set severity]  [Resolve]  [Add a hypothesis]  [Make it private]",
        "- Or type: `/incident help`",
    ]


async def test_the_tray_without_sources(office: Office) -> None:
    await office.begins(office.story(runbook=BARE, connected=False))
    lines = transcript((await office.types(office.ana, "/incident")).blocks).splitlines()
    assert lines[2] == (
        "[I'm on it]  [I rolled back outside]  [Not the model]  [Page ml-oncall]  [False alarm]  "
        "[Tell stakeholders]  [Add to the timeline]"
    )


async def test_elsewhere_it_lists_the_open_incidents(office: Office) -> None:
    nothing = await office.types(office.ana, "/incident", office.lobby)
    assert nothing.text.startswith("No incident is open. `/incident new` declares one.")
    await office.begins(office.story().measured())
    listed = await office.types(office.ana, "/incident list", office.lobby)
    assert listed.text == (
        f"*INC-1* · SEV2 · fraud-scorer · recall down after v42 · open · nobody leads · <#{office.room.id}>"
    )


async def test_a_word_that_is_nearly_right_is_understood(office: Office) -> None:
    told = await office.types(office.ana, "/incident serverity sev1")
    assert told.text == ("“serverity” is not a command. Did you mean `/incident severity sev1|sev2|sev3|sev4 [why]`?")
    strange = await office.types(office.ana, "/incident xyzzy")
    assert strange.text.startswith("“xyzzy” is not a command. Type `/incident` and one of: new status list")


async def test_outside_of_an_incident_it_says_how_to_name_one(office: Office) -> None:
    told = await office.types(office.ana, "/incident ack", office.lobby)
    assert told.text == (
        "This is no incident's channel. Type the command in the incident's channel, or name the incident: "
        "`/incident ack INC-1`."
    )
    missing = await office.types(office.ana, "/incident ack INC-7", office.lobby)
    assert "INC-7" in missing.text


async def test_an_incident_can_be_named_from_anywhere(office: Office) -> None:
    await office.begins(office.story())
    told = await office.types(office.ana, "/incident severity INC-1 sev1 half of the traffic", office.lobby)
    assert told.text == "INC-1 is SEV1."
    change = ev.SeverityChanged(severity="SEV1", reason="half of the traffic")
    assert (await office.handled()).events == (change,)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/incident severity", "Type `/incident severity sev1|sev2|sev3|sev4 [why]`."),
        ("/incident severity urgent", "“urgent” is not a severity: say sev1, sev2, sev3 or sev4."),
        ("/incident severity 3", "INC-1 is SEV3."),
        ("/incident lead", "You lead."),
        ("/incident lead ben", "Type `/incident lead @somebody` with a name from Slack's list, "
                               "or `/incident lead` to lead yourself."),
        ("/incident ack", "INC-1 is acknowledged. You lead."),
        ("/incident note labels come late", "It is in the timeline of INC-1."),
        ("/incident resolve v41 serves", "INC-1 is resolved."),
        ("/incident reopen", "Type `/incident reopen and why`."),
        ("/incident reopen it is back", "INC-1 is open."),
        ("/incident cancel", "Type `/incident cancel and why it was a false alarm`."),
        ("/incident cancel a load test", "INC-1 is closed as a false alarm."),
        ("/incident why", "Type `/incident why and what made it possible`."),
        ("/incident why no gate", "INC-1 has 1 why now."),
        ("/incident step", ":ballot_box_with_check: `changes`: worth a look. v42 released"),
        ("/incident step upstream", "Type `/incident step upstream` and one of `done`, `skip`, `run`, `choose`"),
        ("/incident step nothing", "There is no step “nothing” here. Steps: `changes`, `upstream`"),
        ("/incident step upstream done", "Done: upstream done."),
        ("/incident step upstream skip", "Type `/incident step upstream skip and why`."),
        ("/incident step upstream assign me", "Done: upstream assign."),
        ("/incident step live run", "Asked for: live run."),
        ("/incident step decide choose rollback", "Done: decide choose."),
        ("/incident step rollback outside by kubectl", "Done: rollback outside."),
        ("/incident help", "`/incident` alone, in an incident's channel, shows what can be done now."),
        ("/incident status", "SEV2 · fraud-scorer · recall down after v42"),
        ("/incident postmortem", "The postmortem of INC-1 is drafted"),
    ],
)  # fmt: skip
async def test_words_and_their_answers(office: Office, line: str, answer: str) -> None:
    await office.begins(office.story().measured())
    assert (await office.types(office.ana, line)).text.startswith(answer)


async def test_what_was_confirmed_can_be_taken_back_by_word_and_in_the_tray(office: Office) -> None:
    await office.begins(office.story().watched())
    tray = await office.types(office.ana, "/incident")
    assert "[Undo, back to v42]" in transcript(tray.blocks)
    told = await office.types(office.ana, "/incident step rollback undo")
    assert told.text == "Asked for: rollback undo."
    (asked,) = (await office.handled()).events
    assert isinstance(asked, ev.ApprovalRequested)
    assert (asked.undo, asked.target) == (True, "42")
    assert "[Undo" not in transcript((await office.types(office.ana, "/incident")).blocks)


async def test_somebody_else_is_given_the_lead(office: Office) -> None:
    await office.begins(office.story())
    told = await office.types(office.ana, f"/incident lead <@{office.ben.id}|ben>")
    assert told.text == f"<@{office.ben.id}> leads."


async def test_the_status_is_the_card_without_its_buttons(office: Office) -> None:
    await office.begins(office.story().measured())
    lines = transcript((await office.types(office.ana, "/incident status")).blocks)
    assert lines.startswith("# SEV2 · fraud-scorer · recall down after v42")
    assert "[" not in lines


@pytest.mark.parametrize(
    ("word", "modal"),
    [
        ("new recall is down", "incident.declare"),
        ("note", "incident.note"),
        ("update", "incident.update"),
        ("resolve", "incident.resolve"),
        ("action", "postmortem.action"),
    ],
)
async def test_words_that_open_a_modal(office: Office, word: str, modal: str) -> None:
    await office.begins(office.story())
    act = office.server.people.slash(office.ana.id, office.room.id, f"/incident {word}")
    view = await office.asked(office.ana, act)
    assert view.callback_id == modal
    assert office.server.journal.refused() == []


async def test_an_incident_is_declared_and_its_number_is_told(office: Office) -> None:
    act = office.server.people.slash(office.ana.id, office.lobby.id, "/incident new recall is down")
    view = await office.asked(office.ana, act)
    assert view.content["blocks"][0]["element"]["initial_value"] == "recall is down"
    values = {
        "title": {"value": "recall is down"}, "service": {"value": "fraud-scorer"}, "severity": {"value": "SEV2"},
        "text": {"value": ""},
    }  # fmt: skip
    told = await office.told(office.ana, office.server.people.submit_view(office.ana.id, view.id, values))
    assert told.text == "INC-1 is open; you are invited to its channel: recall is down"
    incident = await office.service.incident(1)
    assert (incident.service, incident.severity, incident.opened_by) == ("fraud-scorer", "SEV2", office.ana.id)
    assert incident.team_id == office.server.workspace.team.id


async def test_help_names_every_word(office: Office) -> None:
    told = await office.types(office.ana, "/incident help")
    assert all(f"`/incident {word}" in told.text for word in COMMANDS if word != "help")
