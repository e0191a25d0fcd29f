"""From places in canonical text back to what was written, before folding and repairs. Slow: for what was found."""

from typing import NamedTuple

from leeward.text.fold import canonical, fold, origins, word_spans
from leeward.text.repair import Repair, Vocabulary, repaired, repairs


class Prepared(NamedTuple):
    """A text in the forms that it is looked at in. `mended` is None where nothing had to be repaired."""

    text: str
    folded: str
    made: list[Repair]
    plain: bytes
    mended: bytes | None

    @property
    def read(self) -> bytes:
        """As a person would read it."""
        return self.plain if self.mended is None else self.mended


def prepare(text: str, vocabulary: Vocabulary) -> Prepared:
    """Every form of a text."""
    folded = fold(text)
    made = repairs(folded, vocabulary)
    return Prepared(text, folded, made, canonical(folded), canonical(repaired(folded, made)) if made else None)


def span_of_bytes(form: Prepared, start: int, end: int, *, mended: bool) -> tuple[int, int]:
    """Where bytes of a canonical form lie in the text as it was written."""
    plain = (form.mended or form.plain) if mended else form.plain
    first = plain.count(b" ", 0, start) - 1
    last = plain.count(b" ", 0, end) - 1
    return span_of_words(form, first, last, mended=mended)


def span_of_words(form: Prepared, first: int, last: int, *, mended: bool) -> tuple[int, int]:
    """Where words of a canonical form, the first and the last included, lie in the text as it was written."""
    mended = mended and form.mended is not None
    spans = word_spans(repaired(form.folded, form.made) if mended else form.folded)
    if not spans:
        return 0, len(form.text)
    start, end = spans[min(max(first, 0), len(spans) - 1)][0], spans[min(max(last, 0), len(spans) - 1)][1]
    if mended:
        start, end = _before_repair(start, form.made, end=False), _before_repair(end, form.made, end=True)
    _, places = origins(form.text)
    return places[start], places[end - 1] + 1


def _before_repair(place: int, made: list[Repair], *, end: bool) -> int:
    """A place in the repaired text as a place in the text that was repaired."""
    shift = 0
    for one in made:
        begin = one.start + shift
        stop = begin + len(one.word)
        if place < begin or (place == begin and end):
            break
        if place < stop or (place == stop and end):
            return one.end if end else one.start
        shift += len(one.word) - (one.end - one.start)
    return place - shift
