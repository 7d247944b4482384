"""``evenkeel replay-alert``: what was received, what it becomes today, and once more through the running program."""

from __future__ import annotations

from tests.integration.cli.conftest import Shell, serving


async def test_a_request_is_shown_and_taken_in_again(slack: Shell) -> None:
    async with serving(slack) as running:
        await running.alert()
        assert "  request" in (await slack.run("alerts")).out.splitlines()[0]
        shown = (await slack.run("replay-alert", "1")).out
        assert shown.startswith("Request 1 of alertmanager, received 2")
        assert '"generatorURL"' in shown
        assert "What it becomes today:\n\nfiring    ModelErrorRate\n" in shown
        assert "  so it " in shown
        sent = await slack.run("replay-alert", "1", "--send", "--to", running.address)
        assert (sent.code, sent.out) == (0, "Taken: 1 alert, INC-1.\n")
        assert "there is no request 7" in await slack.fails(1, "replay-alert", "7")
        assert "404" in await slack.fails(1, "replay-alert", "7", "--send", "--to", running.address)


async def test_it_says_why_it_cannot_send(shell: Shell) -> None:
    assert "ALERT_TOKEN" in await shell.fails(1, "replay-alert", "1", "--send")
    away = await shell.fails(1, "replay-alert", "1", "--send", "--to", "http://127.0.0.1:9", ALERT_TOKEN="t")
    assert "is `evenkeel serve` running?" in away
    assert "--to goes with --send" in await shell.fails(2, "replay-alert", "1", "--to", "http://127.0.0.1:9")
