"""Drawing a sample: the same seed and the same population give the same items, whoever draws."""

import hashlib
from collections.abc import Iterable


def draw(seed: str, references: Iterable[str], count: int) -> list[str]:
    """The `count` references with the smallest SHA-256 of seed and reference: unbiased, and independent of order."""
    return sorted(references, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())[:count]
