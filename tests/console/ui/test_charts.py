"""Charts are pictures that can't be broken by what they show."""

from leeward.console.ui.charts import Bar, bars


def test_bars_are_scaled_and_labels_are_text() -> None:
    drawn = bars("Blocked", [Bar("<b>Games</b>", 10), Bar("a" * 60, 5), Bar("none", 0)])
    assert "<b>" not in drawn
    assert 'width="360"' in drawn
    assert 'width="180"' in drawn
    assert 'aria-label="Blocked"' in drawn
    assert "…" in drawn


def test_nothing_to_show_draws_nothing() -> None:
    assert bars("x", []) == ""
