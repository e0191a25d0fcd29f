"""Items are found in canonical text."""

import time

from leeward.text.fold import canonical, fold
from leeward.text.matcher import Matcher, tables_of


def found(matcher: Matcher, text: str) -> list[tuple[int, str]]:
    plain = canonical(fold(text))
    return [(hit.item, plain[hit.start : hit.end].decode()) for hit in matcher.find(plain)]


def test_each_item_is_found_with_its_place_and_whole_words_only() -> None:
    matcher = Matcher(tables_of([["kill (myself|yourself)"], ["knife", "blade*"], ["send ... (pic|photo)"]]))
    assert found(matcher, "Kill yourself with a KNIFE") == [(0, "kill yourself"), (1, "knife")]
    assert found(matcher, "bladesmith knifed") == [(1, "bladesmith")]
    assert found(matcher, "send me a nice pic") == [(2, "send me a nice pic")]
    assert found(matcher, "send one two three four pic") == []
    assert Matcher(tables_of([])).find(b" knife ") == []


def test_words_of_other_scripts_are_words_too() -> None:
    assert found(Matcher(tables_of([["اقتل نفسي"], ["ਮਰਨਾ ਚਾਹੁੰਦਾ"]])), "أقتل نفسي ਮੈਂ ਮਰਨਾ ਚਾਹੁੰਦਾ ਹਾਂ")


def test_a_text_full_of_one_word_takes_no_longer_than_a_glance() -> None:
    matcher = Matcher(tables_of([["noted (a|b) c"], ["noted"]]))
    began = time.monotonic()
    assert found(matcher, "noted " * 200_000)
    assert time.monotonic() - began < 5
