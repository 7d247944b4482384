"""What the person at the page does, handed to the workspace as that person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.sandbox.page.composer import as_sent
from bot.sandbox.page.fields import control_name, entered_values
from bot.sandbox.page.pages import Pages
from bot.sandbox.page.seat import seat_of
from bot.sandbox.workspace.acks import Ack
from bot.sandbox.workspace.files import LARGEST
from bot.sandbox.workspace.inputs import Entered
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.state import Workspace

Form = Mapping[str, Sequence[str]]

_LATE = "did not answer within three seconds. It may still be at work: look before you try again"
_REASONS = {
    "http_timeout": _LATE,
    "timeout": _LATE,
    "http_error": "answered with an error. Try again; what went wrong is in its log",
    "connection_failed": "is not connected. Try again when it runs",
}
_MOST_FILES = 10
_TOO_LARGE = "{name} is larger than {most} MB, the most that a file may have here. Nothing was sent."


def _texts(form: FormData) -> dict[str, list[str]]:
    return {name: [text for text in form.getlist(name) if isinstance(text, str)] for name in form}


async def _form(request: Request) -> dict[str, list[str]]:
    return _texts(await request.form())


def _one(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _typed(form: Form) -> str:
    return _one(form, "text").replace("\r\n", "\n").strip()


class Actions:
    """Each method is one POST. Refusals (``SlackSays``) become answers in ``app.py``."""

    def __init__(self, workspace: Workspace, people: People, pages: Pages) -> None:
        self._workspace = workspace
        self._people = people
        self._pages = pages

    def _told(self, ack: Ack, what: str) -> Response:
        """Nothing to say if the bot acknowledged, else a sentence for the person."""
        if ack.ok:
            return Response(status_code=204)
        bot = self._workspace.directory.user(self._workspace.app.bot_user).real_name
        why = _REASONS.get(ack.reason, f"did not acknowledge ({ack.reason})")
        return PlainTextResponse(f"{what} failed: {bot} {why}.", status_code=502)

    async def post(self, request: Request) -> Response:
        """A message, a reply, files, or a slash command."""
        async with request.form(max_files=_MOST_FILES) as sent:
            files = [one for one in sent.getlist("files") if isinstance(one, UploadFile) and one.filename]
            me, form = seat_of(request, self._workspace).me, _texts(sent)
            if files:
                return await self._upload(me, form, files)
            self._pages.tabs.acts(me, request)
            return await self._say(me, form)

    async def _say(self, me: str, form: Form) -> Response:
        text, channel = _typed(form), _one(form, "channel")
        if not text:
            return Response(status_code=204)
        first = text.split(maxsplit=1)[0]
        if first == self._workspace.app.command and _one(form, "thread_ts"):
            return PlainTextResponse(f"{first} does nothing in a thread: type it in the channel.", status_code=409)
        if first == self._workspace.app.command:
            line = as_sent(text, self._workspace, with_names=True)
            return self._told(await self._people.slash(me, channel, line), first)
        if first.startswith("/") and "/" not in first[1:]:
            known = self._workspace.app.command
            return PlainTextResponse(f"{first} is no command here. Try {known} help.", status_code=409)
        await self._people.post_as(me, channel, as_sent(text, self._workspace), thread_ts=_one(form, "thread_ts"))
        return Response(status_code=204)

    async def _upload(self, me: str, form: Form, files: Sequence[UploadFile]) -> Response:
        """Each file in a message of its own, the text with the first; none of them if one is too large."""
        if _typed(form).split(maxsplit=1)[:1] == [self._workspace.app.command]:
            return PlainTextResponse("A command takes no files. Nothing was sent.", status_code=409)
        for file in files:
            if (file.size or 0) > LARGEST:
                sentence = _TOO_LARGE.format(name=file.filename, most=LARGEST // 1_000_000)
                return PlainTextResponse(sentence, status_code=413)
        text = as_sent(_typed(form), self._workspace)
        for file in files:
            await self._people.upload(
                me,
                _one(form, "channel"),
                name=file.filename or "file",
                content=await file.read(),
                text=text,
                thread_ts=_one(form, "thread_ts"),
            )
            text = ""
        return Response(status_code=204)

    async def press(self, request: Request) -> Response:
        """A button was pressed, or something chosen, in a message or in a modal."""
        me, form = seat_of(request, self._workspace).me, await _form(request)
        self._pages.tabs.acts(me, request)
        block_id, action_id = _one(form, "block_id"), _one(form, "action_id")
        entered: Entered = _one(form, "selected") or None
        own = form.get(control_name(block_id, action_id))
        if entered is None and own is not None:
            entered = [text for text in own if text != ""]
        values, view_id = entered_values(form), _one(form, "view_id")
        home = self._workspace.homes.get(me)
        if home and home.id == view_id:
            ack = await self._people.press_in_home(me, action_id, block_id=block_id, entered=entered, values=values)
        elif view_id:
            ack = await self._people.press_in_view(
                me, view_id, action_id, block_id=block_id, entered=entered, values=values
            )
        else:
            channel, ts = _one(form, "channel"), _one(form, "ts")
            ack = await self._people.press(
                me, channel, ts, action_id, block_id=block_id, entered=entered, values=values
            )
        return self._told(ack, "This")

    async def react(self, request: Request) -> Response:
        """The person's emoji is under the message, or gone if it was there."""
        me, form = seat_of(request, self._workspace).me, await _form(request)
        channel, ts, name = _one(form, "channel"), _one(form, "ts"), _one(form, "name")
        message = self._workspace.messages.get(channel, ts)
        mine = any(reaction.name == name and me in reaction.users for reaction in message.reactions)
        await (self._people.unreact if mine else self._people.react)(me, channel, ts, name)
        return Response(status_code=204)

    async def shortcut(self, request: Request) -> Response:
        """A message shortcut, or a global one if no message is named."""
        me, form = seat_of(request, self._workspace).me, await _form(request)
        self._pages.tabs.acts(me, request)
        ack = await self._people.shortcut(
            me, _one(form, "callback_id"), channel=_one(form, "channel"), ts=_one(form, "ts")
        )
        return self._told(ack, "The shortcut")

    async def submit(self, request: Request) -> Response:
        """The modal was submitted; answers with the modal to show now, with errors at its fields."""
        me, form = seat_of(request, self._workspace).me, await _form(request)
        self._pages.tabs.acts(me, request)
        done = await self._people.submit_view(me, _one(form, "view_id"), entered_values(form))
        if done.failed:
            return self._told(Ack(reason=done.failed), "Submitting")
        # After errors the form keeps what was typed; a view that replaced it begins with its own values.
        return self._pages.view(request, entered=form if done.errors else {}, errors=done.errors)

    async def close(self, request: Request) -> Response:
        """The modal was closed, or with ``all`` every one below it too; answers with the one that is left."""
        me, form = seat_of(request, self._workspace).me, await _form(request)
        await self._people.close_view(me, _one(form, "view_id"), all_of_them=_one(form, "all") == "1")
        return self._pages.view(request, entered={})
