"""Event kinds as columns of a table: made from their declarations."""

import datetime as dt
from collections.abc import Mapping

from leeward.events.kinds import KINDS, fields

_TYPES = {"str": "VARCHAR", "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN"}
_EMPTY = {"VARCHAR": "''", "BIGINT": "0", "DOUBLE": "0.0", "BOOLEAN": "false"}


def columns_of(kind: str) -> dict[str, str]:
    """Column names and SQL types of a kind."""
    out = {}
    for name, inner, _, _ in fields(KINDS[kind]):
        out[name] = _TYPES[type(inner).__name__.removesuffix("Type").lower()]
    return out


def selected(columns: Mapping[str, str]) -> str:
    """A select list that fills in what an event left out."""
    defaults = KINDS["web"]()
    return ", ".join(
        f'coalesce("{name}", {_default(defaults, name, kind)}) AS "{name}"' for name, kind in columns.items()
    )


def _default(defaults: object, name: str, kind: str) -> str:
    value = getattr(defaults, name, None)
    return str(value) if isinstance(value, int) and value else _EMPTY[kind]


def day_of(epoch: float) -> str:
    """The UTC day of a moment, ISO."""
    return dt.datetime.fromtimestamp(epoch, dt.UTC).date().isoformat()
