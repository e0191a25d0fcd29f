"""The hosts file format: an address that leads nowhere, then names."""

from collections.abc import Iterable

from leeward.sources.entries import Item, JunkLine, named

NAME = "hosts"
TITLE = "Hosts file"
_SINKS = frozenset(
    (
        "0.0.0.0",
        "127.0.0.1",
        "127.0.1.1",
        "::",
        "::1",
        "255.255.255.255",
        "fe80::1%lo0",
        "ff02::1",
        "ff02::2",
        "ff02::3",
        "ff00::0",
        "fe00::0",
    )
)


def parse_line(line: str, /) -> Iterable[Item]:
    """0.0.0.0 example.org [example.net …]"""
    words = line.partition("#")[0].split()
    if not words:
        return ()
    if words[0] not in _SINKS:
        raise JunkLine(f"{words[0][:60]!r} is not an address that leads nowhere")
    if len(words) == 2:
        return named(words[1] if words[1].islower() else words[1].lower())
    return [item for word in words[1:] for item in named(word.lower())]


def looks_like(lines: list[str], /) -> bool:
    """Lines that begin with an address that leads nowhere."""
    return all(line.split()[0] in _SINKS for line in lines)
