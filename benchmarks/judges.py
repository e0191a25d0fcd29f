"""Who is asked in the quality benchmark: Leeward and its peers. Each gives every text a number a theme."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from benchmarks.labelled import Labelled, labelled_texts
from leeward.text.library import load_library
from leeward.text.packs import Channel, themes
from leeward.text.score import WATCHED, Library, compiled
from leeward.text.weighted import files_of, read_weighted

THEMES = tuple(themes())
_E2GUARDIAN = Path("/etc/e2guardian/lists/phraselists")
_LIMIT = 50.0  # E2Guardian's naughtyness limit for young children


class Text(NamedTuple):
    """What is judged."""

    text: str
    channel: Channel


class Judge(Protocol):
    """`values`: for each text a number a theme, higher for more; `limit`: from where on it would tell, as it is set."""

    name: str
    limit: float

    def values(self, texts: list[Text]) -> list[dict[str, float]]:
        """Judge texts."""


class Leeward:
    """The library and the second stage, as they are shipped."""

    name = "Leeward"
    limit = WATCHED  # severity 2

    def __init__(self) -> None:
        self.library = load_library()

    def values(self, texts: list[Text]) -> list[dict[str, float]]:
        """Judge texts."""
        return [self.library.values(one.text, one.channel) for one in texts]


class AnyTheme:
    """A peer that knows no themes: the same number for each."""

    def __init__(self, name: str, limit: float, ask: Callable[[list[str]], Iterable[float]]) -> None:
        self.name = name
        self.limit = limit
        self._ask = ask

    def values(self, texts: list[Text]) -> list[dict[str, float]]:
        """Judge texts."""
        return [dict.fromkeys(THEMES, float(value)) for value in self._ask([one.text for one in texts])]


def alt_profanity_check() -> Judge:
    """A linear SVM over words, trained on 200,000 comments."""
    import profanity_check

    return AnyTheme("alt-profanity-check", 0.5, lambda texts: profanity_check.predict_prob(texts))


def better_profanity() -> Judge:
    """A word list with leet spellings. Its time grows with the square of a text, so it is asked word by word."""
    from better_profanity import profanity

    profanity.load_censor_words()
    known = cache(profanity.contains_profanity)

    def ask(texts: list[str]) -> list[float]:
        return [float(any(map(known, one.lower().split()))) for one in texts]

    return AnyTheme("better-profanity", 0.5, ask)


class WeightedLists:
    """E2Guardian's packaged weighted lists, added up as it does: every phrase of a list once, its weights summed."""

    name = "E2Guardian's lists"
    limit = _LIMIT

    def __init__(self, folder: Path = _E2GUARDIAN) -> None:
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder} (apt install e2guardian)")
        entries = [
            msgspec.structs.replace(entry, id=f"{file.parent.name}-{file.name}-{entry.id}")
            for file, theme in files_of(folder) if theme for entry in read_weighted(file, theme).entries
        ]  # fmt: skip
        self._weights = {entry.key: (entry.theme, entry.weight) for entry in entries}
        self._library = Library(compiled(entries))

    def values(self, texts: list[Text]) -> list[dict[str, float]]:
        """Judge texts."""
        return [self._judge(one) for one in texts]

    def _judge(self, text: Text) -> dict[str, float]:
        out = dict.fromkeys(THEMES, 0.0)
        for key in self._library.entries_in(text.text, text.channel):
            theme, weight = self._weights[key]
            out[theme] += weight
        return out


class Plain:
    """TF-IDF of words and pairs, and logistic regression, trained on the tuning part of the same labelled text."""

    name = "TF-IDF + logistic regression"
    limit = 0.5

    def __init__(self, folder: Path) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        rows: list[Labelled] = list(labelled_texts(folder, part=0))
        self._words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        features = self._words.fit_transform([row.text for row in rows])
        self._models = {}
        for theme in THEMES:
            kept = [number for number, row in enumerate(rows) if theme in row.about]
            wanted = [rows[number].theme == theme for number in kept]
            if any(wanted):
                self._models[theme] = LogisticRegression(C=10, max_iter=500).fit(features[kept], wanted)

    def values(self, texts: list[Text]) -> list[dict[str, float]]:
        """Judge texts."""
        features = self._words.transform([one.text for one in texts])
        columns = {theme: model.predict_proba(features)[:, 1] for theme, model in self._models.items()}
        return [
            {theme: float(columns[theme][row]) if theme in columns else 0.0 for theme in THEMES}
            for row in range(len(texts))
        ]
