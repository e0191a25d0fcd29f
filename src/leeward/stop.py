"""A word to stop that a signal handler may give.

`threading.Event.set` takes a lock that the interrupted `wait` of the same thread may hold: then both wait for ever.
`queue.SimpleQueue.put` is re-entrant by its documentation, so it is what is waited for here.
"""

import contextlib
import queue


class Stop:
    """Set once, from a signal handler or a thread; waited for by any number of threads."""

    def __init__(self) -> None:
        self._asked = False
        self._words: queue.SimpleQueue[None] = queue.SimpleQueue()

    def set(self) -> None:
        """Ask to stop."""
        self._asked = True
        self._words.put(None)

    def is_set(self) -> bool:
        """Whether somebody asked."""
        return self._asked

    def wait(self, seconds: float) -> bool:
        """Wait so long at most. Returns whether somebody asked."""
        if not self._asked:
            with contextlib.suppress(queue.Empty):
                self._words.get(timeout=seconds)
                self._words.put(None)  # for whoever else waits
        return self._asked
