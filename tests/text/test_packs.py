"""Phrase packs: read, refused, and the library of the project's own making."""

import pytest

from leeward.text.packs import BadPack, counted, own_packs, read_pack, themes

GOOD = """theme: gangs
language: en
entries:
  - {id: one, meaning: Says something., severity: 3, weight: 60, phrases: [going (ot|cunch)], yes: [im going ot], no: [going on holiday]}
"""


def test_a_pack_is_read_and_no_is_a_word() -> None:
    (entry,) = read_pack(GOOD, "gangs.en.yaml")
    assert entry.key == "gangs/en/one"
    assert entry.no == ("going on holiday",)
    assert counted([entry]) == 2


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("severity: 3", "severity: 6", "severity"), ("weight: 60", "weight: 0", "weight"), ("theme: gangs", "theme: x", "no theme 'x'"),
        ("(ot|cunch)", "(ot|cunch", "brackets"), ("meaning:", "sense:", "sense"), ("entries:", "entries", "gangs.en.yaml"),
        ("  - {id: one", "  - {id: one, meaning: a, severity: 1, weight: 1, phrases: [a b]}\n  - {id: one", "comes twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(old: str, new: str, why: str) -> None:
    with pytest.raises(BadPack, match=why):
        read_pack(GOOD.replace(old, new), "gangs.en.yaml")


def test_the_library_is_large_and_every_theme_has_its_entries() -> None:
    entries = own_packs()
    assert sum(len(entry.phrases) for entry in entries) >= 3_000
    english = {entry.theme for entry in entries if entry.language == "en"}
    assert english == set(themes())
    assert {entry.language for entry in entries} >= {"pl", "ro", "ur", "ar", "pa", "fr", "es", "so", "cy"}
    assert all(entry.yes and entry.no and entry.meaning.endswith(".") for entry in entries)
    assert len({entry.key for entry in entries}) == len(entries)
