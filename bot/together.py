"""Several pieces of work at once, none of which outlives the others.

``asyncio.gather`` raises the first failure and lets the rest run on: their calls would still be under way when
whoever asked for them is long gone, and their connections are closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def together(*work: Coroutine[Any, Any, Any]) -> list[Any]:
    """All results in order; the first failure is raised once the others have been cancelled and have ended."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
