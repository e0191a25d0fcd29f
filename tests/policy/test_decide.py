"""The verdict, tier by tier; and the explanation always says the same."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.identity.subjects import make_subject
from leeward.policy.decide import decide, explain
from leeward.policy.model import Decision, Moment, Request, Rule, Subject, When
from leeward.policy.search import term_of
from leeward.policy.url import Target, parse
from tests.conftest import SnapshotMaker

PUPIL = make_subject(profile="pupil", groups=("y7",), role="pupil", person="p1")
MONDAY_10 = Moment.of(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), "Europe/London")


def ask(url: str, subject: Subject = PUPIL, moment: Moment = MONDAY_10) -> Request:
    """A request for a URL; a URL without a scheme stands for a tunnel to that host."""
    if "://" not in url:
        return Request(Target("https", parse(f"https://{url}/").host, 443, None), subject, moment)
    target = parse(url)
    return Request(target, subject, moment, term_of(target))


def block(name: str = "r", **conditions: Any) -> Rule:
    """A blocking rule."""
    return Rule(id=name, action="block", **conditions)


def allow(name: str = "a", **conditions: Any) -> Rule:
    """An allowing rule."""
    return Rule(id=name, action="allow", **conditions)


def test_without_a_rule_the_profile_decides(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot()
    assert decide(snapshot, ask("http://free.test/")).action == "allow"
    strict = make_subject(profile="strict")
    assert decide(snapshot, ask("http://free.test/", strict)).rule == "default:strict"


def test_a_category_blocks_the_name_and_those_below_it(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(block(categories=("games",)))
    for url in ("http://games.test/", "https://www.games.test/x", "http://GAMES.test./", "http://games.test:8080/"):
        decision = decide(snapshot, ask(url))
        assert (decision.action, decision.categories) == ("block", ("games",))
    assert decide(snapshot, ask("http://notgames.test/")).action == "allow"


def test_the_first_rule_that_matches_decides(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(allow(hosts=("chess.games.test",)), block(categories=("games",)))
    assert decide(snapshot, ask("http://chess.games.test/")).rule == "a"
    assert decide(snapshot, ask("http://games.test/")).rule == "r"


def test_a_temporary_opening_goes_before_the_profile_and_ends(make_snapshot: SnapshotMaker) -> None:
    until = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    opening = allow("open", tier="temporary", hosts=("games.test",), when=(When(until=until),))
    snapshot = make_snapshot(block(categories=("games",)), opening)
    assert decide(snapshot, ask("http://games.test/")).rule == "open"
    later = Moment.of(until, "Europe/London")
    assert decide(snapshot, ask("http://games.test/", moment=later)).rule == "r"


def test_nothing_opens_the_sealed_tier(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(allow(tier="temporary", hosts=("*",)), allow("b", hosts=("probe.test",)))
    decision = decide(snapshot, ask("http://probe.test/", make_subject(profile="staff")))
    assert (decision.action, decision.tier, decision.rule) == ("block", "sealed", "sealed:probe")


@pytest.mark.parametrize(
    ("conditions", "matches"),
    [
        ({"groups": ("y7",)}, True),
        ({"groups": ("y8", "y7")}, True),
        ({"groups": ("y8",)}, False),
        ({"roles": ("pupil",), "groups": ("y8",)}, False),
        ({"persons": ("p1",)}, True),
        ({"profiles": ("staff",)}, False),
        ({"sites": ("north",)}, False),
    ],
)
def test_who_and_where_are_joined_by_and(
    make_snapshot: SnapshotMaker, conditions: dict[str, Any], matches: bool
) -> None:
    snapshot = make_snapshot(block(hosts=("*",), **conditions))
    assert (decide(snapshot, ask("http://free.test/")).action == "block") is matches


def test_a_rule_holds_only_in_its_hours(make_snapshot: SnapshotMaker) -> None:
    lesson = When(days=("mon",), start=time(9), end=time(12), first=date(2026, 9, 1), last=date(2026, 12, 18))
    snapshot = make_snapshot(block(hosts=("*",), when=(lesson,)))
    assert decide(snapshot, ask("http://free.test/")).action == "block"
    afternoon = Moment.of(datetime(2026, 11, 23, 12, 0, tzinfo=UTC), "Europe/London")
    assert decide(snapshot, ask("http://free.test/", moment=afternoon)).action == "allow"


def test_a_path_rule_covers_what_lies_below_in_any_spelling(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(block(hosts=("free.test/games",)))
    for path in ("/games", "/games/x", "/Games", "/%67ames/1", "/a/../games", "//games", "/./games?x"):
        assert decide(snapshot, ask(f"http://free.test{path}")).action == "block", path
    assert decide(snapshot, ask("http://free.test/gamesome")).action == "allow"


def test_a_listed_page_blocks_that_page_only(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(block(categories=("violence",)))
    assert decide(snapshot, ask("http://www.mixed.test/bad/x")).action == "block"
    assert decide(snapshot, ask("http://mixed.test/good")).action == "allow"


def test_a_tunnel_to_a_host_with_page_rules_must_be_inspected(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(
        block(categories=("violence",)),
        allow("page", hosts=("closed.test/open",)),
        block("all", hosts=("closed.test",)),
    )
    tunnel = decide(snapshot, ask("mixed.test"))
    assert (tunnel.action, tunnel.inspect, tunnel.blind) == ("allow", True, True)
    opened = decide(snapshot, ask("closed.test"))
    assert (opened.action, opened.blind) == ("allow", True)
    assert decide(snapshot, ask("https://closed.test/other")).action == "block"
    assert decide(snapshot, ask("https://closed.test/open/x")).action == "allow"


def test_privacy_classes_are_not_inspected_unless_a_rule_says_so(make_snapshot: SnapshotMaker) -> None:
    assert decide(make_snapshot(), ask("bank.test")).inspect is False
    forced = make_snapshot(Rule(id="look", categories=("banking",), inspect=True))
    assert decide(forced, ask("bank.test")).inspect is True


def test_a_search_word_blocks_the_search(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(block(terms=("vape shop",)))
    assert decide(snapshot, ask("https://www.google.com/search?q=best+Vape+Shop+near+me")).action == "block"
    assert decide(snapshot, ask("https://www.google.com/search?q=vaporous+shopping")).action == "allow"


def test_an_address_is_found_in_a_listed_network(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(block(categories=("bypass",)), block("net", hosts=("203.0.113.0/24",)))
    assert decide(snapshot, ask("http://198.51.100.7/")).rule == "r"
    assert decide(snapshot, ask("http://0xcb007105/")).rule == "net"


@pytest.mark.parametrize(
    "url",
    [
        "https://translate.google.com/translate?u=http://games.test/",
        "https://games-test.translate.goog/x",
        "https://web.archive.org/web/2020/http://games.test/",
        "https://webcache.googleusercontent.com/search?q=cache:games.test/x",
        "https://www.google.com/amp/s/games.test/x",
        "https://www.google.com/url?q=https%3A%2F%2Fgames.test%2F",
        "https://games-test.cdn.ampproject.org/c/s/games.test/",
    ],
)
def test_a_service_that_brings_a_blocked_page_is_blocked(make_snapshot: SnapshotMaker, url: str) -> None:
    snapshot = make_snapshot(allow(hosts=("google.com",)), block(categories=("games",)))
    assert decide(snapshot, ask(url)).action == "block"
    assert (
        decide(snapshot, ask(url.replace("games.test", "free.test").replace("games-test", "free-test"))).action
        == "allow"
    )


@pytest.mark.parametrize("host", ["198.41.0.4", "[2001:db8::1]", "0xC6290004"])
def test_a_rule_can_be_about_addresses_instead_of_names(make_snapshot: SnapshotMaker, host: str) -> None:
    snapshot = make_snapshot(block(categories=("ip-address",)))
    assert decide(snapshot, ask(f"http://{host}/")).action == "block"
    assert decide(snapshot, ask("http://free.test/")).action == "allow"


def test_no_profile_at_all_means_closed(make_snapshot: SnapshotMaker) -> None:
    assert decide(make_snapshot(), ask("http://free.test/", make_subject(profile="gone"))).action == "block"


_rules = st.lists(
    st.builds(
        Rule,
        id=st.uuids().map(str),
        tier=st.sampled_from(["temporary", "lesson", "profile"]),
        profiles=st.sampled_from([(), ("pupil",), ("staff",)]),
        groups=st.sampled_from([(), ("y7",), ("y8",)]),
        categories=st.sampled_from([(), ("games",), ("violence", "pornography")]),
        hosts=st.sampled_from([(), ("*",), ("games.test",), ("=mixed.test",), ("mixed.test/bad",), ("free.test",)]),
        terms=st.sampled_from([(), ("vape",)]),
        when=st.sampled_from([(), (When(days=("tue",)),), (When(days=("mon",)),)]),
        action=st.sampled_from(["allow", "warn", "block", None]),
        inspect=st.sampled_from([None, True, False]),
        log_level=st.just(3),
    ),
    max_size=6,
)
_urls = st.sampled_from(
    [
        "http://games.test/",
        "http://www.mixed.test/bad/1",
        "http://mixed.test/",
        "http://free.test/",
        "http://probe.test/",
    ]
)


@settings(max_examples=60, deadline=None)
@given(rules=_rules, url=_urls)
def test_the_explanation_names_the_rule_that_decided(
    rules: list[Rule], url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    snapshot = SnapshotMaker(tmp_path_factory.mktemp("explain"))(*rules)
    request = ask(url)
    decision: Decision = decide(snapshot, request)
    told = explain(snapshot, request, url=url)
    assert told.decision == decision == decide(snapshot, request)
    deciding = [row for row in told.considered if row.applied and row.action is not None]
    assert deciding[0].rule in (decision.rule, "sealed")
    assert len(told.considered) == len(rules) + 2
    snapshot.close()
