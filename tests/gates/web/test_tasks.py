"""Background tasks."""

import asyncio
import logging

import pytest

from leeward.gates.web.tasks import spawn


def test_a_failure_is_logged_and_not_lost(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("broken")

    async def run() -> None:
        spawn(fail())
        await asyncio.sleep(0.01)

    with caplog.at_level(logging.ERROR):
        asyncio.run(run())
    assert "broken" in caplog.text
