"""Who is signed in at which address. Changes fast, so it lives apart from the snapshot, in a file of its own."""

import json
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_SCHEMA = """
CREATE TABLE IF NOT EXISTS session (
    client TEXT PRIMARY KEY, person TEXT NOT NULL, attribution TEXT NOT NULL, seat TEXT NOT NULL,
    profile TEXT NOT NULL, role TEXT NOT NULL, groups TEXT NOT NULL, started REAL NOT NULL, expires REAL NOT NULL
) STRICT;
"""


class Session(NamedTuple):
    """One person, or one class log-in with a seat, at one address. Times are seconds since 1970 UTC."""

    client: str
    person: str
    attribution: str
    seat: str
    profile: str
    role: str
    groups: tuple[str, ...]
    started: float
    expires: float


class SessionStore:
    """The sessions file. One writer at a time; readers see a change within a tenth of a second."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = not path.exists()
        self._db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        if fresh:
            path.chmod(0o600)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def version(self) -> int:
        """Changes when another connection wrote; costs microseconds."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def start(self, session: Session) -> None:
        """Sign somebody in at an address; whoever was there before is signed out."""
        self._db.execute(
            "INSERT OR REPLACE INTO session VALUES (?,?,?,?,?,?,?,?,?)",
            (*session[:6], json.dumps(session.groups), session.started, session.expires),
        )

    def end(self, client: str) -> bool:
        """Sign out. Returns whether anybody was there."""
        return self._db.execute("DELETE FROM session WHERE client=?", (client,)).rowcount > 0

    def end_person(self, person: str) -> int:
        """Sign a person out everywhere. Returns at how many addresses."""
        return self._db.execute("DELETE FROM session WHERE person=?", (person,)).rowcount

    def find(self, client: str, *, now: float | None = None) -> Session | None:
        """Who is at an address."""
        row = self._db.execute(
            "SELECT * FROM session WHERE client=? AND expires>?", (client, time.time() if now is None else now)
        ).fetchone()
        return _session(row) if row else None

    def all(self, *, now: float | None = None) -> list[Session]:
        """Everybody who is signed in, newest first."""
        rows = self._db.execute(
            "SELECT * FROM session WHERE expires>? ORDER BY started DESC", (time.time() if now is None else now,)
        )
        return [_session(row) for row in rows]

    def sweep(self, *, now: float | None = None) -> list[Session]:
        """Take expired sessions out and return them."""
        rows = self._db.execute(
            "DELETE FROM session WHERE expires<=? RETURNING *", (time.time() if now is None else now,)
        ).fetchall()
        return [_session(row) for row in rows]

    def start_all(self, sessions: Iterable[Session]) -> None:
        """Sign many in, in one transaction."""
        self._db.execute("BEGIN IMMEDIATE")
        for session in sessions:
            self.start(session)
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _session(row: tuple[str, str, str, str, str, str, str, float, float]) -> Session:
    return Session(*row[:6], groups=tuple(json.loads(row[6])), started=row[7], expires=row[8])
