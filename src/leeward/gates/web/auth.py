"""Proxy authentication (Basic, RFC 7617) for devices that can do nothing else."""

import asyncio
import base64
import binascii
import hashlib
import secrets
import time
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from leeward.config import User

_REMEMBERED_SECONDS = 300.0
# DfE-CS-5: at most 10 guesses in 5 minutes.
_GUESSES, _GUESS_SECONDS = 10, 300.0


class ProxyAuth:
    """Checks log-ins. A checked one is remembered for five minutes under a keyed hash, never as text."""

    def __init__(self, users: Iterable[User], *, workers: int = 1) -> None:
        self._most = max(_GUESSES // workers, 1)  # each worker counts alone: together they allow no more than one would
        self._users = {user.login.casefold(): user for user in users}
        self._hasher = PasswordHasher()
        self._key = secrets.token_bytes(32)
        self._good: dict[bytes, tuple[User, float]] = {}
        self._failures: dict[str, list[float]] = {}

    def _mark(self, field: bytes) -> bytes:
        return hashlib.blake2b(field, key=self._key, digest_size=16).digest()

    def known(self, field: bytes) -> User | None:
        """The user of a Proxy-Authorization field that was checked lately."""
        found = self._good.get(self._mark(field))
        return found[0] if found and found[1] > time.monotonic() else None

    async def check(self, field: bytes) -> User | None:
        """The user of a Proxy-Authorization field, or None."""
        scheme, _, coded = field.strip().partition(b" ")
        if scheme.lower() != b"basic":
            return None
        try:
            login, _, password = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        user = self._users.get(login.casefold())
        if user is None or self._locked(login):
            return None
        # Counted before it is verified, so that many guesses at once are no way past the limit.
        guess = time.monotonic()
        guesses = self._failures.setdefault(login.casefold(), [])
        guesses.append(guess)
        loop = asyncio.get_running_loop()
        if not await loop.run_in_executor(None, self._verify, user.password_hash, password):
            return None
        guesses.remove(guess)
        if len(self._good) > 10_000:
            self._good.clear()
        self._good[self._mark(field)] = (user, time.monotonic() + _REMEMBERED_SECONDS)
        return user

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (Argon2Error, InvalidHashError):
            return False

    def _locked(self, login: str) -> bool:
        now = time.monotonic()
        guesses = self._failures.get(login.casefold(), [])
        guesses[:] = [at for at in guesses if now - at < _GUESS_SECONDS]
        return len(guesses) >= self._most
