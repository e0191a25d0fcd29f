"""Bar charts as SVG, with their numbers in a table beside them. No script."""

from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTH, _BAR, _GAP, _LABEL = 680, 22, 8, 240


class Bar(NamedTuple):
    """One bar: its label and its value."""

    label: str
    value: int


def bars(title: str, rows: list[Bar]) -> SafeString:
    """A horizontal bar chart; the table beside it carries the numbers for those who don't see it."""
    if not rows:
        return SafeString("")
    top = max(row.value for row in rows) or 1
    height = len(rows) * (_BAR + _GAP) + _GAP
    drawn = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="end" class="chart-label">{}</text>'
        '<rect x="{}" y="{}" width="{}" height="{}" class="chart-bar"/>'
        '<text x="{}" y="{}" class="chart-value">{}</text>',
        (_drawn(place, row, top) for place, row in enumerate(rows)),
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>', _WIDTH, height, title, drawn
    )


def _drawn(place: int, row: Bar, top: int) -> tuple[object, ...]:
    y = _GAP + place * (_BAR + _GAP)
    width = max(round((_WIDTH - _LABEL - 80) * row.value / top), 2 if row.value else 0)
    middle = y + _BAR - 6
    label = row.label if len(row.label) <= 26 else row.label[:25] + "…"
    return (_LABEL - 10, middle, label, _LABEL, y, width, _BAR, _LABEL + width + 8, middle, row.value)
