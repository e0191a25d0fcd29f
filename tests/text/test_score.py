"""Texts to findings, with the reason and what was written."""

import msgspec
import pytest

from leeward.text.fold import canonical, fold
from leeward.text.library import load_library
from leeward.text.packs import Entry
from leeward.text.score import Library, compiled
from leeward.text.stage import shipped

INTENT = Entry(id="intent", theme="suicide-self-harm", language="en", meaning="Says that they want to die.", severity=5,
               weight=90, phrases=("want to (die|kill myself)",))  # fmt: skip
THREAT = Entry(id="threat", theme="violence-weapons", language="en", meaning="Threatens somebody.", severity=4, weight=70,
               phrases=("(gonna|going to) stab (him|her|you)",), unless=("fiction",), without=("film",), where=("message", "email"))  # fmt: skip
WEAK = [Entry(id=f"sign-{number}", theme="gangs", language="en", meaning="Uses a word of gangs.", severity=4, weight=30,
              phrases=(word,)) for number, word in enumerate(("burner phone", "trap house", "going cunch"))]  # fmt: skip
LIBRARY = Library(compiled([INTENT, THREAT, *WEAK]))


def test_a_finding_says_theme_severity_reason_and_what_was_written() -> None:
    (found,) = LIBRARY.find("Tbh I just WANT  to d1e…", "message")
    assert (found.theme, found.severity, found.reason) == ("suicide-self-harm", 5, "Says that they want to die.")
    assert found.evidence == ("WANT  to d1e",)
    assert found.spans == ((11, 23),)
    assert found.entries == ("suicide-self-harm/en/intent",)


@pytest.mark.parametrize(
    "written",
    ["w a n t  t o  d i e", "want to di\u200be", "𝔴𝔞𝔫𝔱 𝔱𝔬 𝔡𝔦𝔢", "waaaant to dieeee", "want to dіе", "want, to... die!"],
)
def test_no_way_of_writing_hides_it_and_the_evidence_is_as_written(written: str) -> None:
    (found,) = LIBRARY.find(f"honestly {written} ok", "search")
    assert found.evidence[0].strip(".,!") in written


def test_where_and_unless_and_without_count() -> None:
    assert LIBRARY.find("im gonna stab him", "message")[0].severity == 4
    assert LIBRARY.find("im gonna stab him", "search") == []
    assert LIBRARY.find("gonna stab him in the boss fight", "message") == []
    assert LIBRARY.find("gonna stab him like in that film", "message") == []


def test_a_denial_weakens_and_is_said() -> None:
    (found,) = LIBRARY.find("i am never gonna stab him", "message")
    assert found.severity < 4
    assert "denied" in found.reason


def test_weak_signs_count_together() -> None:
    assert LIBRARY.find("a trap house", "message")[0].severity == 1
    (found,) = LIBRARY.find("burner phone, trap house, going cunch", "message")
    assert found.score > 0.6
    assert found.severity == 2


def test_one_word_in_a_long_page_is_little() -> None:
    page = "word " * 2_000 + "gonna stab him"
    assert LIBRARY.find("want to die", "page")[0].severity == 5
    assert LIBRARY.find("word " * 2_000 + "want to die", "page")[0].severity == 5  # certain
    assert LIBRARY.find(page, "page") == []


def test_what_a_school_excludes_is_not_found() -> None:
    library = Library(compiled([INTENT]), excluded=frozenset({INTENT.key}))
    assert library.find("i want to die", "message") == []
    assert library.entries_in("i want to die", "message") == set()


def test_the_second_stage_finds_what_no_phrase_says_and_tells_the_words() -> None:
    library = Library(compiled([THREAT]), shipped())
    (found,) = library.find("nobody would even notice if i was gone forever, ive written the letters", "message")
    assert found.theme == "suicide-self-harm"
    assert found.severity >= 3
    assert "Reads like suicide and self-harm: “" in found.reason
    assert found.entries == ()
    assert found.evidence[0] in "nobody would even notice if i was gone forever, ive written the letters"
    assert library.find("what time does the swimming pool open on sunday", "search") == []


def test_phrases_of_other_languages_stand_without_the_second_stage() -> None:
    polish = Entry(id="a", theme="suicide-self-harm", language="pl", meaning="Says so.", severity=5, weight=80,
                   phrases=("chce sie zabic",))  # fmt: skip
    (found,) = Library(compiled([polish]), shipped()).find("chcę się zabić", "message")
    assert found.severity == 5


def test_who_asks_for_help_is_marked() -> None:
    help_ = msgspec.structs.replace(INTENT, id="help-stop", phrases=("how do i stop cutting",), severity=2)
    (found,) = Library(compiled([help_])).find("how do i stop cutting", "search")
    assert found.seeks_help


@pytest.mark.parametrize(
    "text", ["ok", "lol", "he", "to", "the", "u ok?", "see u later", "thx", "12345", "hahaha", " ", "\x00\x00", "?!"]
)
def test_of_a_word_or_two_that_mean_nothing_nothing_is_told(text: str) -> None:
    library = Library(compiled([THREAT]), shipped())
    assert [library.find(text, channel) for channel in ("search", "message", "page")] == [[], [], []]


@pytest.mark.parametrize("group", ["jewish", "muslim", "black", "gay", "trans", "polish", "disabled", "traveller"])
def test_who_people_are_is_no_hatred(group: str) -> None:
    library = Library(compiled([THREAT]), shipped())
    for text in (f"my friend is {group}", f"what do {group} people celebrate", f"{group} history month"):
        assert all(one.severity < 2 for one in library.find(text, "message")), text


def test_an_intent_with_a_time_is_graver() -> None:
    assert LIBRARY.find("im gonna stab him", "message")[0].severity == 4
    assert LIBRARY.find("im gonna stab him tmrw after school", "message")[0].severity == 5
    weak = Library(compiled([msgspec.structs.replace(INTENT, severity=4)]))
    assert weak.find("i want to die", "message")[0].severity == 4
    assert weak.find("i want to die tonight", "message")[0].severity == 5
    assert weak.find("they want to die on monday", "page")[0].severity == 4


def test_a_grave_sentence_is_told_among_everyday_ones() -> None:
    everyday = "did u finish the english thing i think its due tuesday and miss said we could use notes. "
    library = load_library()
    for text in (
        everyday * 2 + "ive decided im going to kill myself on sunday night. ",
        "ive decided im going to kill myself. " + everyday * 4,
    ):
        assert max(one.severity for one in library.find(text, "message") if one.theme == "suicide-self-harm") >= 4


def test_what_is_denied_is_told_less() -> None:
    library = load_library()

    def severity(text: str) -> int:
        return max((one.severity for one in library.find(text, "message") if one.theme == "gangs"), default=0)

    assert severity("he is in a gang now") > severity("he isnt in a gang hes in the scouts")


def test_what_reads_like_a_lesson_is_doubted() -> None:
    stage = shipped()
    assert stage is not None
    lesson = "Researchers define dependence as a state in which a substance is needed to function. Alcohol and heroin act on receptors of the brain."
    own = "i got so drunk again last night cant stop anymore, had vodka before school n everything is messed up"
    assert stage.read(canonical(fold(lesson)), "page").informs > 0 > stage.read(canonical(fold(own)), "page").informs
