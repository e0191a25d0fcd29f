"""The category taxonomy: one entry a category, read from taxonomy.toml."""

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

import msgspec


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of website. `ut1` are the names of the same category in the UT1 lists."""

    id: str
    title: str
    about: str
    source: str
    risk: Literal["content", "contact", "conduct", "commerce", "neutral"]
    sealed: bool = False
    private: bool = False
    ut1: tuple[str, ...] = ()


@cache
def categories() -> dict[str, Category]:
    """Every category by its id."""
    text = resources.files("leeward.policy").joinpath("taxonomy.toml").read_text(encoding="utf-8")
    return {key: msgspec.convert({"id": key, **value}, Category) for key, value in tomllib.loads(text).items()}


@cache
def sealed() -> frozenset[str]:
    """Categories that nobody can switch off (requirements T10, DfE-FM-3.2)."""
    return frozenset(item.id for item in categories().values() if item.sealed)


@cache
def private() -> frozenset[str]:
    """Categories whose HTTPS stays closed (requirements F13)."""
    return frozenset(item.id for item in categories().values() if item.private)


@cache
def from_ut1() -> dict[str, str]:
    """UT1's category names to ours."""
    return {name: item.id for item in categories().values() for name in item.ut1}
