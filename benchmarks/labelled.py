"""Labelled text to learn from and to measure with: read from a folder that users fetch themselves, never shipped.

`part`: 0 to tune on, 1 to report; by the last bit of the text's SHA-256.
"""

import gzip
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

from leeward.text.packs import Channel, themes

type Kind = Literal["queries", "textbook", "posts", "tweets", "comments"]
_ALL = tuple(themes())
_POSTS = {
    "suicidewatch": "suicide-self-harm", "EDAnonymous": "eating-disorders", "addiction": "drugs", "alcoholism": "drugs",
    "lonely": "wellbeing", "depression": "wellbeing", "anxiety": "wellbeing", "ForeverAlone": "wellbeing",
}  # fmt: skip
_ORDINARY_POSTS = (
    "teaching", "personalfinance", "UKPersonalFinance", "unitedkingdom", "ukpolitics", "legaladvice", "mindfulness", "adhd",
    "autism", "guns", "conspiracy",
)  # fmt: skip


class Labelled(NamedTuple):
    """A text. `theme`: empty for none of `about`, which are the themes that its label says something of."""

    text: str
    theme: str
    about: tuple[str, ...]
    channel: Channel
    kind: Kind
    source: str


def part_of(text: str) -> int:
    """0 or 1, always the same for a text."""
    return sha256(text.encode()).digest()[-1] & 1


def labelled_texts(folder: Path, part: int) -> Iterator[Labelled]:
    """Every text of one part, of the files that are there."""
    for name, read in _SOURCES.items():
        path = folder / f"{name}.jsonl.gz"
        if not path.exists():
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if part_of(row["text"]) == part and (found := read(row["text"], str(row.get("label", "")), name)):
                    yield found


def _query(text: str, _: str, source: str) -> Labelled:
    return Labelled(text, "", _ALL, "search", "queries", source)


def _paragraph(text: str, _: str, source: str) -> Labelled:
    return Labelled(text, "", _ALL, "page", "textbook", source)


def _offensive(text: str, label: str, source: str) -> Labelled:
    theme = {"hate": "hate", "offensive": "profanity"}.get(label, "")
    about = ("hate",) if label == "hate" else ("hate", "profanity")
    return Labelled(text, theme, about, "message", "tweets", source)


def _hate(text: str, label: str, source: str) -> Labelled:
    return Labelled(text, "hate" if label == "hate" else "", ("hate",), "page", "posts", source)


def _toxic(text: str, label: str, source: str) -> Labelled:
    toxic = label in ("toxic_span", "Toxic")
    return Labelled(text, "cyberbullying" if toxic else "", ("cyberbullying",), "message", "comments", source)


def _radical(text: str, label: str, source: str) -> Labelled:
    return Labelled(text, "extremism" if label == "pro" else "", ("extremism",), "message", "tweets", source)


def _post(text: str, label: str, source: str) -> Labelled | None:
    theme = _POSTS.get(label, "")
    if not theme and label not in _ORDINARY_POSTS:
        return None
    about = ("suicide-self-harm", "eating-disorders", "drugs") + (
        () if theme and theme != "wellbeing" else ("wellbeing",)
    )
    if theme == "wellbeing":  # who is low may well speak of dying
        about = ("eating-disorders", "drugs", "wellbeing")
    return Labelled(text, theme, about, "page", "posts", source)


_SOURCES = {
    "queries_google_nq": _query,
    "textbook_biology": _paragraph,
    "textbook_psychology": _paragraph,
    "davidson_hate_offensive": _offensive,
    "stormfront_hate": _hate,
    "toxic_spans_train": _toxic,
    "surge_toxicity": _toxic,
    "radicalization_tweets": _radical,
    "reddit_27_communities": _post,
}
