"""Comma-separated: name, or name and category, with or without a heading."""

from collections.abc import Iterable
from csv import reader

from leeward.sources.entries import Item, JunkLine, named, page

NAME = "csv"
TITLE = "CSV: name,category"
_HEADINGS = frozenset(("domain", "host", "name", "url", "category", "rank"))


def parse_line(line: str, /) -> Iterable[Item]:
    """example.org,games"""
    if not line.strip() or line.startswith("#"):
        return ()
    cells = [cell.strip() for cell in next(reader([line]))]
    if cells[0].lower() in _HEADINGS:
        return ()
    if cells[0].isdigit() and len(cells) > 1:  # rank,domain
        cells = cells[1:]
    items = (
        (page(cells[0]),)
        if "/" in cells[0] and not cells[0].replace(".", "").replace("/", "").isdigit()
        else named(cells[0].lower())
    )
    category = cells[1] if len(cells) > 1 else ""
    if category and not category.replace("-", "").isalnum():
        raise JunkLine(f"{category[:60]!r} is not a category")
    return [Item(item.kind, item.value, category) for item in items]


def looks_like(lines: list[str], /) -> bool:
    """Lines with a comma."""
    return all("," in line for line in lines)
