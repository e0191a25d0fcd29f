"""Proxy authentication."""

import asyncio
import base64

from argon2 import PasswordHasher

from leeward.config import User
from leeward.gates.web.auth import ProxyAuth

HASH = PasswordHasher(time_cost=1, memory_cost=1024).hash("sesame")


def field(text: str) -> bytes:
    return b"Basic " + base64.b64encode(text.encode())


def test_a_good_log_in_is_remembered() -> None:
    auth = ProxyAuth([User(login="Kiosk", password_hash=HASH)])
    assert auth.known(field("kiosk:sesame")) is None
    user = asyncio.run(auth.check(field("kiosk:sesame")))
    assert user is not None
    assert auth.known(field("kiosk:sesame")) is user


def test_rubbish_is_nobody() -> None:
    auth = ProxyAuth([User(login="kiosk", password_hash="no hash")])
    for text in (b"", b"Basic", b"Basic !!!", b"Bearer x", field("kiosk:sesame"), field("nobody:x"), field("no colon")):
        assert asyncio.run(auth.check(text)) is None


def test_ten_wrong_guesses_lock_the_log_in() -> None:
    auth = ProxyAuth([User(login="kiosk", password_hash=HASH)])
    for number in range(10):
        assert asyncio.run(auth.check(field(f"kiosk:wrong{number}"))) is None
    assert asyncio.run(auth.check(field("kiosk:sesame"))) is None


def test_many_guesses_at_once_are_no_way_past_the_limit() -> None:
    auth = ProxyAuth([User(login="kiosk", password_hash=HASH)])

    async def guess() -> list[User | None]:
        wrong = [auth.check(field(f"kiosk:wrong{number}")) for number in range(29)]
        return await asyncio.gather(*wrong, auth.check(field("kiosk:sesame")))

    assert asyncio.run(guess()) == [None] * 30


def test_workers_together_allow_no_more_guesses_than_one() -> None:
    auth = ProxyAuth([User(login="kiosk", password_hash=HASH)], workers=5)
    for number in range(2):
        assert asyncio.run(auth.check(field(f"kiosk:wrong{number}"))) is None
    assert asyncio.run(auth.check(field("kiosk:sesame"))) is None
