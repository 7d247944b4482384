"""The routes for what people do with messages, beside those that draw."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.page.completions import Completions
from bot.sandbox.page.home import Home
from bot.sandbox.page.pages import Pages
from bot.sandbox.page.rewriting import Rewriting
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.state import Workspace


def composing_routes(workspace: Workspace, people: People, pages: Pages) -> list[BaseRoute]:
    """Edit, delete, files, the App Home, and what the message box completes."""
    rewriting, completions = Rewriting(workspace, people, pages), Completions(workspace)
    home = Home(workspace, people, pages)

    async def file(request: Request) -> Response:
        """A file's bytes, in such a way that nothing in it runs."""
        found = workspace.files.get(request.path_params["file_id"])
        headers = {"cache-control": "private, max-age=3600"}
        if not found.is_picture:
            headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
        return Response(found.content or b"", media_type=found.mimetype, headers=headers)

    reads = [
        ("/home", home.page),
        ("/home/{tab}", home.page),
        ("/files/{file_id}/{name}", file),
        ("/part/names", completions.names),
        ("/part/emoji", completions.emoji),
        ("/part/edit/{channel}/{ts}", rewriting.edit_part),
    ]
    writes = [
        ("/part/home", home.part),
        ("/act/edit", rewriting.edit),
        ("/act/delete", rewriting.delete),
        ("/act/dismiss", rewriting.dismiss),
    ]
    return [
        *(Route(path, handler) for path, handler in reads),
        *(Route(path, handler, methods=["POST"]) for path, handler in writes),
    ]
