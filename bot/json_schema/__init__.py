"""The JSON Schema of a runbook and of evenkeel.yaml, for editors: what the readers themselves ask for, written down.

``noting`` is told by the readers which keys they ask for and in which form, while they read ``examples`` that hold
everything; ``building`` makes the schema of it. So schema and reader cannot disagree about a key.
"""

from __future__ import annotations

from bot.json_schema.schemas import Kind, schema, schema_text

__all__ = ["Kind", "schema", "schema_text"]
