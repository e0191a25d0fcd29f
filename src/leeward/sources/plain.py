"""One name, address, network or page a line."""

from collections.abc import Iterable

from leeward.sources.entries import Item, named, page

NAME = "plain"
TITLE = "Plain names, one a line"


def parse_line(line: str, /) -> Iterable[Item]:
    """example.org, 192.0.2.1, 192.0.2.0/24 or example.org/path."""
    text = line.partition("#")[0].strip()
    if not text:
        return ()
    text = text.removeprefix("*.").removeprefix(".")
    if "://" in text:
        text = text.partition("://")[2].rstrip("/")
    host, slash, _ = text.partition("/")
    if slash and not host.replace(".", "").isdigit() and ":" not in host:
        return (page(text),)
    return named(text.lower() if text.isascii() else text)


def looks_like(lines: list[str], /) -> bool:
    """Single words with a dot."""
    return all(len(line.split()) == 1 and "." in line and line[0] not in "|@/" for line in lines)
