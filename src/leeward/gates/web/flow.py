"""How a connection is read: who makes it wait, and how much is taken before others have their turn."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

LARGE = 32_768  # bytes of one read that are taken in turns


class Flow(asyncio.Protocol):
    """What a client's and a server's connection share.

    Thousands of small units (pings, chunks, pipelined requests) fit into one read of 256 KB. Such a read is taken in
    turns of `turn_bytes`, so that one sender never keeps the others of its worker waiting.
    """

    __slots__ = ("_held_by", "_rest", "_take", "over", "transport")
    turn_bytes = 16_384

    def __init__(self) -> None:
        self.transport: Any = None
        self.over = False  # nothing more is taken
        self._held_by: set[object] = set()
        self._rest: deque[bytes] = deque()
        self._take: Callable[[bytes], None]

    def take(self, data: bytes) -> None:
        """Take bytes that came: at once, or in turns."""
        size = self.turn_bytes
        if len(data) <= max(LARGE, size):
            self._take(data)
            return
        self.hold_reading("turn")
        self._rest.extend(data[start : start + size] for start in range(0, len(data), size))
        self._next_turn()

    def _next_turn(self) -> None:
        if self.over:
            self._rest.clear()
        elif self._rest and self._held_by == {"turn"}:
            piece = self._rest.popleft()
            asyncio.get_running_loop().call_soon(self._next_turn)
            self._take(piece)
        elif not self._rest:
            self.release_reading("turn")

    def take_rest(self) -> None:
        """The connection is gone: take what had come before."""
        while self._rest and not self.over:
            self._take(self._rest.popleft())

    @property
    def has_rest(self) -> bool:
        """Whether bytes wait for their turn."""
        return bool(self._rest)

    def hold_reading(self, who: object) -> None:
        """Make the other side wait."""
        if not self._held_by and not self.over:
            self.transport.pause_reading()
        self._held_by.add(who)

    def release_reading(self, who: object) -> None:
        """Let the other side go on, when nobody else makes it wait."""
        if who not in self._held_by:
            return
        self._held_by.discard(who)
        if self._held_by == {"turn"}:
            asyncio.get_running_loop().call_soon(self._next_turn)
        elif not self._held_by and not self.over:
            self.transport.resume_reading()
