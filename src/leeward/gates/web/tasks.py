"""Background tasks that can't vanish: each is held until it ends, and its failure is logged."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

_log = logging.getLogger("leeward.gateway")
_held: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Run work beside the rest."""
    task = asyncio.get_running_loop().create_task(work)
    _held.add(task)
    task.add_done_callback(_done)
    return task


def _done(task: asyncio.Task[None]) -> None:
    _held.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("a task failed: %r", error, exc_info=error)
