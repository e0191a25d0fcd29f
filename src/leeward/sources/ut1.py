"""UT1 and squidGuard folders: CATEGORY/domains, CATEGORY/urls. Files of one folder share its category."""

from collections.abc import Iterable

from leeward.sources.entries import Item, JunkLine, named, page

NAME = "ut1"
TITLE = "UT1 / squidGuard folder"
FILES = frozenset(("domains", "urls", "expressions"))
# Left out on purpose: what these hold is said elsewhere, is documentation, or was taken out by the publisher.
# `ips` are addresses of shared servers, on which thousands of other sites live: blocking them over-blocks.
LEFT_OUT = frozenset(
    ("usage", "README", "domains.top-n", "domains.invalid", "ips", "ips.original", "very_restrictive_expression")
)


def parse_line(line: str, /) -> Iterable[Item]:
    """A line of `domains`: a name or an address."""
    text = line.strip()
    if not text or text[0] == "#":
        return ()
    return named(text if text.islower() else text.lower())


def parse_url_line(line: str) -> Iterable[Item]:
    """A line of `urls`: host/path."""
    text = line.strip()
    if not text or text[0] == "#":
        return ()
    return (page(text),)


def parse_expression_line(line: str) -> Iterable[Item]:
    """A line of `expressions`: regular expressions on whole addresses are not taken."""
    if line.strip():
        raise JunkLine("a regular expression on addresses: it would block far too much")
    return ()


def looks_like(lines: list[str], /) -> bool:
    """Told by the file's name, never by its content."""
    return False
