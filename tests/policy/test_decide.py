"""The verdict, tier by tier; and the explanation always says the same."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.identity.subjects import make_subject
from leeward.policy.compile import Entry
from leeward.policy.decide import decide, explain
from leeward.policy.model import Decision, Moment, Request, Rule, Subject, When
from leeward.policy.search import term_of
from leeward.policy.url import Target, parse
from leeward.sources.entries import page
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


def test_a_general_rule_is_no_reason_to_look_into_what_is_private(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(
        block("words", terms=("badword",)), block("files", file_types=("exe",)), Rule(id="app", hosts=("app.test",), inspect=False)
    )  # fmt: skip
    assert decide(snapshot, ask("bank.test")).inspect is False
    only_words = make_snapshot(Rule(id="app", hosts=("app.test",), inspect=False), block("words", terms=("badword",)))
    assert decide(only_words, ask("app.test")).inspect is False
    assert decide(only_words, ask("www.google.com")).blind, "searches are seen"
    assert not decide(only_words, ask("free.test")).blind, "no search engine, no search"


def test_a_page_opened_on_a_closed_host_opens_no_tunnel_that_can_not_be_seen(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(allow(hosts=("exam.test/paper",)), allow("pdf", file_types=("pdf",)), block(hosts=("*",)))
    without = make_subject(profile="pupil", has_ca=False)
    assert decide(snapshot, ask("exam.test")).blind
    assert decide(snapshot, ask("exam.test", without)).action == "block"
    assert decide(snapshot, ask("random.test", without)).action == "block"


def test_the_host_in_a_services_name_is_judged_in_a_tunnel_too(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(block(categories=("games",)))
    for host in ("games-test.translate.goog", "games-test.cdn.ampproject.org"):
        assert decide(snapshot, ask(host)).action == "block"
    assert decide(snapshot, ask("free-test.translate.goog")).action == "allow"


def test_an_inner_address_that_can_not_be_read_is_closed(make_snapshot: SnapshotMaker) -> None:
    decision = decide(make_snapshot(), ask("https://translate.google.com/?u=http://[bad"))
    assert (decision.action, decision.rule) == ("block", "service:unreadable")


@pytest.mark.parametrize(
    "path", ["/Closed%2f", "/%2fclosed", "/x/..%2fclosed", "/x;a/../closed", "/CLOSED;x", "/closed/"]
)
def test_what_closes_holds_for_every_reading_of_a_path(make_snapshot: SnapshotMaker, path: str) -> None:
    snapshot = make_snapshot(block(hosts=("free.test/ClosED",)))
    assert decide(snapshot, ask("http://free.test" + path)).action == "block"


@pytest.mark.parametrize("path", ["/paper/..%2fother", "/paper/..;/other", "/paper%2f..%2fother"])
def test_what_opens_needs_every_reading_of_a_path(make_snapshot: SnapshotMaker, path: str) -> None:
    snapshot = make_snapshot(allow(hosts=("free.test/paper",)), block(hosts=("free.test",)))
    assert decide(snapshot, ask("http://free.test/paper/1")).action == "allow"
    assert decide(snapshot, ask("http://free.test" + path)).action == "block"


@pytest.mark.parametrize("path", ["/a.ex%65", "/a%2eexe", "/a.exe/", "/a.exe/.", "/A.EXE?x=1"])
def test_a_type_of_file_is_told_through_encodings(make_snapshot: SnapshotMaker, path: str) -> None:
    snapshot = make_snapshot(block(file_types=("exe",)))
    assert decide(snapshot, ask("http://free.test" + path)).action == "block"


def test_a_listed_page_with_capitals_is_found(make_snapshot: SnapshotMaker) -> None:
    (item,) = (page("ok.test/Mixed/Caf\u00e9"),)
    entry = Entry(item.kind, item.value, "games", "made")
    snapshot = make_snapshot(block(categories=("games",)), entries=(entry,))
    assert decide(snapshot, ask("http://ok.test/Mixed/Caf%C3%A9")).action == "block"
