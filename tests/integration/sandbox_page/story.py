"""A small workspace with a card, a thread and a bot that answers by rule, for the page's tests."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.workspace.acks import Ack
from bot.sandbox.workspace.journal import Journal
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.responses import Responses
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Bookmark, Channel, Json, User

VALUE = '{"i":"INC-1","s":"decide","n":1}'


def text(words: str, kind: str = "mrkdwn") -> Json:
    """A text object."""
    return {"type": kind, "text": words}


def button(words: str, action_id: str, **more: Any) -> Json:
    """A button that carries the story's value."""
    return {"type": "button", "text": text(words, "plain_text"), "action_id": action_id, "value": VALUE} | more


CONFIRM: Json = {
    "title": text("Roll back to v41?", "plain_text"),
    "text": text("All traffic goes to *v41*. Ben has to approve."),
    "confirm": text("Request it", "plain_text"),
    "deny": text("Not now", "plain_text"),
    "style": "danger",
}

CARD: tuple[Json, ...] = (
    {"type": "header", "block_id": "h", "text": text("SEV2 · fraud-scorer · recall down after v42", "plain_text")},
    {
        "type": "section",
        "block_id": "evidence",
        "text": text(
            "*Recall 0.71, was 0.84* · 412 confirmed frauds · labels 6 h old\n"
            "v42 released <!date^1790045460^{time}|02:51> (deploy #881), 14 min before the drop\n"
            "v42 against v41, same 3,180 frauds: *-9.8 points* (95 %: -11.4 to -8.1); worst: `card-not-present`\n"
            "_Not checked: upstream, feature store_"
        ),
    },
    {
        "type": "section",
        "block_id": "suggestion",
        "text": text(
            "*Suggested: roll back to v41.* Schema unchanged, rehearsed Tuesday. Consumers: checkout, payouts"
        ),
    },
    {
        "type": "actions",
        "block_id": "step",
        "elements": [
            button("I'm on it", "incident.ack", style="primary"),
            button("Request rollback to v41", "step.run", confirm=CONFIRM),
            button("Something else", "step.choose:other"),
            {
                "type": "static_select",
                "action_id": "incident.severity",
                "placeholder": text("Severity", "plain_text"),
                "options": [{"text": text(f"SEV{n}", "plain_text"), "value": f"SEV{n}"} for n in (1, 2, 3)],
            },
        ],
    },
    {
        "type": "context",
        "block_id": "foot",
        "elements": [text("Needs one approval; asking pages <@U00000002> · runbook model-performance-drop v1")],
    },
)

UPDATE: Json = {
    "type": "modal",
    "callback_id": "incident.update",
    "title": text("Tell the stakeholders", "plain_text"),
    "submit": text("Send", "plain_text"),
    "close": text("Cancel", "plain_text"),
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": text("What should they know?", "plain_text"),
            "hint": text("Two sentences. No personal data.", "plain_text"),
            "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
        },
        {
            "type": "input",
            "block_id": "next",
            "optional": True,
            "label": text("Next update in", "plain_text"),
            "element": {
                "type": "radio_buttons",
                "action_id": "in",
                "initial_option": {"text": text("30 minutes", "plain_text"), "value": "30"},
                "options": [
                    {"text": text("30 minutes", "plain_text"), "value": "30"},
                    {"text": text("1 hour", "plain_text"), "value": "60"},
                ],
            },
        },
        {
            "type": "input",
            "block_id": "who",
            "optional": True,
            "label": text("Also tell", "plain_text"),
            "element": {"type": "multi_users_select", "action_id": "users"},
        },
        {
            "type": "actions",
            "block_id": "more",
            "elements": [button("Preview", "update.preview")],
        },
    ],
}


class RuleBot:
    """Answers at once: presses edit the card, `/incident update` opens a modal, short texts are refused."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.told: list[tuple[str, Json]] = []
        self.refuses = ""

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0, reason: str = "") -> Ack:
        """Does what the payload asks for, and acknowledges."""
        self.told.append((kind, payload))
        if self.refuses:
            return Ack(reason=self.refuses)
        if kind == "slash_commands":
            return self._command(payload)
        if payload["type"] == "block_actions":
            self._press(payload)
        if payload["type"] in ("shortcut", "message_action"):
            self._workspace.views.open(payload["trigger_id"], UPDATE)
        if payload["type"] == "view_submission":
            return self._submitted(payload)
        return Ack()

    def _command(self, payload: Json) -> Ack:
        if payload["text"].startswith("update"):
            self._workspace.views.open(payload["trigger_id"], UPDATE)
            return Ack()
        return Ack(
            body={"response_type": "ephemeral", "text": f"You said *{payload['text']}*. Try `/incident help`."}
        )

    def _press(self, payload: Json) -> None:
        action, who = payload["actions"][0], payload["user"]["id"]
        if "view" in payload:
            self._workspace.views.push(payload["trigger_id"], UPDATE | {"title": text("Preview", "plain_text")})
            return
        place = payload["container"]
        said = text(f"<@{who}> pressed `{action['action_id']}`")
        line = {"type": "context", "block_id": "done", "elements": [said]}
        blocks = (*CARD[:-1], line)
        self._workspace.messages.edit(place["channel_id"], place["message_ts"], blocks=blocks)

    def _submitted(self, payload: Json) -> Ack:
        said = payload["view"]["state"]["values"]["what"]["text"]["value"]
        if len(said) < 10:
            return Ack(body={"response_action": "errors", "errors": {"what": "Please write a whole sentence."}})
        return Ack()


class Story:
    """The workspace, its people and its bot. Time moves by a hundredth of a second whenever it is read."""

    def __init__(self) -> None:
        reads = itertools.count()
        start = datetime(2026, 9, 22, 3, 5, tzinfo=UTC)
        self.workspace = Workspace(clock=lambda: start + timedelta(milliseconds=10 * next(reads)))
        self.bot = RuleBot(self.workspace)
        responses = Responses(self.workspace)
        self.people = People(self.workspace, delivery=self.bot, responses=responses, journal=Journal())
        names = {"ana": "Ana Ruiz", "ben": "Ben Okafor", "chi": "Chi Nguyen", "dee": "Dee Larsen"}
        for number, (name, real_name) in enumerate(names.items(), start=1):
            self.workspace.directory.add(User(id=f"U0000000{number}", name=name, real_name=real_name))
        self.ana, self.ben, self.chi, self.dee = (f"U0000000{number}" for number in range(1, 5))
        self.roles = {self.ana: "incident commander", self.ben: "second approver", self.chi: "data scientist"}
        self.roles |= {self.dee: "stakeholder"}
        channels = self.workspace.channels
        self.lobby = channels.create("ml-incidents", creator=self.ana, members=(self.ben, self.chi, self.dee))
        self.incident = self._incident()

    def _incident(self) -> Channel:
        workspace = self.workspace
        channels, messages, bot = workspace.channels, workspace.messages, workspace.app.bot_user
        made = channels.create("inc-1-fraud-scorer-recall-down", creator=bot)
        for user in (self.ana, self.ben):
            channels.join(made.id, user=user)
        card = messages.post(channel=made.id, user=bot, bot_id=workspace.app.bot_id, text="SEV2", blocks=CARD)
        self.card = card.ts
        channels.set_topic(made.id, "SEV2 · fraud-scorer · lead: nobody yet", user=bot)
        channels.set_pins(made.id, (card.ts,), user=bot)
        address, now = "http://127.0.0.1:8000/incidents/INC-1", workspace.stamps.now()
        mark = Bookmark(id="Bk1", channel=made.id, title="INC-1", link=address, created=now)
        channels.set_bookmarks(made.id, (mark,), user=bot)
        words = "Looking. <@U00000002>, are payouts affected? :eyes:"
        said = messages.post(channel=made.id, user=self.ana, text=words)
        messages.post(channel=made.id, user=self.ana, text="> recall is _far_ below\n• checkout ~ok~\n• payouts?")
        messages.post(channel=made.id, user=self.ben, text="On it.", thread_ts=said.ts)
        messages.react(made.id, said.ts, user=self.ben, name="pushpin")
        messages.post(
            channel=made.id, user=bot, bot_id=workspace.app.bot_id, ephemeral_to=self.ana, text="You lead now."
        )
        return channels.get(made.id)

    def last_told(self) -> Json:
        """What the bot was told last."""
        return self.bot.told[-1][1]
