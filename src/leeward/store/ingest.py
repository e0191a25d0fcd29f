"""The spool into Parquet, by kind and day; small parts joined; old ones dropped."""

import datetime as dt
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import duckdb

from leeward.events.follow import kept_folder
from leeward.events.kinds import KINDS
from leeward.events.spool import seal_orphans, sealed
from leeward.store.catalog import Catalog, Part
from leeward.store.columns import columns_of, selected

_log = logging.getLogger("leeward.ingest")
# "at" is a keyword to DuckDB, so it is quoted wherever it is a column.
_DAY = """strftime(to_timestamp("at") AT TIME ZONE 'UTC', '%Y-%m-%d')"""
_BATCH_BYTES = 512 * 1024 * 1024
_UNREAD_SECONDS = 14 * 86_400
_JOINED_PARTS = 8  # parts of one day before they are joined


class Ingested(NamedTuple):
    """What one pass did."""

    segments: int
    rows: int


class Ingest:
    """Moves a spool into a store. Stateless beyond the catalog; safe to kill at any moment."""

    def __init__(self, spool: Path, store: Path) -> None:
        self.spool = spool
        self.store = store
        self.catalog = Catalog(store)
        self._duck = duckdb.connect(config={"threads": 2})

    def run(self) -> Ingested:
        """One pass over what is sealed. Raises OSError or duckdb.Error if the disk is full; nothing is lost by it."""
        seal_orphans(self.spool)
        segments = rows = 0
        while batch := self._next_batch():
            names = [path.name for path in batch]
            done = self.catalog.known(names)
            fresh = [path for path in batch if path.name not in done]
            if fresh:
                parts = self._write(fresh)
                self.catalog.add(parts, [path.name for path in fresh])
                segments += len(fresh)
                rows += sum(part.rows for part in parts)
            for path in batch:
                self._hand_on(path)
            self.catalog.forget_segments(names)
        return Ingested(segments, rows)

    def _hand_on(self, path: Path) -> None:
        """To the follower, if there is one that reads the spool too; otherwise it has served."""
        kept = kept_folder(self.spool)
        if kept.is_dir() and path.exists():
            path.rename(kept / path.name)
        else:
            path.unlink(missing_ok=True)

    def drop_unread(self, *, today: dt.datetime | None = None) -> int:
        """Drop segments that no follower came for: one that was switched off fills no disk. Returns how many."""
        limit = (today or dt.datetime.now(dt.UTC)).timestamp() - _UNREAD_SECONDS
        old = [path for path in kept_folder(self.spool).glob("*.jsonl") if path.stat().st_mtime < limit]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _next_batch(self) -> list[Path]:
        batch, size = [], 0
        for path in sealed(self.spool):
            batch.append(path)
            size += path.stat().st_size
            if size > _BATCH_BYTES:
                break
        return batch

    def _write(self, paths: list[Path]) -> list[Part]:
        """Parquet files named by the first segment, so that a repeated attempt writes over itself."""
        files = [str(path) for path in paths if path.stat().st_size]
        if not files:
            return []
        parts = []
        for kind, day in self._days(files):
            relative = f"{kind}/{day}/{paths[0].stem}.parquet"
            source = self._source(kind, files)
            query = f"SELECT * FROM ({source}) WHERE {_DAY} = '{day}'"  # noqa: S608 - kind and day are ours
            parts.append(self._copy(f'{query} ORDER BY person, "at"' if kind == "web" else query, relative, kind, day))
        return parts

    def _days(self, files: list[str]) -> list[tuple[str, str]]:
        source = _json(files, {"kind": "VARCHAR", "at": "DOUBLE"})
        query = f'SELECT DISTINCT kind, {_DAY} FROM {source} WHERE kind IS NOT NULL AND "at" IS NOT NULL'  # noqa: S608
        rows = self._duck.execute(query).fetchall()
        return sorted((kind, day) for kind, day in rows if kind in KINDS)

    def _source(self, kind: str, files: list[str]) -> str:
        columns = columns_of(kind)
        return f"SELECT {selected(columns)} FROM {_json(files, {'kind': 'VARCHAR', **columns})} WHERE kind = '{kind}'"  # noqa: S608

    def _copy(self, query: str, relative: str, kind: str, day: str) -> Part:
        target = self.store / relative
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = target.with_suffix(".arriving")
        (rows,) = self._duck.execute(f"COPY ({query}) TO '{scratch}' (FORMAT parquet, COMPRESSION zstd)").fetchall()[0]
        scratch.rename(target)
        return Part(relative, kind, day, int(rows), target.stat().st_size)

    def join_parts(self) -> int:
        """Join the small parts of a day, sorted by person. Returns how many days were joined."""
        for path in self.catalog.take_garbage():
            (self.store / path).unlink(missing_ok=True)
        today = dt.datetime.now(dt.UTC).date().isoformat()
        joined = 0
        for kind in KINDS:
            for day, count, _ in self.catalog.days(kind):
                if count > _JOINED_PARTS or (count > 1 and day < today):
                    self._join(kind, day)
                    joined += 1
        return joined

    def _join(self, kind: str, day: str) -> None:
        old = self.catalog.parts(kind, first=day, last=day)
        files = [str(self.store / part.path) for part in old]
        order = 'ORDER BY person, "at"' if kind == "web" else 'ORDER BY "at"'
        relative = f"{kind}/{day}/joined-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}.parquet"
        new = self._copy(f"SELECT * FROM read_parquet({files}) {order}", relative, kind, day)  # noqa: S608
        self.catalog.replace(old, [new])

    def drop_old(self, retention_days: Mapping[str, int], *, today: dt.date | None = None) -> int:
        """Drop parts that are older than their kind's retention. Returns how many."""
        today = today or dt.datetime.now(dt.UTC).date()
        dropped = 0
        for name, kind in KINDS.items():
            days = retention_days.get(name, kind.RETENTION_DAYS)
            limit = (today - dt.timedelta(days=days)).isoformat()
            old = [part for part in self.catalog.parts(name) if part.day < limit]
            self.catalog.replace(old, [])
            dropped += len(old)
        return dropped

    def close(self) -> None:
        """Close what is open."""
        self._duck.close()
        self.catalog.close()


def _json(files: list[str], columns: dict[str, str]) -> str:
    shape = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    return f"read_json({files}, format='newline_delimited', columns={{{shape}}}, ignore_errors=true)"
