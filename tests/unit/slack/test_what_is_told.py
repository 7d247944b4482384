"""What a person hears when Slack does not do what the bot asked of it."""

from __future__ import annotations

import pytest

from bot.errors import DatabaseAway, SlackError, SlackFailed, SlackLimited, SlackRefusal, SlackUnknown
from bot.slack.interactions.desk import sentence


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (SlackLimited("views.open", 5.0), "Slack takes no more of these calls for now."),
        (SlackFailed("views.open", "http_500"), "Slack did not answer as it should."),
        (SlackUnknown("views.open", "ServerDisconnectedError"), "Slack did not answer as it should."),
    ],
)
def test_what_passes_by_itself_is_told_without_a_programs_words(trouble: SlackError, told: str) -> None:
    assert sentence(trouble) == f"{told} Nothing was changed; try again in a minute."


def test_the_databases_own_words_are_a_sentence_of_their_own() -> None:
    told = sentence(DatabaseAway("The database does not answer: database or disk is full"))
    assert (
        told == "The database does not answer: database or disk is full. Nothing was changed; try again in a minute."
    )


def test_what_does_not_pass_by_itself_is_told_in_slacks_own_word() -> None:
    assert sentence(SlackRefusal("views.open", "missing_scope")) == (
        "Slack refused that (missing_scope). Nothing was changed."
    )
