"""What the benchmarks work on: made from the project's own text and from seeded chance, so that every run is the same."""

import html
import random
import re
from functools import cache
from pathlib import Path
from pydoc_data.topics import topics

ROOT = Path(__file__).parents[1]
_STEP = 101  # words from where one page begins to where the next does
SYLLABLES = "ba be bi bo bu da de di do du fa fe ga go ka ki ko la le li lo ma me mi mo na ne no pa pe po ra re ri ro sa se si so ta te ti to va vi".split()


def english() -> str:
    """Some 400 KB of English that speaks of nothing of concern: the licence, and Python's own reference."""
    return " ".join([(ROOT / "LICENSE").read_text("utf-8"), *topics.values()])


def page(number: int = 0, size: int = 10_240) -> bytes:
    """An HTML page of this size; each number is another."""
    words = _words()
    start = number * _STEP % len(words)
    words = [*words[start:], *words[:start]]
    paragraphs = (" ".join(words[start : start + 60]) for start in range(0, len(words), 60))
    body = "".join(f'<p class="text">{text}</p>\n' for text in paragraphs)
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title></head><body>'
    return (head + body)[: size - 14].encode()[: size - 14] + b"</body></html>"


@cache
def _words() -> list[str]:
    """Words as a page shows them: without the marks of Markdown, which no page has."""
    return html.escape(re.sub(r"[*|`#_]+", " ", english())).split()


def names(count: int, *, seed: int = 2) -> list[str]:
    """Domain names."""
    chance = random.Random(seed)  # noqa: S311
    pick, endings = chance.choice, ("com", "net", "org", "co.uk", "info", "xyz", "de", "fr")
    found: set[str] = set()
    while len(found) < count:
        name = "".join(pick(SYLLABLES) for _ in range(chance.randint(3, 7))) + "." + pick(endings)
        found.add(name if chance.random() < 0.7 else pick(SYLLABLES) + "." + name)
    return sorted(found)
