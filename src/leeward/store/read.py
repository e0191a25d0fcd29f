"""Questions to the store: SQL files with named parameters, over the parts that can hold the answer."""

import datetime as dt
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from leeward.store.catalog import Catalog
from leeward.store.columns import columns_of, day_of

_UNLIMITED: dict[str, Any] = {
    **dict.fromkeys(("person", "client", "host", "term", "action", "attribution"), ""),
    **{"level": 0, "offset": 0, "limit": 1_000_000},
}
_NO_END = 4102444800.0  # 2100-01-01: "until" that means no end


class Store:
    """Reads the store. Cheap to make; one for a request."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._catalog = Catalog(folder)
        self._duck = duckdb.connect(config={"threads": 2})

    def ask(
        self, query: str, *, kind: str = "web", since: float = 0.0, until: float = _NO_END, **parameters: Any
    ) -> list[dict[str, Any]]:
        """Rows of a named query (queries/NAME.sql) between two moments, seconds since 1970 UTC.

        A parameter that is not given doesn't limit.
        """
        text = query_text(query)
        source = self._source(kind, since, until)
        values = _UNLIMITED | {"since": since, "until": until, **parameters}
        known = {name: value for name, value in values.items() if f"${name}" in text}
        cursor = self._duck.execute(text.replace("{events}", source), known)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _source(self, kind: str, since: float, until: float) -> str:
        parts = self._catalog.parts(kind, first=day_of(since), last=day_of(min(until, _NO_END)))
        if not parts:
            empty = ", ".join(f'CAST(NULL AS {sql}) AS "{name}"' for name, sql in columns_of(kind).items())
            return f"(SELECT {empty} WHERE false)"
        return f"read_parquet({[str(self.folder / part.path) for part in parts]}, union_by_name=true)"

    def totals(self) -> dict[str, dict[str, int]]:
        """Rows and bytes by kind."""
        return self._catalog.totals()

    def close(self) -> None:
        """Close what is open."""
        self._duck.close()
        self._catalog.close()


@cache
def query_text(name: str) -> str:
    """The text of queries/NAME.sql. Raises FileNotFoundError."""
    return resources.files("leeward.store").joinpath(f"queries/{name}.sql").read_text("utf-8")


def day_bounds(day: dt.date, zone: dt.tzinfo) -> tuple[float, float]:
    """The first and the last moment of a local day."""
    start = dt.datetime.combine(day, dt.time(), zone)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    return start.timestamp(), end.timestamp()
