"""Makes the weights of the second stage: `python -m training.second_stage`. Needs scikit-learn; minutes on two cores.

Learns from `training/texts` (written for this project), from the examples of the phrase library, and, where a folder of
labelled text is given, from one half of that: the half whose texts have an even SHA-256. The other half is for
measuring. Texts of licences that ask for it are used for their statistics only: no text is in the weights.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sparse
from benchmarks.labelled import Labelled, labelled_texts
from sklearn.linear_model import LogisticRegression, Ridge

from leeward.text.fold import canonical, fold
from leeward.text.packs import Entry, own_packs, themes
from leeward.text.patterns import common_words, runs_of
from leeward.text.repair import Vocabulary, repaired, repairs
from leeward.text.score import vocabulary_of
from leeward.text.stage import BITS, length, piece_buckets, word_bucket, words_of

THEMES = tuple(themes())
# Themes that go together: a text of one may well be of the other too, so it is hardly evidence against it.
NEIGHBOURS = (
    ("suicide-self-harm", "wellbeing"), ("cyberbullying", "hate"), ("grooming", "sexual-harassment"),
    ("sexual-content", "sexual-harassment"), ("gangs", "drugs"), ("gangs", "violence-weapons"), ("extremism", "hate"),
    ("abuse", "wellbeing"), ("grooming", "personal-data"), ("eating-disorders", "wellbeing"), ("ai-companion", "wellbeing"),
    ("fraud", "personal-data"), ("abuse", "sexual-harassment"), ("cyberbullying", "violence-weapons"),
    ("challenges", "suicide-self-harm"),
)  # fmt: skip
_GROUPS = """
african albanian arab asian atheist autistic bangladeshi bisexual black blind brown buddhist caribbean catholic chinese christian
deaf disabled dyslexic eritrean female feminist foreign gay gypsy hindu immigrant indian iraqi irish islamic israeli jamaican jewish
kurdish lesbian lgbt male mexican muslim nigerian nonbinary pakistani palestinian polish protestant queer refugee roma romanian russian
scottish sikh somali syrian trans transgender traveller turkish ukrainian vietnamese welsh white
"""
_MENTIONS = (
    "{}", "{} people", "{} women", "{} men", "i am {}", "my friend is {}", "hes {} i think", "the {} community", "{} history", "{} food near me",
    "{} culture facts", "what do {} people celebrate", "famous {} people", "are you {}", "{} family next door", "{} student at our school",
    "a {} author wrote this book", "learn about {} life in britain", "the first {} mayor of the city", "{} and proud",
)  # fmt: skip
_COMMON = 1_200  # words
_STRENGTH = 20.0  # inverse of the regularisation; chosen on the tuning half


class Row(NamedTuple):
    """A text to learn from. `told`: by theme, how far its label may be believed about that theme, 0 to 1. `informs`: a
    harmless page: it teaches, reports or advises.
    """

    text: str
    channel: str
    theme: str
    told: dict[str, float]
    severity: int = 0
    informs: bool = False


def teaching_rows(folder: Path) -> Iterator[Row]:
    """Texts written for this."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            raw: dict[str, Any] = json.loads(line)
            theme = str(raw["theme"] or "")
            told = dict.fromkeys(THEMES, 1.0)
            if theme:
                told["profanity"] = 0.0  # whether a text of concern also swears was not asked
                for pair in NEIGHBOURS:
                    if theme in pair:
                        told[pair[pair[0] == theme]] = 0.15
                told[theme] = 1.0
            informs = raw["channel"] == "page" and not theme
            yield Row(raw["text"], raw["channel"], theme, told, int(raw.get("severity") or 0), informs)


def pack_rows(entries: Iterable[Entry], chance: random.Random) -> Iterator[Row]:
    """Examples of the library, and one reading of each phrase that speaks for itself."""
    for entry in entries:
        if entry.language != "en":
            continue
        channel = "message" if "message" in entry.where else entry.where[0]
        sure = 0.7 if entry.weight >= 40 else 0.28
        for text in entry.yes:
            yield Row(text, channel, entry.theme, dict.fromkeys(THEMES, 0.3 * sure) | {entry.theme: sure})
        for text in entry.no:
            yield Row(text, channel, "", dict.fromkeys(THEMES, 0.2) | {entry.theme: 0.7})
        if entry.weight >= 50:
            for phrase in entry.phrases:
                yield Row(_one_reading(phrase, chance), channel, entry.theme, {entry.theme: 0.25})


def _one_reading(phrase: str, chance: random.Random) -> str:
    words: list[str] = []
    for number, run in enumerate(runs_of(phrase)):
        words += [chance.choice(["", "really", "him", "it", "them", "the"])] if number else []
        words += [word.decode().rstrip("*") for group in run for word in chance.choice(group)]
    return " ".join(filter(None, words))


def short_rows(entries: Iterable[Entry], chance: random.Random) -> Iterator[Row]:
    """One or two common words, which mean nothing: most messages of a chat are no longer. Those of phrases are left out."""
    told = {
        word
        for entry in entries
        for phrase in entry.phrases
        if " " not in phrase
        for word in phrase.strip("()").split("|")
    }
    words = [word for word in common_words() if word not in told][:_COMMON]
    for channel in ("message", "search"):
        for word in words:
            yield Row(word, channel, "", dict.fromkeys(THEMES, 0.3))
            yield Row(f"{word} {chance.choice(words)}", channel, "", dict.fromkeys(THEMES, 0.15))


def plain_mentions() -> Iterator[Row]:
    """Who people are, said plainly: a word for a group is no hatred, however often hatred names it."""
    for group in _GROUPS.split():
        for shape in _MENTIONS:
            for channel in ("message", "search", "page"):
                yield Row(shape.format(group), channel, "", {"hate": 0.5, "extremism": 0.5, "cyberbullying": 0.3})


def labelled_rows(folder: Path) -> Iterator[Row]:
    """The tuning half of the labelled text."""
    for one in labelled_texts(folder, part=0):
        told = {theme: _trust(one) for theme in one.about}
        yield Row(one.text[:2500], one.channel, one.theme, told, informs=one.kind == "textbook")


def _trust(one: Labelled) -> float:
    return {"queries": 1.0, "textbook": 0.6, "posts": 4.0, "tweets": 0.25, "comments": 0.15}[one.kind]


def canonical_of(vocabulary: Vocabulary) -> Callable[[str], bytes]:
    """As the scorer sees a text: folded, with disguises undone."""

    def plain(text: str) -> bytes:
        folded = fold(text)
        made = repairs(folded, vocabulary)
        return canonical(repaired(folded, made) if made else folded)

    return plain


@cache
def _pieces(word: bytes) -> tuple[int, ...]:
    return tuple(piece_buckets(word))


class Matrices(NamedTuple):
    """Counts of words and pairs, and of pieces: texts x buckets."""

    word: sparse.csr_array
    piece: sparse.csr_array


def counted(rows: list[tuple[bytes, str]]) -> Matrices:
    """How often each bucket occurs in each text."""
    word: tuple[list[int], list[int]] = ([], [0])
    piece: tuple[list[int], list[int]] = ([], [0])
    for plain, channel in rows:
        words = words_of(plain, channel)  # type: ignore[arg-type]
        word[0].extend(map(word_bucket, words))
        word[0].extend(word_bucket(one, two) for one, two in pairwise(words))
        for one in words:
            piece[0].extend(_pieces(one))
        word[1].append(len(word[0]))
        piece[1].append(len(piece[0]))
    return Matrices(*(_matrix(*one) for one in (word, piece)))


def _matrix(places: list[int], ends: list[int]) -> sparse.csr_array:
    ones = np.ones(len(places), np.float32)
    return sparse.csr_array(
        (ones, np.array(places, np.int32), np.array(ends, np.int32)), shape=(len(ends) - 1, 1 << BITS)
    )


def rareness(counts: sparse.csr_array) -> np.ndarray:
    """Inverse document frequency, smoothed."""
    texts = np.bincount(counts.tocoo().col, minlength=1 << BITS)  # duplicates in one text count: as good, and cheaper
    return (np.log((1 + counts.shape[0]) / (1 + texts)) + 1).astype(np.float32).clip(0.5)


def weighted(table: int, counts: sparse.csr_array, rare: np.ndarray) -> sparse.csr_array:
    """Rows of length one or less, as `stage` makes them: every occurrence counts in the length on its own."""
    raw = sparse.csr_array((rare[counts.indices], counts.indices, counts.indptr), shape=counts.shape)
    squares = np.add.reduceat(np.append(raw.data**2, 0), raw.indptr[:-1]) * (np.diff(raw.indptr) > 0)
    lengths = np.array([length(table, float(one)) for one in squares])
    raw.data /= np.repeat(lengths, np.diff(raw.indptr)).astype(np.float32)
    raw.sum_duplicates()
    return raw


def fit(rows: list[Row], plain: Callable[[str], bytes]) -> dict[str, np.ndarray]:
    """The weights, as whole numbers of a byte."""
    matrices = counted([(plain(row.text), row.channel) for row in rows])
    rare = [rareness(one) for one in matrices]
    features = sparse.hstack([weighted(table, matrices[table], rare[table]) for table in (0, 1)]).tocsr()
    used = np.unique(features.indices)
    features = features[:, used]
    features.indices, features.indptr = features.indices.astype(np.int32), features.indptr.astype(np.int32)
    from joblib import Parallel, delayed

    columns = Parallel(2)(delayed(_one_theme)(features, rows, theme) for theme in THEMES)
    columns += [_severity(features, rows), _informs(features, rows)]
    whole = np.zeros((2 << BITS, len(columns)), np.float32)
    whole[used] = np.stack([weights for weights, _ in columns], 1)
    tables = (whole[: 1 << BITS], whole[1 << BITS :])
    scale = np.stack([np.abs(table).max(0) / 127 + 1e-9 for table in tables]).astype(np.float32)
    return {
        "themes": np.array(THEMES),
        "word": np.rint(tables[0] / scale[0]).astype(np.int8),
        "piece": np.rint(tables[1] / scale[1]).astype(np.int8),
        "rare_word": rare[0].astype(np.float16),
        "rare_piece": rare[1].astype(np.float16),
        "scale": scale,
        "bias": np.array([bias for _, bias in columns], np.float32),
    }


def _one_theme(features: sparse.csr_array, rows: list[Row], theme: str) -> tuple[np.ndarray, float]:
    trust = np.array([row.told.get(theme, 0.0) for row in rows])
    kept = np.flatnonzero(trust > 0)
    wanted = np.array([rows[number].theme == theme for number in kept])
    model = LogisticRegression(C=_STRENGTH, solver="liblinear", max_iter=200, tol=1e-2, random_state=0)
    model.fit(features[kept], wanted, sample_weight=trust[kept])
    return model.coef_[0], float(model.intercept_[0])


def _severity(features: sparse.csr_array, rows: list[Row]) -> tuple[np.ndarray, float]:
    kept = [number for number, row in enumerate(rows) if row.severity]
    model = Ridge(alpha=1.0, solver="sparse_cg", random_state=0)
    model.fit(features[kept], [rows[number].severity for number in kept])
    return model.coef_, float(model.intercept_)


def _informs(features: sparse.csr_array, rows: list[Row]) -> tuple[np.ndarray, float]:
    model = LogisticRegression(C=5.0, solver="liblinear", tol=1e-2, class_weight="balanced", random_state=0)
    model.fit(features, [row.informs for row in rows])
    return model.coef_[0], float(model.intercept_[0])


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder of labelled text (benchmarks/labelled.py says which)")
    parser.add_argument("--out", type=Path, default=Path("src/leeward/text/weights.npz"))
    options = parser.parse_args()
    entries = own_packs()
    rows = [*teaching_rows(Path(__file__).parent / "texts"), *pack_rows(entries, random.Random(1))]  # noqa: S311
    rows += [*short_rows(entries, random.Random(2)), *plain_mentions()]  # noqa: S311
    if options.data:
        rows += labelled_rows(options.data)
    weights = fit(rows, canonical_of(vocabulary_of(entries)))
    np.savez_compressed(options.out, **weights)


if __name__ == "__main__":
    main()
