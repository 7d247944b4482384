"""Uploading a file in three steps: ask for an address, send the bytes there, complete."""

from __future__ import annotations

from bot.sandbox.workspace.files import LARGEST, File
from bot.sandbox.workspace.methods.arguments import Request
from bot.sandbox.workspace.values import Json, SlackSays


def upload_address(request: Request) -> Json:
    """``files.getUploadURLExternal``."""
    if request.arguments.whole("length", 0) > LARGEST:
        raise SlackSays("file_upload_size_restricted")
    file = request.workspace.files.expect(request.arguments.required("filename"), user=request.bot)
    return {"upload_url": f"{request.base_url}/upload/{file.id}", "file_id": file.id}


def complete(request: Request) -> Json:
    """``files.completeUploadExternal``: in a channel if one is named, else for use in image blocks."""
    entries = request.arguments.json("files", refusal="invalid_arguments") or []
    if not entries:
        raise SlackSays("invalid_arguments")
    channel = request.own_channel("channel_id") if "channel_id" in request.arguments else None
    files = [
        request.workspace.files.complete(str(entry.get("id")), title=str(entry.get("title", ""))) for entry in entries
    ]
    if channel:
        request.workspace.messages.post(
            channel=request.workspace.channels.open(channel.id).id,
            user=request.bot,
            bot_id=request.workspace.app.bot_id,
            text=request.arguments.text("initial_comment"),
            thread_ts=request.arguments.text("thread_ts"),
            files=tuple(file.id for file in files),
        )
    return {"files": [file_json(file, request.base_url) for file in files]}


def info(request: Request) -> Json:
    """``files.info``."""
    return {"file": file_json(request.workspace.files.get(request.arguments.required("file")), request.base_url)}


def file_json(file: File, base_url: str) -> Json:
    """A file as ``files.info`` has it."""
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "size": len(file.content or b""),
        "user": file.user,
        "url_private": f"{base_url}/files/{file.id}",
        "permalink": f"{base_url}/files/{file.id}",
    }
