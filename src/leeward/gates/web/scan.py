"""The scorer's place in the gateway: bodies, searches and messages go in, a verdict comes out.

Today a list of phrases stands in for the scorer; a phrase that is marked with `!` in its file blocks.
"""

from pathlib import Path
from typing import NamedTuple

from leeward.gates.web.core.body import StreamDecoder, decoded
from leeward.gates.web.core.kinds import readable
from leeward.text.phrases import PhraseScanner


class Scanned(NamedTuple):
    """What scanning found. `block` closes the page."""

    findings: tuple[str, ...] = ()
    block: bool = False


NOTHING = Scanned()
_OVERLAP = 256  # bytes of a stream kept, so that a phrase over two pieces is found
_INFLATED = 16  # times the limit on what is held that a packed body may hold


class Scanner:
    """Scans decoded bodies."""

    def __init__(self, phrases: list[str]) -> None:
        self._blocking = frozenset(phrase[1:].strip().lower() for phrase in phrases if phrase.startswith("!"))
        self._phrases = PhraseScanner([phrase.removeprefix("!") for phrase in phrases])
        self.active = bool(self._phrases.phrases)

    @classmethod
    def from_file(cls, path: Path | None) -> "Scanner":
        """Phrases from a file, one a line; none without a file. Raises OSError."""
        if path is None:
            return cls([])
        return cls([line for line in path.read_text("utf-8").splitlines() if line.strip() and line[0] != "#"])

    def text(self, text: bytes) -> Scanned:
        """Scan decoded text."""
        if not self.active:
            return NOTHING
        found = self._phrases.scan(text)
        if not found:
            return NOTHING
        names = tuple(dict.fromkeys(item.phrase for item in found))[:20]
        return Scanned(names, any(name in self._blocking for name in names))

    def body(self, body: bytes, coding: bytes, kind: bytes | None, limit: int) -> Scanned:
        """Scan a whole body in its content coding. Raises BadBody."""
        if not self.active:
            return NOTHING
        return self.text(readable(decoded(body, coding, _INFLATED * limit) if coding else body, kind))


class StreamScan:
    """Scans a stream piece by piece: server-sent events, long bodies. Raises BadBody."""

    def __init__(self, scanner: Scanner, coding: bytes = b"", kind: bytes | None = None) -> None:
        self._scanner = scanner
        self._decoder = StreamDecoder(coding)
        self._kind = kind
        self._tail = b""

    def piece(self, data: bytes) -> Scanned:
        """Scan a piece together with the end of the one before."""
        text = self._tail + readable(self._decoder.feed(data), self._kind)
        self._tail = text[-_OVERLAP:]
        return self._scanner.text(text)
