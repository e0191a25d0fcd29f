"""The catalog."""

from pathlib import Path

import pytest

from leeward.store.catalog import Catalog, Part


def test_parts_and_segments_come_together_or_not_at_all(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path)
    part = Part("web/d/x.parquet", "web", "2026-11-23", 1, 2)
    catalog.add([part], ["s1"])
    assert catalog.known(["s1", "s2"]) == {"s1"}
    assert catalog.parts("web", first="2026-11-23", last="2026-11-23") == [part]
    with pytest.raises(Exception, match=r"binding|columns|supplied"):
        catalog.add([("broken",)], ["s2"])  # type: ignore[list-item]
    assert catalog.known(["s2"]) == set()
    catalog.replace([part], [])
    assert catalog.take_garbage() == ["web/d/x.parquet"]
    assert catalog.take_garbage() == []
    catalog.close()
