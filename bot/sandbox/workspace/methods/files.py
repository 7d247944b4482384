"""Uploading a file in three steps: ask for an address, send the bytes there, complete."""

from __future__ import annotations

from bot.sandbox.workspace.files import LARGEST
from bot.sandbox.workspace.methods.arguments import Request, wrong_arguments
from bot.sandbox.workspace.methods.content import thread_of
from bot.sandbox.workspace.schema import problem
from bot.sandbox.workspace.shapes import file_json
from bot.sandbox.workspace.values import Json, SlackSays


def upload_address(request: Request) -> Json:
    """``files.getUploadURLExternal``."""
    name = request.arguments.required("filename")
    request.arguments.required("length")
    length = request.arguments.whole("length", 0)
    if length <= 0:
        raise wrong_arguments(problem("must be greater than 0", "/length"))
    if length > LARGEST:
        raise SlackSays("file_upload_size_restricted")
    file = request.workspace.files.expect(name, user=request.bot, alt=request.arguments.text("alt_txt"))
    return {"upload_url": f"{request.base_url}/upload/{file.id}", "file_id": file.id}


def complete(request: Request) -> Json:
    """``files.completeUploadExternal``: in a channel if one is named, else for use in image blocks."""
    entries = request.arguments.json("files", refusal="invalid_arguments")
    if not entries:
        raise wrong_arguments("missing required field: files")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise wrong_arguments(problem("must provide an array", "/files"))
    channel = request.own_channel("channel_id") if "channel_id" in request.arguments else None
    workspace = request.workspace
    if channel:
        workspace.channels.open(channel.id)
    files = tuple(
        workspace.files.complete(str(entry.get("id")), title=str(entry.get("title", ""))) for entry in entries
    )
    if channel:
        workspace.share(
            files,
            channel=channel.id,
            user=request.bot,
            bot_id=workspace.app.bot_id,
            text=request.arguments.text("initial_comment"),
            thread_ts=thread_of(request, channel),
        )
    return {"files": [file_json(file, workspace.files.address(file)) for file in files]}


def info(request: Request) -> Json:
    """``files.info``."""
    file = request.workspace.files.get(request.arguments.required("file"))
    return {"file": file_json(file, request.workspace.files.address(file))}


def delete(request: Request) -> Json:
    """``files.delete``: the bot's own; the message that showed it stays."""
    file = request.workspace.files.get(request.arguments.required("file"))
    if file.user != request.bot:
        raise SlackSays("cant_delete_file")
    request.workspace.files.delete(file.id)
    return {}
