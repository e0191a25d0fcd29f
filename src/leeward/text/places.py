"""From places in canonical text back to what was written, before folding and repairs. Slow: for what was found."""

from functools import cached_property

from leeward.text.fold import canonical, fold, origins, word_spans
from leeward.text.repair import Repair, Vocabulary, repaired, repairs


class Prepared:
    """A text in the forms that it is looked at in. `mended` is None where nothing had to be repaired.

    Where words and letters come from is worked out when the first place is asked for, and once.
    """

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.folded = fold(text)
        self.made = repairs(self.folded, vocabulary)
        self.plain = canonical(self.folded)
        self.mended = canonical(repaired(self.folded, self.made)) if self.made else None

    @property
    def read(self) -> bytes:
        """As a person would read it."""
        return self.plain if self.mended is None else self.mended

    @cached_property
    def origins(self) -> list[int]:
        """For each character of the folded text the place in the text that it came from."""
        return origins(self.text)[1]

    @cached_property
    def words(self) -> list[tuple[int, int]]:
        """Where each word lies in the folded text."""
        return word_spans(self.folded)

    @cached_property
    def mended_words(self) -> list[tuple[int, int]]:
        """Where each word lies in the repaired text."""
        return word_spans(repaired(self.folded, self.made))


def span_of_bytes(form: Prepared, start: int, end: int, *, mended: bool) -> tuple[int, int]:
    """Where bytes of a canonical form lie in the text as it was written."""
    plain = (form.mended or form.plain) if mended else form.plain
    first = plain.count(b" ", 0, start) - 1
    last = plain.count(b" ", 0, end) - 1
    return span_of_words(form, first, last, mended=mended)


def span_of_words(form: Prepared, first: int, last: int, *, mended: bool) -> tuple[int, int]:
    """Where words of a canonical form, the first and the last included, lie in the text as it was written."""
    mended = mended and form.mended is not None
    spans = form.mended_words if mended else form.words
    if not spans:
        return 0, len(form.text)
    start, end = spans[min(max(first, 0), len(spans) - 1)][0], spans[min(max(last, 0), len(spans) - 1)][1]
    if mended:
        start, end = _before_repair(start, form.made, end=False), _before_repair(end, form.made, end=True)
    return form.origins[start], form.origins[end - 1] + 1


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
