"""Puts the page together: routes, static files, and the headers that keep it to itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import ConfigurationError
from bot.sandbox.page.about import ABOUT, About
from bot.sandbox.page.actions import Actions
from bot.sandbox.page.behind import Behind
from bot.sandbox.page.composer import SUGGESTIONS
from bot.sandbox.page.composing import composing_routes
from bot.sandbox.page.pages import Pages
from bot.sandbox.page.topic import topic_route
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import SlackSays

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; "
    "img-src 'self' data: http://127.0.0.1:* http://localhost:*; base-uri 'none'; frame-ancestors 'none'"
)
"""No code, style or request from or to anywhere else, and charts from this machine only."""

_SENTENCES = {
    "channel_not_found": "That channel does not exist any more.",
    "message_not_found": "That message does not exist any more.",
    "is_archived": "The channel is archived: nothing can be written into it.",
    "no_such_element": "That button is not there any more.",
    "not_found": "That window is closed already.",
    "too_long": "A topic has at most 250 characters.",
    "already_reacted": "That reaction is there already.",
    "msg_too_long": "That is longer than 40,000 characters, the most that a message may have.",
    "no_text": "There is nothing in it.",
    "cant_update_message": "Only what you wrote yourself can be edited.",
    "cant_delete_message": "Only what you wrote yourself can be deleted.",
    "file_not_found": "That file does not exist any more.",
    "no_file_data": "That file is empty: nothing was sent.",
    "file_upload_size_restricted": "That file is larger than 20 MB, the most that a file may have here.",
}


class _Guard:
    """Adds the content policy to every answer, and refuses posts that another site's page makes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        origin = request.headers.get("origin")
        if request.method == "POST" and origin and urlsplit(origin).netloc != request.headers.get("host"):
            await PlainTextResponse("Posted from another site.", status_code=403)(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = _POLICY
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "no-referrer"
            await send(message)

        await self._app(scope, receive, guarded)


async def _refused(_request: Request, error: Exception) -> Response:
    """Slack's refusal as a sentence."""
    code = error.code if isinstance(error, SlackSays) else str(error)
    return PlainTextResponse(_SENTENCES.get(code, f"Refused: {code}"), status_code=409)


def _htmx() -> Path:
    """Where the installed package keeps htmx; only its files are used."""
    package = find_spec("js_lib_htmx")
    if package is None or not package.submodule_search_locations:
        raise ConfigurationError(
            ["the package django-js-lib-htmx is not installed: the sandbox page needs its htmx.min.js"]
        )
    return Path(package.submodule_search_locations[0]) / "static" / "htmx" / "htmx.min.js"


def _routes(pages: Pages, actions: Actions, htmx: Path, behind: Behind | None) -> list[BaseRoute]:
    async def htmx_file(_request: Request) -> Response:
        return FileResponse(htmx, media_type="text/javascript")

    reads = [
        ("/", pages.home),
        ("/c/{channel}", pages.channel),
        ("/c/{channel}/m/{ts}", pages.channel),
        ("/events", pages.stream.events),
        ("/part/unread", pages.stream.unread),
        ("/part/sidebar", pages.sidebar_part),
        ("/part/head/{channel}", pages.head_part),
        ("/part/messages/{channel}", pages.messages_part),
        ("/part/earlier/{channel}", pages.earlier_part),
        ("/part/later/{channel}", pages.later_part),
        ("/part/message/{channel}/{ts}", pages.message_part),
        ("/static/htmx.js", htmx_file),
    ]
    writes = [
        ("/part/views", pages.views_part),
        ("/act/post", actions.post),
        ("/act/press", actions.press),
        ("/act/react", actions.react),
        ("/act/shortcut", actions.shortcut),
        ("/act/view/submit", actions.submit),
        ("/act/view/close", actions.close),
    ]
    return [
        *(Route(path, handler) for path, handler in reads),
        *(Route(path, handler, methods=["POST"]) for path, handler in writes),
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        *_behind_routes(pages, behind),
    ]


def _behind_routes(pages: Pages, behind: Behind | None) -> list[BaseRoute]:
    if behind is None:
        return []
    return [Route("/behind/panel", pages.stream.panel), Mount("/behind", routes=list(behind.routes()))]


def page_app(
    workspace: Workspace,
    people: People,
    *,
    links: Sequence[tuple[str, str]] = (),
    roles: Mapping[str, str] | None = None,
    suggestions: Sequence[tuple[str, str]] = SUGGESTIONS,
    behind: Behind | None = None,
    about: About = ABOUT,
) -> Starlette:
    """The sandbox's page as an application to mount or to serve.

    ``links`` (label, address) stand beside the channels; ``roles`` says by user id what each person is in the story
    (``commander``); ``suggestions`` are the command's words with what each does; ``about`` is what the bot's manifest
    says. ``behind`` draws the strip in the banner and the panel beside the messages, and is served below ``/behind``.
    ``ConfigurationError`` if htmx is not installed.
    """
    pages = Pages(
        workspace,
        links=links,
        roles=roles or {},
        suggestions=suggestions,
        behind=behind,
        about=about,
    )
    return Starlette(
        routes=[
            *composing_routes(workspace, people, pages),
            topic_route(workspace, people),
            *_routes(pages, Actions(workspace, people, pages), _htmx(), behind),
        ],
        middleware=[Middleware(_Guard)],
        exception_handlers={SlackSays: _refused},
    )
