"""Which Parquet parts make up the store, and which spool segments are in it: one transaction for both.

A segment is in the store exactly when the catalog says so, whatever was interrupted: that is how kill -9 neither
loses nor doubles an event.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_SCHEMA = """
CREATE TABLE IF NOT EXISTS part (
    path TEXT PRIMARY KEY, kind TEXT NOT NULL, day TEXT NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS part_by_day ON part (kind, day);
CREATE TABLE IF NOT EXISTS segment (name TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS garbage (path TEXT PRIMARY KEY) STRICT;
"""


class Part(NamedTuple):
    """One Parquet file: events of one kind and one day (UTC, ISO). `path` is relative to the store."""

    path: str
    kind: str
    day: str
    rows: int
    bytes: int


class Catalog:
    """The catalog file. One writer (ingest), any number of readers."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._db = sqlite3.connect(folder / "catalog.sqlite", timeout=10, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)

    def parts(self, kind: str, *, first: str = "", last: str = "9999") -> list[Part]:
        """Parts of a kind between two days, both included."""
        rows = self._db.execute(
            "SELECT path, kind, day, rows, bytes FROM part WHERE kind=? AND day BETWEEN ? AND ? ORDER BY day, path",
            (kind, first, last),
        )
        return [Part(*row) for row in rows]

    def known(self, names: Iterable[str]) -> set[str]:
        """Which of these segments are in the store already."""
        return {name for name in names if self._db.execute("SELECT 1 FROM segment WHERE name=?", (name,)).fetchone()}

    def add(self, parts: Iterable[Part], segments: Iterable[str]) -> None:
        """Parts become readable and their segments count as taken: both or neither."""
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO part VALUES (?,?,?,?,?)", parts)
            self._db.executemany("INSERT OR IGNORE INTO segment VALUES (?)", ((name,) for name in segments))

    def replace(self, old: Iterable[Part], new: Iterable[Part]) -> None:
        """Parts take the place of others, which are deleted later: a reader may be at them."""
        old = list(old)
        with self._transaction():
            self._db.executemany("DELETE FROM part WHERE path=?", ((part.path,) for part in old))
            self._db.executemany("INSERT OR REPLACE INTO part VALUES (?,?,?,?,?)", new)
            self._db.executemany("INSERT OR IGNORE INTO garbage VALUES (?)", ((part.path,) for part in old))

    def forget_segments(self, names: Iterable[str]) -> None:
        """Segments whose files are gone need no remembering."""
        self._db.executemany("DELETE FROM segment WHERE name=?", ((name,) for name in names))

    def take_garbage(self) -> list[str]:
        """Paths that nobody reads any more."""
        with self._transaction():
            rows = self._db.execute("DELETE FROM garbage RETURNING path").fetchall()
        return [row[0] for row in rows]

    def days(self, kind: str) -> list[tuple[str, int, int]]:
        """(day, parts, rows) of a kind."""
        return self._db.execute(
            "SELECT day, count(*), sum(rows) FROM part WHERE kind=? GROUP BY day ORDER BY day", (kind,)
        ).fetchall()

    def totals(self) -> dict[str, dict[str, int]]:
        """Rows and bytes by kind."""
        rows = self._db.execute("SELECT kind, count(*), sum(rows), sum(bytes) FROM part GROUP BY kind ORDER BY kind")
        return {kind: {"parts": parts, "rows": count, "bytes": size} for kind, parts, count, size in rows}

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class _Transaction:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")
