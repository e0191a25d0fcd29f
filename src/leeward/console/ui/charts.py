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


class Column(NamedTuple):
    """One column: its label, its whole height, and the part of it that was stopped."""

    label: str
    whole: int
    stopped: int


def columns(title: str, rows: list[Column]) -> SafeString:
    """Columns side by side, such as the hours of a day; what was stopped is drawn over the rest."""
    top = max((row.whole for row in rows), default=0)
    if not top:
        return SafeString("")
    wide, tall = _WIDTH / len(rows), 160
    drawn = format_html_join(
        "",
        '<rect x="{x}" y="{y}" width="{wide}" height="{height}" class="chart-bar"><title>{says}</title></rect>'
        '<rect x="{x}" y="{low}" width="{wide}" height="{part}" class="chart-bar chart-bar--stopped"></rect>'
        '<text x="{middle}" y="182" text-anchor="middle" class="chart-label">{label}</text>',
        (
            {
                "x": round(place * wide + 2, 1), "wide": round(wide - 4, 1), "middle": round((place + 0.5) * wide, 1),
                "height": (height := round(tall * row.whole / top, 1)), "y": round(tall - height, 1),
                "part": (part := round(tall * row.stopped / top, 1)), "low": round(tall - part, 1),
                "label": row.label, "says": f"{row.label}: {row.whole}, {row.stopped}",
            }
            for place, row in enumerate(rows)
        ),
    )  # fmt: skip
    return format_html(
        '<svg class="chart chart--wide" viewBox="0 0 {} 190" role="img" aria-label="{}">{}</svg>', _WIDTH, title, drawn
    )


def _drawn(place: int, row: Bar, top: int) -> tuple[object, ...]:
    y = _GAP + place * (_BAR + _GAP)
    width = max(round((_WIDTH - _LABEL - 80) * row.value / top), 2 if row.value else 0)
    middle = y + _BAR - 6
    label = row.label if len(row.label) <= 26 else row.label[:25] + "…"
    return (_LABEL - 10, middle, label, _LABEL, y, width, _BAR, _LABEL + width + 8, middle, row.value)
