"""Reading in turns."""

import asyncio
from typing import Any

from leeward.gates.web.flow import Flow


class Door:
    """Stands for a transport."""

    def __init__(self) -> None:
        self.reading = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


def test_a_long_read_is_taken_in_turns_and_others_go_between() -> None:
    async def run() -> None:
        seen: list[str] = []
        flow = Flow()
        door: Any = Door()
        flow.transport = door
        flow._take = lambda data: seen.append(f"{len(data)}")
        asyncio.get_running_loop().call_soon(seen.append, "other")
        flow.take(bytes(Flow.turn_bytes * 3 + 5))
        assert seen == ["16384"]
        assert not door.reading
        await asyncio.sleep(0.01)
        assert seen == ["16384", "other", "16384", "16384", "5"]
        assert door.reading

    asyncio.run(run())


def test_who_makes_the_connection_wait_stops_the_turns_too() -> None:
    async def run() -> None:
        seen: list[int] = []
        flow = Flow()
        door: Any = Door()
        flow.transport = door

        def take(data: bytes) -> None:
            seen.append(len(data))
            flow.hold_reading("busy")

        flow._take = take
        flow.take(bytes(Flow.turn_bytes * 4))
        await asyncio.sleep(0.01)
        assert len(seen) == 1
        flow._take = lambda data: seen.append(len(data))
        flow.release_reading("busy")
        await asyncio.sleep(0.01)
        assert sum(seen) == Flow.turn_bytes * 4
        assert door.reading

    asyncio.run(run())


def test_what_came_before_the_end_is_taken_at_the_end() -> None:
    async def run() -> None:
        seen: list[int] = []
        flow = Flow()
        flow.transport = Door()
        flow._take = lambda data: seen.append(len(data))
        flow.take(bytes(Flow.turn_bytes * 3))
        assert flow.has_rest
        flow.take_rest()
        assert sum(seen) == Flow.turn_bytes * 3

    asyncio.run(run())
