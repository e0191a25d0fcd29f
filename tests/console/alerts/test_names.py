"""Which pupils a text speaks of."""

from leeward.console.alerts.names import Names, Pupil

NAMES = Names([Pupil("a", "Amira Vale", ("Y9",)), Pupil("b", "Ben Orchard", ("Y9",)), Pupil("c", "Ben Pike", ("Y9",)),
               Pupil("d", "Zoë O'Neill", ("Y7",)), Pupil("e", "Al Stone", ("Y9",))])  # fmt: skip


def test_a_full_name_is_found_whatever_the_case_and_from_any_group() -> None:
    assert NAMES.in_text("everyone hates AMIRA VALE lol") == ("a",)
    assert NAMES.in_text("zoë o'neill is sad") == ("d",)


def test_a_first_name_counts_where_only_one_pupil_of_the_writers_groups_has_it() -> None:
    assert NAMES.in_text("amira should leave", ("Y9",)) == ("a",)
    assert NAMES.in_text("amira should leave", ("Y7",)) == ()
    assert NAMES.in_text("ben should leave", ("Y9",)) == (), "there are two"


def test_short_first_names_are_words_too_often() -> None:
    assert NAMES.in_text("al is mean", ("Y9",)) == ()
    assert NAMES.in_text("al stone is mean", ("Y9",)) == ("e",)
