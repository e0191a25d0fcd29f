"""Tables of letters that look like others."""

from leeward.text.lookalikes import CONFUSABLE, DROPPED, LETTERS


def test_every_look_alike_leads_to_one_latin_letter() -> None:
    assert all(len(latin) == 1 and latin.isascii() and latin.isalpha() for latin in CONFUSABLE.values())
    assert not any(chr(code).isascii() for code in CONFUSABLE)


def test_nothing_that_people_see_is_dropped() -> None:
    assert not any(chr(code).isalnum() and code < 0x3000 and code not in (0x640, 0x115F, 0x1160) for code in DROPPED)
    assert LETTERS[ord("ł")] == "l"
    assert LETTERS[0x1F170] == "a"
