"""An incident that waits in triage: what changes it, what it asks for, and what it refuses."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.agenda import Agenda, Work, agenda
from bot.incidents.commands import AddNote, AnyCommand, Cancel, Reopen, Report, Resolve, SetSeverity, TakeLead
from bot.incidents.commands.guests import AttachToChannel
from bot.incidents.commands.triage import DismissTriage, OpenTriage
from bot.incidents.decide import decide
from bot.incidents.fold import fold
from bot.incidents.incident import Incident
from bot.incidents.insiders import insiders
from bot.incidents.rota import Rota
from bot.incidents.timeline import timeline
from bot.slack.view import view
from tests.unit.slack.stories import ANA, BEN, OPENED, WORKPLACE

ANNOUNCED = ev.Waiting(window=1800.0)
COUNTED = ev.Waiting(announced=False, count=3, within=600.0, window=1800.0)
FIRST = ev.AlertsAttached(count=1, names=("ModelErrorRate",))
OVER = ev.AlertsResolved(count=1, firing=0)
NOT_NOW = ev.TriageDismissed()


class Story:
    """A log that is told event by event."""

    def __init__(self, waiting: ev.Waiting = ANNOUNCED) -> None:
        self.now = OPENED
        opened = ev.IncidentOpened(
            number=7, title="ModelErrorRate", service="fraud", failure_mode="availability", source="alertmanager",
            severity="SEV3", alert_name="ModelErrorRate", waiting=waiting,
        )  # fmt: skip
        self.log: list[ev.Entry] = []
        self.told(opened).told(FIRST)

    def told(self, event: ev.AnyEvent, by: str = "alertmanager", *, after: float = 0.0) -> Story:
        self.now += timedelta(seconds=after)
        self.log.append(ev.Entry(seq=len(self.log) + 1, at=self.now, by=by, event=event))
        return self

    @property
    def head(self) -> Incident:
        found = fold(self.log)
        assert found is not None
        return found

    def asks(self, *, after: float = 0.0) -> Agenda:
        return agenda(self.head, self.now + timedelta(seconds=after), lease_no=1)

    def does(self, command: AnyCommand, by: str = ANA) -> Story:
        for event in decide(self.head, command, by=by, now=self.now):
            self.told(event, by)
        return self

    def refuses(self, command: AnyCommand, by: str = ANA) -> str:
        with pytest.raises(Refused) as refused:
            decide(self.head, command, by=by, now=self.now)
        return str(refused.value)


def test_it_asks_for_nothing_while_it_waits() -> None:
    assert Story().asks(after=86400) == Agenda()


def test_opened_its_clocks_begin_and_it_is_known_when_it_began() -> None:
    head = Story().told(ev.TriageOpened(), ANA, after=600).head

    assert (head.status, head.opened_at, head.began) == ("open", OPENED + timedelta(minutes=10), OPENED)
    assert head.triage is not None
    assert (head.unopened, head.triage.opened_by, head.opened_by) == (False, ANA, "alertmanager")


def test_only_so_much_can_be_asked_before_somebody_opens_it() -> None:
    story = Story()

    assert story.refuses(Resolve()) == (
        "INC-7 is announced and nobody has opened it yet. Press Open first, or type the command `open INC-7`."
    )
    assert "nobody has opened it" in story.refuses(TakeLead(lead=ANA))
    story.does(AddNote(text="seen")).does(SetSeverity(severity="SEV4"))
    assert story.does(Cancel(reason="a test")).head.status == "cancelled"


def test_the_second_one_who_opens_it_is_told_who_was_first_and_where() -> None:
    story = Story().does(OpenTriage()).told(ev.ChannelOpened(channel="C123456", name="inc-7"))

    assert story.refuses(OpenTriage(), BEN) == f"<@{ANA}> opened INC-7 at 2026-11-21T03:05:00Z: <#C123456>."
    assert story.refuses(DismissTriage(), BEN).startswith(f"<@{ANA}> opened INC-7")


def test_over_by_itself_it_can_still_be_opened_by_whoever_wants_to() -> None:
    story = Story().told(OVER, after=60)

    assert story.refuses(OpenTriage()).startswith(
        "Its alerts have been over since 2026-11-21T03:06:00Z; nothing was opened."
    )
    assert story.does(OpenTriage(anyway=True)).head.status == "open"


def test_it_ends_when_its_alerts_were_over_long_enough() -> None:
    story = Story().told(OVER, after=60)

    assert story.asks().wake_at == story.now + timedelta(minutes=30)
    assert story.asks(after=1799).due == ()
    assert story.asks(after=1800).due == (ev.TriageEnded(),)
    ended = story.told(ev.TriageEnded(), ev.EVENKEEL, after=1800)
    assert (ended.head.status, ended.asks(after=86400)) == ("cancelled", Agenda())
    assert "went away by itself at" in ended.refuses(OpenTriage())
    assert ended.does(Reopen(reason="it is back")).head.unopened is False


def test_it_does_not_end_if_an_alert_begins_again() -> None:
    story = Story().told(OVER, after=60).told(FIRST, after=60)

    late = story.now + timedelta(hours=1)
    assert story.asks(after=3600).due == ()
    assert decide(story.head, Report(events=(ev.TriageEnded(),)), by=ev.EVENKEEL, now=late) == ()


def test_not_now_is_said_once_and_a_mute_may_follow() -> None:
    story = Story().does(DismissTriage())
    until = OPENED + timedelta(hours=1)

    assert story.refuses(DismissTriage(), BEN) == f"<@{ANA}> said so already."
    story.does(DismissTriage(muted_until=until, mute=1), BEN)
    assert "muted it already" in story.refuses(DismissTriage(muted_until=until, mute=2))
    assert story.head.status == "triage"


def test_when_the_mute_is_over_it_is_announced_again_if_it_still_fires() -> None:
    until = OPENED + timedelta(hours=1)
    story = Story().told(ev.TriageDismissed(muted_until=until, mute=1), ANA)

    assert story.asks().wake_at == until
    assert story.asks(after=3600).due == (ev.TriageRenewed(),)
    again = story.told(ev.TriageRenewed(), ev.EVENKEEL, after=3600)
    assert [surface.key for surface in view(again.head, WORKPLACE)] == ["announcement", "announcement:1"]
    assert again.asks(after=3600).due == ()


def test_what_is_held_back_shows_nothing_and_counts_what_began_within_its_time() -> None:
    story = Story(COUNTED).told(FIRST, after=500)
    assert view(story.head, WORKPLACE) == ()

    def arrived() -> int:
        assert story.head.triage is not None
        return story.head.triage.arrived

    assert arrived() == 2
    story.told(FIRST, after=101)  # the first one is more than ten minutes ago
    assert arrived() == 2
    story.told(FIRST, after=1)
    assert arrived() == 3


def test_an_announcement_that_slack_refuses_is_opened_rather_than_lost() -> None:
    refused = ev.SlackRefused(surface="announcement", method="chat.postMessage", code="is_archived")
    story = Story().told(refused, ev.EVENKEEL)

    (due,) = story.asks().due
    assert isinstance(due, ev.TriageOpened)
    assert decide(story.head, Report(events=(due,)), by=ev.EVENKEEL, now=story.now) == (due,)
    assert decide(Story().head, Report(events=(due,)), by=ev.EVENKEEL, now=OPENED) == ()


def test_going_along_with_another_tool_opens_it() -> None:
    story = Story().does(AttachToChannel(channel="C9", name="inc-them", tool="PagerDuty"))

    assert (story.head.status, story.head.place) == ("open", "guest")
    assert [surface.key for surface in view(story.head, WORKPLACE)][:2] == ["first", "announcement"]


def test_a_private_one_says_only_that_there_is_one() -> None:
    story = Story().told(ev.MadePrivate(), ANA)

    (shown,) = view(story.head, WORKPLACE)
    assert "INC-7 · private" in str(shown.content)
    assert "ModelErrorRate" not in str(shown.content)
    assert "SEV3" not in str(shown.content)


def told_by(*events: tuple[ev.AnyEvent, str]) -> list[str]:
    story = Story()
    for event, by in events:
        story.told(event, by)
    return [line.text for line in timeline(story.log)]


def test_the_timeline_tells_it() -> None:
    until = datetime.fromisoformat("2026-11-21T04:05:00Z")
    assert told_by(
        (ev.TriageDismissed(muted_until=until, mute=1), ANA),
        (ev.TriageRenewed(), ev.EVENKEEL),
        (NOT_NOW, BEN),
        (ev.TriageOpened(because="a SEV2 alert joined"), "alertmanager"),
    ) == [
        "SEV3 announced for fraud by alertmanager: ModelErrorRate",
        "1 alert attached (ModelErrorRate)",
        "muted until 2026-11-21T04:05:00Z",
        "announced again: the mute is over and it still fires",
        "said “not now”",
        "opened: a SEV2 alert joined",
    ]


def test_whom_a_route_names_by_a_rota_is_looked_up_once_it_is_open() -> None:
    story = Story()
    first = story.log[0]
    opened = first.event
    assert isinstance(opened, ev.IncidentOpened)
    rota = Rota(source="pagerduty", name="PI7DH85", connector="pagerduty")
    named = replace(opened, invite=("U0CHI", "oncall:fraud"), rotas={"oncall:fraud": rota})
    story.log[0] = replace(first, event=named)
    assert story.asks() == Agenda()

    story.does(OpenTriage())
    assert story.asks().work == (Work(kind="oncall", step="oncall:fraud"),)
    story.told(ev.OnCallSeen(who="oncall:fraud", people=(BEN,)), ev.EVENKEEL)
    assert insiders(story.head) == ("U0CHI", BEN, ANA)
