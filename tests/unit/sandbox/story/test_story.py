"""The text of a story, without a stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.incidents.events import Acknowledged, ActionStarted, Entry, LeadChanged, NoteAdded
from bot.sandbox.story.acts import (
    AlertsSent,
    AnyAct,
    Chose,
    Closed,
    Control,
    Filled,
    Posted,
    Pressed,
    Reacted,
    Shortcut,
    SwitchSet,
    Told,
    Typed,
    Uploaded,
    Whisper,
    typed,
)
from bot.sandbox.story.outcome import Ending, Outcome
from bot.sandbox.story.story import story

START = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
CHANNEL = "inc-1-fraud-scorer"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def button(label: str, *, drawn: float = 0.0, by: tuple[str, ...] = (), nth: int = 1) -> Control:
    return Control(
        label=label, action_id="x", surface="first", incident=1, step="labels", by=by, nth=nth, drawn=at(drawn)
    )  # fmt: skip


def told(acts: Sequence[AnyAct], outcome: Outcome | None = None, *, ended: float = 60, complete: bool = True) -> str:
    text = story(
        acts, scenario="fraud-recall-drop", started=START, ended=at(ended), outcome=outcome, complete=complete
    )  # fmt: skip
    compile(text, "story", "exec")
    return text


def test_nothing_done_is_said_plainly() -> None:
    text = told([])
    assert "Nobody did anything in 60 seconds." in text
    assert "# Nobody did anything" in text
    assert "import played\n" in text
    assert text.endswith("        assert stage.refused() == []\n")


def test_time_between_acts_does_not_drift() -> None:
    texts = [Posted(user="U0ANA", at=at(0.26 * n), channel=CHANNEL, text=typed(f"{n}")) for n in range(1, 101)]
    lines = told(texts, ended=26).splitlines()
    gone = sum(float(line.split("(")[1].rstrip(")")) for line in lines if "stage.later(" in line)
    assert round(gone, 6) == 26.0


def test_what_a_person_was_told_and_did_stands_below_what_they_did() -> None:
    acts = [Pressed(user="U0ANA", at=at(10), control=button("I'm on it"))]
    log = [
        Entry(seq=4, at=at(10.2), by="U0ANA", event=Acknowledged()),
        Entry(seq=5, at=at(10.2), by="U0ANA", event=LeadChanged(lead="U0ANA")),
        Entry(seq=6, at=at(10.3), by="U0BEN", event=NoteAdded(text="not hers")),
    ]
    whispers = [Whisper(user="U0ANA", at=at(10.4), words="You lead since 10:35.")]
    text = told(acts, Outcome(whispers=whispers, logs={1: log}, endings={1: Ending(status="open", lead="U0ANA")}))
    assert 'assert "You lead since" in await stage.press(ANA, "I\'m on it")' in text
    assert 'assert await stage.did(ANA) == ["Acknowledged", "LeadChanged"]' in text
    assert "assert incident.lead == ANA" in text
    assert "import ANA, played" in text


def test_what_was_said_to_somebody_else_or_much_later_is_no_consequence() -> None:
    acts = [Pressed(user="U0ANA", at=at(10), control=button("Done"))]
    whispers = [
        Whisper(user="U0BEN", at=at(10.1), words="Somebody asks you to approve."),
        Whisper(user="U0ANA", at=at(30), words="The watch is over."),
    ]
    assert "in await" not in told(acts, Outcome(whispers=whispers))


def test_a_second_press_before_anything_was_drawn_anew_is_made_in_a_hurry() -> None:
    twice = [Pressed(user="U0ANA", at=at(10 + n / 5), control=button("I'm on it")) for n in range(2)]
    assert told(twice).count("hurry=True") == 1
    after_a_drawing = [twice[0], Pressed(user="U0ANA", at=at(10.5), control=button("Approve", drawn=10.3))]
    assert "hurry=True" not in told(after_a_drawing)


def test_what_tells_a_button_apart_is_named() -> None:
    acts = [Pressed(user="U0CHI", at=at(1), control=button("Done", by=("surface", "step")))]
    assert 'stage.press(CHI, "Done", surface="first", step="labels")' in told(acts)
    older = [Pressed(user="U0CHI", at=at(1), control=button("Done", nth=3))]
    assert 'stage.press(CHI, "Done", nth=3)' in told(older)


def test_every_act_has_its_verb() -> None:
    message = Told(words="first", incident=1)
    acts: list[AnyAct] = [
        Chose(user="U0ANA", at=at(1), control=button("Assign to …"), chosen=("U0BEN",)),
        Filled(user="U0ANA", at=at(2), callback_id="x", answers={"due": typed("2026-12-05"), "from": typed("w1")}),
        Filled(user="U0ANA", at=at(3), callback_id="x", answers={}, errors={"reason": "Say why."}),
        Closed(user="U0ANA", at=at(4), all_of_them=True),
        Reacted(user="U0ZOE", at=at(5), message=message, name="pushpin"),
        Shortcut(user="U0ANA", at=at(6), callback_id="timeline.add", message=message),
        Typed(user="U0ANA", at=at(7), channel="ml-incidents", line=typed("/incident list")),
        Uploaded(user="U0ANA", at=at(8), channel=CHANNEL, name="a.png", size=70, text=typed("")),
        SwitchSet(user="", at=at(9), name="device-feed", value="snapshot"),
        AlertsSent(user="", at=at(9), name="storm"),
        AlertsSent(user="", at=at(9), name="storm", number=2),
        Posted(user="U0ANA", at=at(10), channel="@evenkeel", text=typed("y" * 40_000), thread=message),
    ]
    text = told(acts)
    for line in (
        'await stage.chooses(ANA, "Assign to …", BEN)',
        'assert await stage.fills(ANA, due="2026-12-05", **{"from": "w1"}) == {}',
        'assert set(await stage.fills(ANA)) == {"reason"}',
        "await stage.closes(ANA, all_of_them=True)",
        'await stage.reacts("U0ZOE", "pushpin", to="first")',
        'await stage.shortcut(ANA, "timeline.add", on="first")',
        'await stage.types(ANA, "/incident list", channel="ml-incidents")',
        'await stage.uploads(ANA, "a.png", bytes(70))',
        'await stage.sets("device-feed", "snapshot")',
        'await stage.alerts("storm")',
        'await stage.alerts("storm", number=2)',
        'yyy", 40_000),\n            thread="first",\n        )',
    ):
        assert line in text
    assert "import ANA, BEN, of_length, played" in text


def test_what_cannot_be_played_again_is_said_in_its_place() -> None:
    acts: list[AnyAct] = [
        Pressed(user="U0ANA", at=at(1), control=button("", nth=0), refused="no_such_element"),
        Typed(
            user="U0ANA", at=at(2), channel=CHANNEL, line=typed("/incident\nimport os"), failed="connection_failed"
        ),
        Pressed(user="U0ANA", at=at(3), control=button("Done", nth=0)),
    ]
    text = told(acts)
    assert text.count("# Not played, because") == 3
    assert "stage.press" not in text


def test_what_serves_is_not_said_while_an_action_is_on_its_way() -> None:
    started = Entry(
        seq=9, at=at(55), by="evenkeel", event=ActionStarted(step="rollback", attempt=1, call="flags.set", lease_no=1)
    )
    outcome = Outcome(logs={1: [started]}, switches={"fraud-model": "41"})
    assert "stage.serves" not in told([], outcome, ended=60)
    assert 'assert stage.serves("fraud-model") == "41"' in told([], outcome, ended=70)


def test_a_story_that_was_too_long_to_keep_says_nothing_about_its_end() -> None:
    outcome = Outcome(endings={1: Ending(status="resolved")}, switches={"fraud-model": "41"})
    text = told([Posted(user="U0ANA", at=at(1), channel=CHANNEL, text=typed("hello"))], outcome, complete=False)
    assert "More was done" in text
    assert "incident.status" not in text
