"""What a call of Slack's Web API looks like in the panel."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from bot.sandbox.backstage.calls import CallList, call_list, duration, first_message_chain
from bot.sandbox.backstage.pointers import nearest, places, surface_of
from bot.sandbox.workspace.journal import Journal
from bot.sandbox.workspace.limits import Limits

NOON = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)


class Timeline:
    """A journal whose timer and clock go a tenth of a second further whenever they are read."""

    def __init__(self) -> None:
        reads = itertools.count()
        self.now = NOON
        self.journal = Journal(timer=lambda: next(reads) / 10, clock=lambda: self.now)
        self.limits = Limits(lambda: self.now)

    def call(self, method: str, *, error: str = "", detail: dict[str, Any] | None = None, **args: Any) -> None:
        """As the Web API notes a call; what is refused before its work counts against no limit."""
        used, allowed, _ = self.limits.standing(method)
        number = self.journal.begin(method, args, used=used, allowed=allowed)
        if error not in ("ratelimited", "dropped", "http_500"):
            self.limits.wait(method)
        self.journal.end(number, ok=not error, error=error, detail=detail)

    def told(self, *, most: int = 60) -> CallList:
        chain = first_message_chain(self.journal)
        return call_list(self.journal, chain=chain, limits=self.limits, now=self.now, most=most)


def metadata(surface: str) -> dict[str, Any]:
    return {"event_type": "evenkeel", "event_payload": {"surface": surface}}


def test_a_call_says_what_it_drew_how_long_it_took_and_how_much_its_method_has_left() -> None:
    timeline = Timeline()
    timeline.call("chat.update", metadata=metadata("acme/INC-7/first"))
    timeline.call("chat.update", metadata=metadata("acme/INC-7/announcement"))
    newest, oldest = timeline.told().rows
    assert (newest.method, newest.surface, newest.took, newest.outcome) == (
        "chat.update", "INC-7/announcement", "100 ms", "ok",
    )  # fmt: skip
    assert (newest.used, newest.allowed) == (2, 50)
    assert (oldest.used, oldest.surface) == (1, "INC-7/first")


def test_metadata_that_was_sent_as_text_is_read() -> None:
    text = '{"event_type": "evenkeel", "event_payload": {"surface": "acme/INC-7/first"}}'
    assert surface_of({"metadata": text}) == "INC-7/first"
    assert surface_of({"metadata": "{not json"}) == ""
    assert surface_of({"metadata": {"event_payload": {"surface": 7}}}) == ""


def test_a_call_more_than_a_minute_ago_no_longer_counts() -> None:
    timeline = Timeline()
    timeline.call("pins.add")
    timeline.now += timedelta(seconds=60)
    timeline.call("pins.add")
    told = timeline.told()
    assert told.rows[0].used == 1
    assert [(one.method, one.used) for one in told.standings] == [("pins.add", 1)]


def test_a_call_that_slack_did_not_let_through_does_not_count() -> None:
    timeline = Timeline()
    timeline.call("pins.add", error="ratelimited")
    timeline.call("pins.add", error="http_500")
    assert [row.used for row in timeline.told().rows] == [0, 0]
    assert timeline.told().refused == 2


def test_what_is_done_already_is_no_refusal_and_what_never_arrived_is_lost() -> None:
    timeline = Timeline()
    timeline.call("pins.add", error="already_pinned")
    timeline.call("pins.add", error="dropped")
    timeline.journal.end(timeline.journal.begin("chat.postMessage", {}), ok=True, lost=True)
    timeline.journal.begin("users.info", {})
    assert [row.outcome for row in timeline.told().rows] == ["runs", "lost", "lost", "already"]
    assert timeline.told().refused == 2


def test_a_refused_call_says_slack_s_sentence_the_place_and_what_was_sent_there() -> None:
    timeline = Timeline()
    sentence = "[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]"
    blocks = [{"type": "divider"}, {"type": "header", "text": {"type": "plain_text", "text": "<b>long"}}]
    detail = {"error": "invalid_blocks", "response_metadata": {"messages": [sentence, sentence]}}
    timeline.call("chat.postMessage", error="invalid_blocks", detail=detail, channel="C1", blocks=blocks)
    (row,) = timeline.told().rows
    assert (row.outcome, row.said) == ("refused", "invalid_blocks")
    (place,) = row.places
    assert place.sentence == "must be less than 151 characters"
    assert place.pointer == "/blocks/1/text/text"
    assert msgspec.json.decode(place.part) == {"type": "plain_text", "text": "<b>long"}
    assert row.sent == ""


def test_a_refusal_without_a_place_shows_all_that_was_sent() -> None:
    timeline = Timeline()
    timeline.call("chat.postMessage", error="channel_not_found", channel="C404")
    (row,) = timeline.told().rows
    assert '"C404"' in row.sent


def test_a_pointer_to_what_is_missing_shows_what_it_is_missing_in() -> None:
    args = {"blocks": '[{"type": "header"}]', "view": {"a/b": 1}}
    assert nearest(args, "/blocks/0/text") == {"type": "header"}
    assert nearest(args, "/blocks/9/text") == [{"type": "header"}]
    assert nearest(args, "/view/a~1b") == {"a/b": 1}
    assert nearest({"text": "x"}, "/text") == "x"
    assert nearest(args, "/nothing") is None
    assert places({}, {"response_metadata": {"messages": "odd"}}) == ()
    assert places({}, {"response_metadata": "odd"}) == ()


def test_the_way_to_the_first_message_is_marked_and_summed() -> None:
    timeline = Timeline()
    timeline.call("auth.test")
    timeline.call("chat.postMessage", channel="C1")
    timeline.call("pins.add")
    told = timeline.told()
    assert told.path == "2 calls, 300 ms"
    assert [row.critical for row in told.rows] == [False, True, True]


def test_before_the_first_message_there_is_no_way_to_it() -> None:
    timeline = Timeline()
    timeline.call("chat.postMessage", error="not_in_channel")
    assert timeline.told().path == ""


def test_the_list_is_bounded_and_says_how_many_there_were() -> None:
    timeline = Timeline()
    for _ in range(12):
        timeline.call("users.info")
    told = timeline.told(most=5)
    assert (len(told.rows), told.total, told.rows[0].number) == (5, 12, 12)


def test_a_method_that_is_nearly_used_up_stands_out() -> None:
    timeline = Timeline()
    for _ in range(81):
        timeline.call("users.info")
    timeline.call("pins.add")
    assert [(one.method, one.scarce) for one in timeline.told().standings] == [
        ("users.info", True),
        ("pins.add", False),
    ]


def test_durations_are_told_in_the_unit_that_fits() -> None:
    assert [duration(seconds) for seconds in (0.0004, 0.012, 0.9996, 1.25)] == ["0.4 ms", "12 ms", "1000 ms", "1.2 s"]


def test_of_two_sentences_about_the_same_text_the_one_that_says_what_is_wrong_is_shown() -> None:
    args = {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}]}
    messages = [
        "[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ]
    (place,) = places(args, {"response_metadata": {"messages": messages}})
    assert (place.sentence, place.pointer) == ("must be more than 0 characters", "/blocks/0/text/text")
