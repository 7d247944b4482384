"""What incidents hold of their runbooks, against the files: one version has one text.

A newer version changes nothing for an incident that runs; the same version with another text would make two runbooks
of one name, so its file is refused until its version is raised.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from bot.runbooks.loading import Library
from bot.runbooks.short import ShortRunbook


def without_rewritten(library: Library, held: Iterable[tuple[str, int, str]]) -> Library:
    """The library without files that rewrote what an incident holds: ``held`` is id, version and SHA-256 of each."""
    known = {(runbook_id, version): sha256 for runbook_id, version, sha256 in held if sha256}

    def rewritten(short: ShortRunbook) -> bool:
        return known.get((short.id, short.head.version), short.head.sha256) != short.head.sha256

    refused = [short for short in library.runbooks if rewritten(short)]
    problems = [
        f"{short.file}:1:1: {short.id!r} version {short.head.version} differs from what an open incident holds; "
        "raise 'version' when the text changes"
        for short in refused
    ]
    kept = tuple(short for short in library.runbooks if short not in refused)
    return replace(library, runbooks=kept, problems=(*library.problems, *problems))
