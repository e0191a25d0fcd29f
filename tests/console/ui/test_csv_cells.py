"""Cells of CSV files."""

import pytest

from leeward.console.ui.csv_cells import plain_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert plain_cell(text) == "'" + text


def test_other_cells_stay_as_they_are() -> None:
    assert [plain_cell(value) for value in ("Y9", 5, "a=b")] == ["Y9", "5", "a=b"]
