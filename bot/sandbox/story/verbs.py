"""What the stage of the scenario tests calls an act: the verb, and its arguments in source."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from bot.sandbox.story import acts
from bot.sandbox.story.python import Argument, argument, literal

#: who has a name in the stories
NAMES: Final[Mapping[str, str]] = {"U0ANA": "ANA", "U0BEN": "BEN", "U0CHI": "CHI", "U0DEE": "DEE"}
_SHOWN: Final = 80


class Verb(msgspec.Struct, frozen=True):
    """A call of the stage's."""

    name: str
    arguments: tuple[Argument, ...]


def person(user: str) -> str:
    """The person in the source."""
    return NAMES.get(user, literal(user))


def _text(text: acts.Text, name: str = "") -> Argument:
    if text.whole:
        return Argument(name=name, text=text.words)
    return Argument(name=name, code=f"of_length({literal(text.words[:_SHOWN])}, {text.length:_})")


def _named(name: str, value: str | None) -> tuple[Argument, ...]:
    return (Argument(name=name, text=value),) if value else ()


def _number(number: int) -> tuple[Argument, ...]:
    return (Argument(name="number", code=str(number)),) if number != 1 else ()


def _nth(nth: int) -> tuple[Argument, ...]:
    return (Argument(name="nth", code=str(nth)),) if nth > 1 else ()


def _about(message: acts.Told) -> tuple[Argument, ...]:
    return (*_number(message.incident or 1), *_nth(message.nth))


def _there(channel: str, thread: acts.Told | None) -> tuple[Argument, ...]:
    if thread is not None:
        return (*_named("thread", thread.words), *_about(thread))
    return () if channel.startswith("inc-1-") else _named("channel", channel)


def _control(control: acts.Control) -> tuple[Argument, ...]:
    by = control.by
    return (
        *_number(control.incident),
        *_named("surface", control.surface if "surface" in by else None),
        *_named("step", control.step if "step" in by else None),
        *_nth(control.nth),
    )


def _words(words: Sequence[str]) -> tuple[Argument, ...]:
    return tuple(Argument(code=NAMES[word]) if word in NAMES else Argument(text=word) for word in words)


def _answers(answers: Mapping[str, acts.Text | tuple[str, ...]]) -> tuple[Argument, ...]:
    named: list[Argument] = []
    for name, answer in answers.items():
        if isinstance(answer, tuple):
            named.append(Argument(name=name, code=f"[{', '.join(NAMES.get(one, literal(one)) for one in answer)}]"))
        elif answer.words in NAMES:
            named.append(Argument(name=name, code=NAMES[answer.words]))
        else:
            named.append(_text(answer, name))
    odd = [one for one in named if not one.name.isidentifier() or keyword.iskeyword(one.name)]
    inside = ", ".join(f"{literal(one.name)}: {argument(msgspec.structs.replace(one, name=''))}" for one in odd)
    packed = (Argument(code=f"**{{{inside}}}"),) if odd else ()
    return (*(one for one in named if one not in odd), *packed)


def _uploaded(act: acts.Uploaded) -> tuple[Argument, ...]:
    text = (_text(act.text, "text"),) if act.text.length else ()
    return (Argument(text=act.name), Argument(code=f"bytes({act.size})"), *text, *_there(act.channel, act.thread))


def _emoji(act: acts.Reacted) -> tuple[Argument, ...]:
    return (Argument(text=act.name), Argument(name="to", text=act.message.words), *_about(act.message))


def _shortcut(act: acts.Shortcut) -> tuple[Argument, ...]:
    on = (*_named("on", act.message.words), *_about(act.message)) if act.message else ()
    return (Argument(text=act.callback_id), *on)


def _flag(act: acts.SwitchSet) -> tuple[Argument, ...]:
    elsewhere = act.environment if act.environment != "production" else None
    return (Argument(text=act.name), Argument(text=act.value), *_named("environment", elsewhere))


def _sent(act: acts.AlertsSent) -> Verb:
    return Verb("alerts", (Argument(text=act.name), *_number(act.number)))


def _all_of_them(act: acts.Closed) -> tuple[Argument, ...]:
    return (Argument(name="all_of_them", code="True"),) if act.all_of_them else ()


_VERBS: Final[Mapping[type[acts.Act], Callable[[Any], Verb]]] = {
    acts.Posted: lambda act: Verb("posts", (_text(act.text), *_there(act.channel, act.thread))),
    acts.Edited: lambda act: Verb("edits", (Argument(text=act.message.words), _text(act.text), *_about(act.message))),
    acts.Deleted: lambda act: Verb("deletes", (Argument(text=act.message.words), *_about(act.message))),
    acts.Uploaded: lambda act: Verb("uploads", _uploaded(act)),
    acts.Reacted: lambda act: Verb("unreacts" if act.taken_back else "reacts", _emoji(act)),
    acts.TopicSet: lambda act: Verb("sets_topic", (_text(act.topic), *_there(act.channel, None))),
    acts.Typed: lambda act: Verb("types", (_text(act.line), *_there(act.channel, None))),
    acts.Shortcut: lambda act: Verb("shortcut", _shortcut(act)),
    acts.Pressed: lambda act: Verb("press", (Argument(text=act.control.label), *_control(act.control))),
    acts.Chose: lambda act: Verb(
        "chooses", (Argument(text=act.control.label), *_words(act.chosen), *_control(act.control))
    ),
    acts.PressedInView: lambda act: Verb(
        "press_in_home" if act.home else "press_in_modal", (Argument(text=act.label), *_words(act.chosen or ()))
    ),
    acts.Filled: lambda act: Verb("fills", _answers(act.answers)),
    acts.Closed: lambda act: Verb("closes", _all_of_them(act)),
    acts.HomeOpened: lambda act: Verb("opens_home", _named("tab", act.tab if act.tab != "home" else None)),
    acts.SwitchSet: lambda act: Verb("sets", _flag(act)),
    acts.AlertsSent: _sent,
}


def verb_of(act: acts.AnyAct) -> Verb:
    """What the stage calls it, without the person."""
    return _VERBS[type(act)](act)
