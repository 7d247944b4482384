"""What a person types reaches the bot as Slack would send it."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.page.composer import as_sent, as_typed, suggestion
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import User


def made() -> Workspace:
    workspace = Workspace(clock=lambda: datetime(2026, 9, 22, tzinfo=UTC), ids=itertools.count(1))
    workspace.directory.add(User(id="U1", name="ana", real_name="Ana"))
    workspace.directory.add_group("ml-oncall", "ML on call", ("U1",))
    workspace.channels.create("ml-incidents", creator="U1")
    return workspace


@pytest.fixture(name="workspace")
def _workspace() -> Workspace:
    return made()


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("@ana, look", "<@U1>, look"),
        ("page @ml-oncall.", "page <!subteam^S000000001|@ml-oncall>."),
        ("@here", "<!here>"),
        ("ana@ana.example and @nobody", "ana@ana.example and @nobody"),
        ("<@U1>", "&lt;@U1&gt;"),
        ("#ml-incidents and #other", "<#C000000002> and #other"),
    ],
)
def test_names_become_mentions_and_the_rest_is_escaped(workspace: Workspace, typed: str, sent: str) -> None:
    """Nobody can type a token that Slack's client would not make."""
    assert as_sent(typed, workspace) == sent


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("see https://example.org/a?b=1&c=2.", "see <https://example.org/a?b=1&amp;c=2>."),
        ("(https://example.org)", "(<https://example.org>)"),
        ("[the <b> chart](https://example.org/x)", "<https://example.org/x|the &lt;b&gt; chart>"),
        ("[a|b](https://example.org)", "<https://example.org|a∣b>"),
        ("[no](javascript:alert)", "[no](javascript:alert)"),
    ],
)
def test_addresses_become_links(workspace: Workspace, typed: str, sent: str) -> None:
    """With a label where one was given; a label cannot end the link early."""
    assert as_sent(typed, workspace) == sent


def test_emoji_are_sent_by_name(workspace: Workspace) -> None:
    """With the variation selector or without; a name that was typed stays."""
    assert as_sent("done ✅ 👍 ⚠ ⚠️ :tada:", workspace) == ("done :white_check_mark: :+1: :warning: :warning: :tada:")


@pytest.mark.parametrize("code", ["`@ana 👍 https://example.org`", "```\n@ana #ml-incidents 👍\n```"])
def test_code_is_left_as_it_is(workspace: Workspace, code: str) -> None:
    """What stands beside it is not."""
    assert as_sent(f"@ana {code} @ana", workspace) == f"<@U1> {code} <@U1>"


def test_code_is_escaped_too(workspace: Workspace) -> None:
    """So that it is shown as it was typed."""
    assert as_sent("`a < b`", workspace) == "`a &lt; b`"


def test_commands_carry_names_with_their_mentions(workspace: Workspace) -> None:
    """As Slack does for commands that ask for escaped names."""
    assert as_sent("/incident lead @ana", workspace, with_names=True) == "/incident lead <@U1|ana>"


@pytest.mark.parametrize(
    "typed",
    [
        "@ana: recall < 0.8 & *falling*",
        "@ml-oncall, @here: #ml-incidents",
        "[the chart](https://example.org/x) and https://example.org/?a=1&b=2",
        "`@ana <b>` :eyes:",
    ],
)
def test_what_is_edited_is_what_was_typed(workspace: Workspace, typed: str) -> None:
    """And saving it unchanged sends the same."""
    sent = as_sent(typed, workspace)
    assert as_typed(sent, workspace) == typed
    assert as_sent(as_typed(sent, workspace), workspace) == sent


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_text_brings_a_token_of_its_own(typed: str) -> None:
    """Whatever is typed: angle brackets come from the composer alone, around names and addresses."""
    sent = as_sent(typed, made())
    for token in sent.split("<")[1:]:
        assert token.startswith(("@", "#", "!", "http://", "https://"))
        assert ">" in token


def test_a_suggestion_is_a_word_and_a_hint_at_what_follows() -> None:
    """As the command's usage says."""
    lead = suggestion("lead [@somebody]", "takes the lead")
    assert (lead.word, lead.hint, lead.about) == ("lead", "[@somebody]", "takes the lead")
    assert suggestion("help", "this list").hint == ""
