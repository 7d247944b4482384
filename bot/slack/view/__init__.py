"""What the workspace should show for an incident, drawn purely: values in, Block Kit out, one file per surface.

No clock: moments are Slack's ``<!date>``, which each reader's Slack draws in the reader's time zone. Everything that
came from outside is escaped and cut; slack_sdk's models refuse what Slack would refuse.
"""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.slack.view.announcement import announcement
from bot.slack.view.approval import approvals
from bot.slack.view.archiving import archived, last_words, without_the_archived
from bot.slack.view.card import card
from bot.slack.view.channel import bookmark, channel, members, pin, topic
from bot.slack.view.charts import charts
from bot.slack.view.gaps import gaps
from bot.slack.view.guest import beside
from bot.slack.view.help_wanted import pages
from bot.slack.view.learning import learning
from bot.slack.view.outcomes import outcomes
from bot.slack.view.paging import calling
from bot.slack.view.private import left_behind, settled, without_channel
from bot.slack.view.runbooks import inputs, tie
from bot.slack.view.surface import Surface, Workplace
from bot.slack.view.telling_again import telling_again
from bot.slack.view.theirs import asked_elsewhere, questions, turns
from bot.slack.view.triage import again, waiting
from bot.slack.view.updates import updates

__all__ = ["Surface", "Workplace", "view"]


def view(incident: Incident, workplace: Workplace) -> tuple[Surface, ...]:
    """Everything that ``incident`` should show, in the order in which a channel should receive it.

    Without a channel of its own the incident lives in the announcement's thread, or as a guest in the card's: no
    channel, topic, members, pin or bookmark. A private one lives in somebody's direct messages then. Of one that
    nobody has opened yet there is only the announcement.
    """
    if incident.unopened:
        return tuple(waiting(incident, workplace))
    asked = (tie(incident), inputs(incident), *pages(incident), *approvals(incident), *calling(incident))
    asked = (*asked, *telling_again(incident), *turns(incident, workplace), *asked_elsewhere(incident, workplace))
    messages = (gaps(incident), *asked, *outcomes(incident), learning(incident, workplace), *charts(incident))
    messages = (*messages, last_words(incident, workplace))
    first = card(incident, workplace)
    told = announcement(incident, workplace)
    if incident.place == "guest":
        wanted = (first, *beside(incident, workplace), *messages)
    elif incident.place == "thread":
        wanted = (told, first, *messages)
    elif incident.place == "direct":
        wanted = (told, *without_channel(incident, workplace), first, *messages)
    else:
        belongings = (members(incident), topic(incident), pin(), bookmark(incident, workplace))
        wanted = (channel(incident), first, *belongings, told, *messages)
    shown = settled(incident, without_the_archived(incident, wanted))
    elsewhere = (*again(incident, told), *questions(incident), *left_behind(incident), *archived(incident))
    return (*shown, *elsewhere, *updates(incident, workplace))
