"""Hits, weighed in what stands around them."""

import pytest

from leeward.text.matcher import Hit
from leeward.text.packs import Channel, Entry
from leeward.text.weigh import weighed

ENTRY = Entry(
    id="stab",
    theme="violence-weapons",
    language="en",
    meaning="Threatens.",
    severity=4,
    weight=60,
    phrases=("stab you",),
)
PLAIN = b" i will stab you with my knife "
HIT = Hit(0, PLAIN.index(b"stab"), PLAIN.index(b"stab") + 8)


def of(**changes: object) -> Entry:
    return Entry(**{name: getattr(ENTRY, name) for name in ENTRY.__struct_fields__} | changes)


def weight(entry: Entry, plain: bytes = PLAIN, channel: Channel = "message", age: int = 0) -> float:
    hit = Hit(0, plain.index(b"stab"), plain.index(b"stab") + 8)
    found = weighed(entry, plain, hit, channel, age, [], {})
    return found.weight if found else 0


@pytest.mark.parametrize(
    ("changes", "counts"),
    [({"with_": ("knife",)}, True), ({"with_": ("gun",)}, False), ({"without": ("knife",)}, False), ({"near": ("my",)}, True),
     ({"near": ("gun",)}, False), ({"where": ("search",)}, False), ({"unless": ("negated",)}, True)],
)  # fmt: skip
def test_the_conditions_of_an_entry_hold(changes: dict[str, object], counts: bool) -> None:
    assert (weight(of(**changes)) > 0) is counts


def test_an_age_counts_only_where_it_is_known() -> None:
    assert weight(of(age="8-11"), age=15) == 0
    assert weight(of(age="8-11"), age=9) == weight(of(age="8-11")) == 60


def test_denied_words_weigh_less_unless_the_entry_is_certain() -> None:
    denied = b" i would never stab you "
    assert weight(ENTRY, denied) == pytest.approx(24)
    assert weight(of(weight=90), denied) == 90
    assert weight(of(unless=("negated",)), denied) == 0


def test_what_the_phrase_says_itself_is_no_context() -> None:
    inside = weighed(ENTRY, PLAIN, HIT, "message", 0, [("fiction", HIT)], {})
    outside = weighed(ENTRY, PLAIN, HIT, "message", 0, [("fiction", Hit(0, 1, 3))], {})
    assert inside is not None and inside.weight == 60
    assert outside is not None and outside.weight == 30


def test_one_hit_in_a_long_page_is_little() -> None:
    assert weight(ENTRY, PLAIN + b"word " * 2_000, "page") == pytest.approx(18)
