"""Texts to findings: phrases of the library and the second stage, weighed together. Pure; explains itself."""

import copy
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from leeward.text import context
from leeward.text.matcher import Matcher, Tables, tables_of
from leeward.text.packs import Channel, Context, Entry, themes
from leeward.text.patterns import words_of
from leeward.text.places import Prepared, span_of_bytes, span_of_words
from leeward.text.repair import Vocabulary
from leeward.text.stage import Reading, SecondStage
from leeward.text.weigh import CERTAIN, Told, Weighed, weighed

# Where a text begins to be noted, watched and acted on, on the scale of the second stage. Chosen on the tuning half of
# the school texts and of benign text, where 6, 3 and 3 of 100 hard harmless ones and 3 of 1,000 paragraphs pass.
NOTED, WATCHED, ACTED_ON = -1.0, 0.0, 0.3
_PHRASE_GAIN = 2.0  # what phrases that leave no doubt add on that scale
_ALONE = -1.6  # what the scale starts from where the second stage can't judge
_ALONE_GAIN = 3.2
_LIKELY = 50  # weight that gives a finding its entry's severity
_INFORMING: frozenset[Context] = frozenset(("curriculum", "medical", "fiction", "news"))
_DOUBT = 0.8  # where a text is about one of these, on that scale
# For each step that a text reads more like a lesson than this, on that scale. Chosen on the tuning half; learned from
# one textbook alone it halves the alarms on the other, and hardly changes what is told of school texts.
_INFORMS, _INFORMS_FROM, _MOST_DOUBT = 0.4, -2.0, 2.5
# Where "tonight" or "on monday" makes a concern of this severity graver by one: an intent with a time is a plan.
_PLANNED = {"suicide-self-harm": 3, "violence-weapons": 4}
# Themes of which "i dont", "nobody had" and "he isnt" speak less, on that scale; where denial is a sign itself it is
# none of these.
_DENIABLE = frozenset(
    ("drugs", "violence-weapons", "gangs", "hate", "gambling", "fraud", "extremism", "sexual-content")
)
_DENIED = 1.2
_SAID_OUTRIGHT = 3  # severity that a phrase that leaves no doubt has in a message, whatever stands around it
_MOST_OF_A_CONTEXT = 20
_KEPT = 5  # pieces of evidence
_LONGEST = 300  # characters of a piece of evidence
_AROUND = 5  # words shown on each side of the word that speaks most
_LONG = 400  # words; the second stage looks at longer texts only around what phrases found
_WINDOW = 60  # words on each side of a hit
_WORDS: dict[Context, str] = {
    "negated": "denied", "quoted": "quoted", "curriculum": "in a lesson's words", "medical": "in medical words",
    "help": "looking for help", "fiction": "about a game, film or song", "news": "in the news", "soon": "soon",
}  # fmt: skip


class Finding(NamedTuple):
    """One theme that a text speaks of. `score`: 0 to 1; `evidence`: what was written, as it was written;
    `seeks_help`: somebody who asks for help is supported, never sanctioned; `language`: of what was found (ISO 639).
    """

    theme: str
    severity: int
    score: float
    evidence: tuple[str, ...]
    reason: str
    entries: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    seeks_help: bool
    language: str = "en"


class Compiled(msgspec.Struct, frozen=True):
    """Entries made ready to be found. The items of `tables` are the entries, then the contexts, then the idioms."""

    entries: tuple[Entry, ...]
    contexts: tuple[Context, ...]
    words: tuple[str, ...]
    tables: Tables


def compiled(entries: Sequence[Entry]) -> Compiled:
    """Make entries ready to be found: seconds. Raises BadPhrase."""
    about = context.phrases()
    items = [*(entry.phrases for entry in entries), *about.values(), context.idioms()]
    bare = tuple(msgspec.structs.replace(entry, yes=(), no=(), notes="") for entry in entries)
    return Compiled(bare, tuple(about), tuple(sorted(vocabulary_of(entries).words)), tables_of(items))


class Library:
    """What is looked for in texts. `added`: a school's own entries; `excluded`: keys of those that it does without."""

    def __init__(
        self,
        made: Compiled,
        stage: SecondStage | None = None,
        *,
        added: Sequence[Entry] = (),
        excluded: frozenset[str] = frozenset(),
    ) -> None:
        # The items of the first matcher are entries, contexts and idioms; of the second, a school's entries.
        self.entries = made.entries
        self.added = tuple(added)
        self._words = made.words
        self.vocabulary = Vocabulary([*made.words, *vocabulary_of(added).words])
        self._stage = stage
        self._contexts = made.contexts
        self._matcher = Matcher(made.tables)
        self._own_matcher = Matcher(tables_of(entry.phrases for entry in added)) if added else None
        self._excluded = excluded

    def with_school(self, added: Sequence[Entry], excluded: frozenset[str]) -> "Library":
        """The same library with a school's own entries and without those that it excludes; what is big is shared."""
        made = copy.copy(self)
        made._excluded = excluded
        if tuple(added) != self.added:
            made.added = tuple(added)
            made._own_matcher = Matcher(tables_of(entry.phrases for entry in added)) if added else None
            made.vocabulary = Vocabulary([*self._words, *vocabulary_of(added).words])
        return made

    @property
    def size(self) -> int:
        """Literals that are looked for."""
        return self._matcher.size

    def find(self, text: str, channel: Channel, *, age: int = 0) -> list[Finding]:
        """What a text speaks of, the most severe first. `age`: the writer's, 0 if it is not known."""
        form = Prepared(text, self.vocabulary)
        rows, about = self._rows(form, channel, age)
        reading = self._reading(form, channel, rows, about)
        by_theme: dict[str, list[tuple[Weighed, bool]]] = {}
        for row in rows:
            by_theme.setdefault(row[0].entry.theme, []).append(row)
        read = [] if reading is None else [theme for theme, value in reading.logits.items() if value >= NOTED]
        out = [
            found
            for theme in dict.fromkeys([*by_theme, *read])
            if (found := self._finding(form, channel, theme, by_theme.get(theme, []), reading)) is not None
        ]
        if "soon" in about and channel != "page":
            out = [_planned(one) for one in out]
        return sorted(out, key=lambda one: (-one.severity, -one.score))

    def values(self, text: str, channel: Channel, *, age: int = 0) -> dict[str, float]:
        """How much a text speaks of each theme, however little: what findings are cut from. For measuring."""
        form = Prepared(text, self.vocabulary)
        rows, about = self._rows(form, channel, age)
        reading = self._reading(form, channel, rows, about)
        by_theme = {theme: [row for row, _ in rows if row.entry.theme == theme] for theme in themes()}
        return {theme: self._worth(form, channel, theme, own, reading) for theme, own in by_theme.items()}

    def entries_in(self, text: str, channel: Channel) -> set[str]:
        """Keys of the entries that count in a text, however little they weigh."""
        rows, _ = self._rows(Prepared(text, self.vocabulary), channel, 0)
        return {row.entry.key for row, _ in rows}

    def _rows(
        self, form: Prepared, channel: Channel, age: int
    ) -> tuple[list[tuple[Weighed, bool]], frozenset[Context]]:
        """Entries that count, and whether only with disguises undone, the strongest first; what the text is about."""
        found, about = self._weigh(form.plain, channel, age)
        rows = [(one, False) for one in found]
        if form.mended is not None:
            spelt = {one.entry.key for one in found}
            more, _ = self._weigh(form.mended, channel, age)
            rows += [(one, True) for one in more if one.entry.key not in spelt]
        rows.sort(key=lambda row: (-row[0].weight, -row[0].entry.severity))
        return rows, about

    def _weigh(self, plain: bytes, channel: Channel, age: int) -> tuple[list[Weighed], frozenset[Context]]:
        """Hits that count, each entry once, at its strongest; what the text is about."""
        hits = self._matcher.find(plain)
        if not hits and self._own_matcher is None:
            return [], frozenset()
        first, last = len(self.entries), len(self.entries) + len(self._contexts)
        idioms = [hit for hit in hits if hit.item == last]
        about = _first_few((self._contexts[hit.item - first], hit) for hit in hits if first <= hit.item < last)
        entries = [(self.entries[hit.item], hit) for hit in hits if hit.item < first]
        entries += [(self.added[hit.item], hit) for hit in (self._own_matcher.find(plain) if self._own_matcher else ())]
        best: dict[str, Weighed] = {}
        seen: dict[str, bool] = {}
        for entry, hit in entries:
            key = entry.key
            if key in self._excluded or any(one.start <= hit.start and hit.end <= one.end for one in idioms):
                continue
            one = weighed(entry, plain, hit, channel, age, about, seen)
            if one is not None and (key not in best or one.weight > best[key].weight):
                best[key] = one
        return list(best.values()), frozenset(name for name, _ in about)

    def _reading(
        self, form: Prepared, channel: Channel, rows: list[tuple[Weighed, bool]], about: frozenset[Context]
    ) -> Reading | None:
        """What the second stage says, with doubt where a text is a lesson, news, medicine or a story."""
        if self._stage is None or not form.read.strip():
            return None
        plain = form.read
        if plain.count(b" ") > _LONG:
            if not rows:
                return None
            row, mended = rows[0]
            plain = _window(form.read if mended else form.plain, row)
        reading = self._stage.read(plain, channel)
        doubt = _DOUBT * bool(about & _INFORMING)
        doubt += min(_INFORMS * max(reading.informs - _INFORMS_FROM, 0.0), _MOST_DOUBT)
        return reading._replace(logits={theme: value - doubt for theme, value in reading.logits.items()})

    def _worth(
        self, form: Prepared, channel: Channel, theme: str, rows: list[Weighed], reading: Reading | None
    ) -> float:
        """How much a text speaks of a theme, on the scale of the second stage; less where it denies it."""
        value = _value(rows, theme, reading)
        if value < NOTED or theme not in _DENIABLE or self._stage is None:
            return value
        return value - _DENIED * _denied(self._stage, form, channel, theme)

    def _finding(
        self, form: Prepared, channel: Channel, theme: str, rows: list[tuple[Weighed, bool]], reading: Reading | None
    ) -> Finding | None:
        value = self._worth(form, channel, theme, [row for row, _ in rows], reading)
        certain = bool(rows) and rows[0][0].weight >= CERTAIN
        if value < NOTED and not certain:
            return None
        severity = _severity([row for row, _ in rows], value, reading, is_page=channel == "page")
        spans = [span_of_bytes(form, *row.span, mended=mended) for row, mended in rows[:_KEPT]]
        words: list[str] = []
        if not spans and self._stage is not None:
            words, spans = _read_evidence(self._stage, form, channel, theme)
        return Finding(
            theme, severity, round(1 / (1 + math.exp(-max(value, NOTED))), 3),
            tuple(form.text[start:end][:_LONGEST] for start, end in spans),
            _reason(theme, rows[0][0] if rows else None, words),
            tuple(row.entry.key for row, _ in rows), tuple(spans), _seeks_help(rows),
            rows[0][0].entry.language if rows and rows[0][0].entry.language else "en",
        )  # fmt: skip


def _first_few(told: Iterable[Told]) -> list[Told]:
    """Of each context some hits: that one stands outside a phrase is all that is asked."""
    count: Counter[Context] = Counter()
    out: list[Told] = []
    for name, hit in told:
        count[name] += 1
        if count[name] <= _MOST_OF_A_CONTEXT:
            out.append((name, hit))
    return out


def _read_evidence(
    stage: SecondStage, form: Prepared, channel: Channel, theme: str
) -> tuple[list[str], list[tuple[int, int]]]:
    """The words that the second stage goes by, and the strongest of them in its surroundings."""
    words = stage.why(form.read, channel, theme)
    all_words = form.read.split()
    place = next((number for number, word in enumerate(all_words) if words and word == words[0].encode()), 0)
    return words, [span_of_words(form, place - _AROUND, place + _AROUND, mended=True)]


def _denied(stage: SecondStage, form: Prepared, channel: Channel, theme: str) -> bool:
    """Whether the word that the second stage goes by stands behind a negation, wherever it stands."""
    if not context.negates(form.read):
        return False
    words = stage.why(form.read, channel, theme, 1)
    places = (
        [found.start() for found in re.finditer(rb" %s " % re.escape(words[0].encode()), form.read)] if words else []
    )
    return bool(places) and all(context.is_negated(form.read, place) for place in places)


def vocabulary_of(entries: Iterable[Entry]) -> Vocabulary:
    """The words of entries, as what disguised words may stand for."""
    return Vocabulary(word for entry in entries for phrase in entry.phrases for word in words_of(phrase))


def _window(plain: bytes, row: Weighed) -> bytes:
    before = plain[: row.span[0]].rsplit(maxsplit=_WINDOW)[-_WINDOW:]
    after = plain[row.span[0] :].split(maxsplit=_WINDOW)[:_WINDOW]
    return b" %s " % b" ".join([*before, *after])


def _together(weights: Iterable[float]) -> float:
    """Several signs are more than one: the chance that not all of them are wrong."""
    wrong = 1.0
    for weight in weights:
        wrong *= 1 - weight / 100
    return 1 - wrong


def _value(rows: list[Weighed], theme: str, reading: Reading | None) -> float:
    """How much phrases and the second stage say together, on the scale of the second stage."""
    said = _together(row.weight for row in rows)
    # The second stage reads English; it has nothing to say about other languages, and about what a school added itself.
    if reading is not None and not (rows and (rows[0].entry.language != "en" or rows[0].entry.own)):
        return reading.logits[theme] + _PHRASE_GAIN * said
    return _ALONE + _ALONE_GAIN * said


def _planned(found: Finding) -> Finding:
    graver = found.severity >= _PLANNED.get(found.theme, 5) and found.severity < 5
    return found._replace(severity=found.severity + 1) if graver else found


def _severity(rows: list[Weighed], value: float, reading: Reading | None, *, is_page: bool) -> int:
    """What the entries say, or the second stage where none does, and no more than the whole can carry."""
    likely = [row.entry.severity for row in rows if row.weight >= _LIKELY]
    if likely:
        said = max(likely)
    elif reading is not None:
        said = min(max(round(reading.severity), 2), 5)
    else:
        said = min(max(row.entry.severity for row in rows), 2)
    if value >= ACTED_ON:
        return said
    certain = bool(rows) and rows[0].weight >= CERTAIN
    if certain and not is_page:
        return min(said, _SAID_OUTRIGHT)
    return min(said, 2) if value >= WATCHED or certain else 1


def _seeks_help(rows: list[tuple[Weighed, bool]]) -> bool:
    return any(row.entry.id.startswith("help") or "help" in row.contexts for row, _ in rows)


def _reason(theme: str, row: Weighed | None, words: list[str]) -> str:
    if row is None:
        told = ", ".join(f"“{word}”" for word in words)
        return f"Reads like {themes()[theme].title.lower()}{f': {told}' if told else ''}."
    about = ", ".join(_WORDS[one] for one in row.contexts)
    return f"{row.entry.meaning.rstrip('.')}{f' ({about})' if about else ''}."
