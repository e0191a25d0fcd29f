"""Networks and addresses, one a line."""

from collections.abc import Iterable

from leeward.sources.entries import Item, JunkLine, named, network

NAME = "cidr"
TITLE = "Networks (CIDR), one a line"


def parse_line(line: str, /) -> Iterable[Item]:
    """192.0.2.0/24, 2001:db8::/32 or a single address."""
    text = line.partition("#")[0].partition(";")[0].strip()
    if not text:
        return ()
    if "/" in text:
        return (network(text),)
    if text.replace(".", "").isdigit() or ":" in text:
        return named(text)
    raise JunkLine(f"{text[:60]!r} is not a network")


def looks_like(lines: list[str], /) -> bool:
    """Lines that are networks."""
    return all(line.partition("/")[0].replace(".", "").isdigit() or ":" in line for line in lines) and any(
        "/" in line for line in lines
    )
