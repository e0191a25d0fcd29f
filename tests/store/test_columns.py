"""Event kinds as columns."""

from leeward.events.kinds import KINDS
from leeward.store.columns import columns_of, day_of, selected


def test_every_kind_has_columns_for_every_field() -> None:
    for kind in KINDS:
        columns = columns_of(kind)
        assert columns["at"] == "DOUBLE"
        assert """coalesce("id", '') AS "id\"""" in selected(columns)
    assert columns_of("web")["received"] == "BIGINT"


def test_days_are_utc() -> None:
    assert day_of(0) == "1970-01-01"
