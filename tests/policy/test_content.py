"""What a page may say: by rules on themes, by the profile."""

import pytest

from leeward.policy.content import Found, decide_content
from leeward.policy.decide import decide, explain
from leeward.policy.hosts import normalise
from leeward.policy.model import Moment, Profile, Request, Rule, Subject
from leeward.policy.url import Target
from tests.conftest import SnapshotMaker

PUPIL = Subject(facets=frozenset({"profile:pupil", "group:y12"}), profile="pupil")
PROFILES = (Profile(name="pupil"), Profile(name="strict", block_from=2), Profile(name="open", block_from=0))
CLOSED = Rule(id="no-hate", themes=("hate",), action="block", reason="Not here.")


def request(host: str = "page.test", subject: Subject = PUPIL) -> Request:
    return Request(Target("https", normalise(host), 443, "/a"), subject, Moment.at(0.0, "UTC"), "")


@pytest.mark.parametrize(
    ("profile", "severity", "action"),
    [("pupil", 3, "allow"), ("pupil", 4, "block"), ("strict", 2, "block"), ("open", 5, "allow")],
)
def test_the_profile_has_its_threshold(make_snapshot: SnapshotMaker, profile: str, severity: int, action: str) -> None:
    snapshot = make_snapshot(profiles=PROFILES)
    asked = request(subject=Subject(facets=frozenset({f"profile:{profile}"}), profile=profile))
    decision = decide_content(snapshot, asked, [Found("drugs", severity)])
    assert decision.action == action
    assert decision.rule == (f"content:{profile}" if action == "block" else "")


def test_own_words_pass_unless_a_rule_closes_them(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(CLOSED, profiles=PROFILES)
    assert decide_content(snapshot, request(), [Found("suicide-self-harm", 5, own=True)]).action == "allow"
    decision = decide_content(snapshot, request(), [Found("hate", 2, own=True)])
    assert (decision.action, decision.rule, decision.reason) == ("block", "no-hate", "Not here.")


def test_lessons_and_medicine_are_exceptions_by_theme_group_and_category(make_snapshot: SnapshotMaker) -> None:
    lesson = Rule(id="lesson", themes=("drugs",), groups=("y12",), categories=("games",), severity=4, action="allow")
    snapshot = make_snapshot(lesson, profiles=PROFILES)
    there = request("games.test")
    assert decide_content(snapshot, there, [Found("drugs", 4)]).action == "allow"
    assert decide_content(snapshot, there, [Found("drugs", 5)]).action == "block"  # up to 4
    assert decide_content(snapshot, there, [Found("hate", 4)]).action == "block"  # another theme
    assert decide_content(snapshot, there, [Found("drugs", 4), Found("hate", 4)]).theme == "hate"
    assert decide_content(snapshot, request("other.test"), [Found("drugs", 4)]).action == "block"
    young = Subject(facets=frozenset({"profile:pupil", "group:y7"}), profile="pupil")
    assert decide_content(snapshot, request("games.test", young), [Found("drugs", 4)]).action == "block"


def test_rules_hold_top_down_and_severity_counts_from_there_on(make_snapshot: SnapshotMaker) -> None:
    first = Rule(id="first", themes=("hate",), severity=3, action="block")
    snapshot = make_snapshot(first, Rule(id="rest", themes=("hate",), action="allow"), profiles=PROFILES)
    assert decide_content(snapshot, request(), [Found("hate", 3)]).rule == "first"
    assert decide_content(snapshot, request(), [Found("hate", 2)]).action == "allow"


def test_a_rule_about_text_says_nothing_before_the_text_is_known(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(CLOSED, profiles=PROFILES)
    assert decide(snapshot, request()).action == "allow"
    (row,) = [
        one for one in explain(snapshot, request(), url="https://page.test/a").considered if one.rule == "no-hate"
    ]
    assert (row.applied, row.why) == (False, "decides when the text is known")
