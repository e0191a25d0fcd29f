"""What passes through the gateway, as texts for the scorer: searches, pages, forms, messages, streams."""

import logging
import re
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_plus

import msgspec

from leeward.config import Config, ConfigError
from leeward.gates.web.core.body import BadBody, StreamDecoder, decoded
from leeward.gates.web.core.kinds import types_of
from leeward.text import updates
from leeward.text.charset import text_of
from leeward.text.extract import form_values, json_strings, multipart_values, page_of
from leeward.text.library import library_version, load_library, read_school, school_file
from leeward.text.packs import BadPack, Channel, Entry, read_pack, use_update
from leeward.text.score import Finding, Library

_log = logging.getLogger("leeward.gateway")


def library_folder(config: Config) -> Path:
    """Where the library lies made ready; it may be deleted."""
    return config.state_path / "library"


def library_of(config: Config) -> Library | None:
    """What is looked for, as leeward.toml has it. Raises ConfigError."""
    gateway = config.gateway
    try:
        added = tuple(
            entry for name in gateway.packs for entry in read_pack(config.path(name).read_text("utf-8"), name)
        )
        school = read_school(config.state_path)
        if not (gateway.library or added or school.added):
            return None
        use_update(updates.in_force(library_folder(config)))
        ready = _ready(library_folder(config), library_version(), added, gateway.library)
        own = tuple(msgspec.structs.replace(entry, own=True) for entry in school.added)
        return ready.with_school((*ready.added, *own), frozenset(school.excluded))
    except (BadPack, OSError, msgspec.DecodeError) as error:
        raise ConfigError(f"gateway.packs: {error}") from error


@lru_cache(maxsize=1)
def _ready(folder: Path, _version: str, added: tuple[Entry, ...], own: bool) -> Library:
    """A reload that changes nothing of it costs nothing."""
    return load_library(folder, added=added, own=own)


def school_mark(config: Config) -> tuple[int, ...]:
    """Changes when the school's own part of the library does, or an update of the shipped part is in force."""
    marks: list[int] = []
    for path in (school_file(config.state_path), updates.pointer(library_folder(config))):
        try:
            seen = path.stat()
        except OSError:
            marks += (0, 0)
        else:
            marks += (seen.st_ino, seen.st_mtime_ns)
    return tuple(marks)


class Heard(NamedTuple):
    """A finding, and how it was heard. `written`: by the person; otherwise it comes to them; `around`: what stands
    around it, where somebody must judge it soon.
    """

    finding: Finding
    channel: Channel
    written: bool
    around: str = ""


_LATELY = 1_000  # marks of pages that were read
_FEW = 8  # findings of a page that is remembered: what holds more costs memory
_INFLATED = 16  # times the limit on what is held that a packed body may hold
_AT_ONCE = 300_000  # characters that are read together
_MOST_TEXT = 4_000_000  # characters of one body that are read; what holds more is refused
_JUDGED_SOON = 3  # severity
_SHOWN = 200  # characters shown on each side of what was found
_LONGEST_WORD = 40  # longer ones in JSON and forms are keys and tokens, not words
_LONGEST_LINE = 65_536  # bytes of a line of a stream that are waited for
_KEPT = 300  # characters of a stream that are read again with what follows
_ENOUGH, _ENOUGH_LATER, _LATER = 24, 2_000, 8_000  # characters of a stream that are read together, soon and later on
_YEAR = re.compile(r"(?:Y|Year ?)([1-9]|1[0-3])", re.I)  # year groups of England and Wales
_AGE_OF_YEAR = 4  # pupils of year 7 are 11 when it begins
_TOKEN = re.compile(r"[A-Za-z0-9+/=]*|https?://\S*|[A-Fa-f0-9-]*")
_LIKE_JSON = re.compile(rb"(?:d(?:a(?:t(?:a(?::\s*(?:[{\[\"].*)?)?)?)?)?|e.*|i.*|:.*|[{\[\"].*)\Z", re.S)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def _closing[**P, T](reads: Callable[P, T]) -> Callable[P, T]:
    """What can't be read is refused, whatever the reason: BadBody instead of any fault of a decoder or a parser."""

    @wraps(reads)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return reads(*args, **kwargs)
        except BadBody:
            raise
        except Exception as error:
            _log.error("a text could not be read: %s", type(error).__name__)  # never what it says
            raise BadBody(type(error).__name__) from error

    return run


class Scanner:
    """Reads what passes. Without a library it hears nothing."""

    def __init__(self, library: Library | None, age: int = 0) -> None:
        self._library = library
        self._age = age
        self._by_age: dict[int, Scanner] = {age: self}
        self._lately: dict[str, list[Heard]] = {}
        self.active = library is not None

    def of_age(self, group: str) -> "Scanner":
        """The same for somebody of a year group: some entries count for some ages only."""
        found = _YEAR.fullmatch(group)
        age = int(found[1]) + _AGE_OF_YEAR if found else 0
        if age not in self._by_age:
            self._by_age[age] = Scanner(self._library, age)
        return self._by_age[age]

    def search(self, term: str, *, written: bool = True) -> list[Heard]:
        """What is searched for; not `written` where a page asks, and not the person."""
        return self._find(term, "search" if written else "page", written=written)

    def message(self, data: bytes, *, written: bool) -> list[Heard]:
        """A message of a conversation: text, or JSON that holds it."""
        return self._find("\n".join(_of_json_or_text(data)), "message", written=written)

    def text(self, text: str, channel: Channel, *, written: bool) -> list[Heard]:
        """A text that is plain already."""
        return self._find(text, channel, written=written)

    @_closing
    def body(self, body: bytes, coding: bytes, kind: bytes | None, limit: int, *, written: bool) -> list[Heard]:
        """A whole body in its content coding. Raises BadBody."""
        if self._library is None:
            return []
        if written:
            return self._find(written_text(_whole(body, coding, limit), kind), "message", written=True)
        # The same bytes, such as a page of a lesson; the same words, such as a page with other tokens and scripts.
        bytes_mark = _mark("body", body, coding, kind or b"")
        if (lately := self._lately.get(bytes_mark)) is None:
            text = read_text(_whole(body, coding, limit), kind)
            text_mark = _mark("text", text.encode("utf-8", "replace"))
            if (lately := self._lately.get(text_mark)) is None:
                lately = self._find(text, "page", written=False)
            self._remember(text_mark, lately)
        self._remember(bytes_mark, lately)
        return lately

    def _remember(self, mark: str, heard: list[Heard]) -> None:
        if len(heard) > _FEW:
            return
        self._lately.pop(mark, None)
        self._lately[mark] = heard
        if len(self._lately) > _LATELY:
            del self._lately[next(iter(self._lately))]

    def _find(self, text: str, channel: Channel, *, written: bool) -> list[Heard]:
        if self._library is None or not text:
            return []
        if len(text) > _AT_ONCE:
            text = " ".join(text.split())
        if len(text) > _MOST_TEXT:
            raise BadBody("more text than can be read")
        return [
            Heard(one, channel, written, _around(piece, one))
            for piece in _pieces(text)
            for one in self._library.find(piece, channel, age=self._age)
        ]


def _pieces(text: str) -> Iterable[str]:
    """A text in pieces that overlap."""
    return (text[start : start + _AT_ONCE + _KEPT] for start in range(0, len(text), _AT_ONCE))


def _whole(body: bytes, coding: bytes, limit: int) -> bytes:
    return decoded(body, coding, _INFLATED * limit) if coding else body


def _mark(what: str, *parts: bytes) -> str:
    """What tells bodies and texts apart that were read lately; of the texts only what was found is kept.

    `what`: a body whose bytes are the words of a text is not that text. Only the first part may hold a NUL.
    """
    return what + sha256(b"\0".join(parts)).hexdigest()


def _around(text: str, found: Finding) -> str:
    """What stands around the first piece of evidence: an excerpt is as short as its purpose needs."""
    if found.severity < _JUDGED_SOON or not found.spans:
        return ""
    start, end = found.spans[0]
    return " ".join(text[max(start - _SHOWN, 0) : min(end, start + _SHOWN) + _SHOWN].split())[: 3 * _SHOWN]


def read_text(data: bytes, kind: bytes | None) -> str:
    """What people read of a response."""
    types = types_of(kind or b"")
    if any(b"json" in one for one in types):
        return "\n".join(_words_of(json_strings(data)))
    text = text_of(data, kind)
    if any(b"html" in one for one in types) or "<" in text[:1024]:
        return page_of(text).whole
    return text


def written_text(data: bytes, kind: bytes | None) -> str:
    """What people write in a request."""
    types = types_of(kind or b"")
    if b"application/x-www-form-urlencoded" in types:
        return "\n".join(_words_of(form_values(data)))
    if any(one.startswith(b"multipart/") for one in types):
        return "\n".join(_words_of(multipart_values(data, kind or b"")))
    if any(b"json" in one or b"graphql" in one for one in types):
        return "\n".join(_words_of(json_strings(data)))
    return "\n".join(_of_json_or_text(data)) if data[:1] in (b"{", b"[") else text_of(data, kind)


def _of_json_or_text(data: bytes) -> Iterable[str]:
    if data[:1] in (b"{", b"["):
        return _words_of(json_strings(data))
    return [data.decode("utf-8", "replace")]


def _words_of(texts: Iterable[str]) -> list[str]:
    """Those that may be words of people: keys, tokens and addresses are not."""
    return [text for text in texts if text and (len(text) <= _LONGEST_WORD or not _TOKEN.fullmatch(text))]


class StreamScan:
    """Reads a stream as it passes: answers word by word, long bodies. Raises BadBody."""

    def __init__(
        self, scanner: Scanner, coding: bytes = b"", kind: bytes | None = None, *, written: bool = False
    ) -> None:
        self._scanner = scanner
        self._decoder = StreamDecoder(coding)
        self._kind = kind
        self._channel: Channel = "message" if written or _is_lines(kind) else "page"
        self._written = written
        self._rest = b""  # of a line, or of a character
        self._new = ""
        self._before = ""
        self._read = 0

    @property
    def waits(self) -> bool:
        """Whether something came that was not read yet."""
        return bool(self._new)

    @_closing
    def piece(self, data: bytes) -> list[Heard]:
        """A piece; it is read when there is enough of it."""
        self._new += self._words(self._decoder.feed(data))
        enough = _ENOUGH if self._read < _LATER else _ENOUGH_LATER
        return self._look() if len(self._new) >= enough else []

    @_closing
    def end(self) -> list[Heard]:
        """What was not read yet, at the end."""
        rest, self._rest = self._rest, b""
        self._new += _of_line(rest) if _is_lines(self._kind) else rest.decode("utf-8", "replace")
        return self._look()

    def _look(self) -> list[Heard]:
        if not self._new:
            return []
        text = self._before + self._new
        self._read += len(self._new)
        self._before, self._new = text[-_KEPT:], ""
        return self._scanner.text(text, self._channel, written=self._written)

    def _words(self, data: bytes) -> str:
        data = self._rest + data
        if _is_lines(self._kind):
            whole, _, self._rest = data.rpartition(b"\n")
            waits = len(self._rest) <= _LONGEST_LINE and _LIKE_JSON.match(self._rest)
            if self._rest and not waits:  # plain words need no end of the line
                whole, self._rest = data, b""
            return "".join(map(_of_line, whole.splitlines()))
        # A character or a tag may go on in the next piece.
        cut = max(len(data) - 4, 0)
        opened = data.rfind(b"<", max(len(data) - 2000, 0))
        if opened >= 0 and b">" not in data[opened:]:
            cut = min(cut, opened)
        self._rest = data[cut:]
        if b"application/x-www-form-urlencoded" in types_of(self._kind or b""):
            return unquote_plus(data[:cut].decode("latin-1"))
        text = text_of(data[:cut], self._kind or b"text/plain; charset=utf-8")
        return _TAG.sub(" ", text) if "<" in text else text


def _is_lines(kind: bytes | None) -> bool:
    return kind is not None and any(one in (b"text/event-stream", b"application/x-ndjson") for one in types_of(kind))


def _of_line(line: bytes) -> str:
    """The words of one event: pieces of an answer bring their own spaces."""
    line = line.removeprefix(b"data:").strip(b" \r")
    if line[:1] not in (b"{", b"[", b'"'):
        return line.decode("utf-8", "replace") if line and not line.startswith((b"event:", b"id:", b":")) else ""
    return "".join(_words_of(json_strings(line)))
