"""The gallery: messages that show every block, element and piece of markup once, for tests and for pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "fixtures" / "blocks"

GALLERY: dict[str, list[dict[str, Any]]] = {
    file.stem: json.loads(file.read_text()) for file in sorted(_FOLDER.glob("*.json"))
}
"""Messages (``text``, ``blocks``, ``attachments``) by the kind of block that they show."""
