"""Who is told, how, and who next."""

import datetime as dt

import pytest

from leeward.console.alerts.routing import Calendar, Facts, Rule, route_of, steps_of

PEOPLE = {
    "role:dsl": ["fern"],
    "role:deputy-dsl": ["gil"],
    "role:head": ["marsh"],
    "role:safeguarding-contact": ["hoy"],
}
ALWAYS = Calendar(dt.time(8), dt.time(16), ())
TERM = Calendar(dt.time(8), dt.time(16), ((dt.date(2026, 9, 1), dt.date(2026, 10, 20)),))


def facts(
    severity: int = 4, theme: str = "drugs", groups: tuple[str, ...] = ("Y9",), day: int = 18, hour: int = 11
) -> Facts:
    return Facts(theme, severity, groups, False, dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC))


def rule(**more: object) -> Rule:
    values: dict[str, object] = {
        "themes": (), "groups": (), "severity_from": 1, "severity_to": 5, "hours": "any", "days": "any",
        "people": ("role:safeguarding-contact",), "ways": ("mail",), "minutes": 10,
    }  # fmt: skip
    return Rule(**(values | more))  # type: ignore[arg-type]


def told(
    some: Facts, *rules: Rule, calendar: Calendar = ALWAYS, people: dict[str, list[str]] = PEOPLE
) -> list[tuple[str, int]]:
    return [(step.login, step.minutes) for step in steps_of(some, rules, calendar, lambda name: people.get(name, []))]


def test_without_a_route_the_lead_is_told_then_the_deputy_then_the_head() -> None:
    assert told(facts(5)) == [("fern", 0), ("gil", 5), ("marsh", 10)]
    assert told(facts(4)) == [("fern", 0), ("gil", 15), ("marsh", 30)]


def test_a_route_puts_others_before_them_and_nobody_is_told_twice() -> None:
    assert told(facts(), rule(people=("role:safeguarding-contact", "role:dsl"))) == [
        ("hoy", 0), ("fern", 10), ("gil", 20), ("marsh", 30),
    ]  # fmt: skip


def test_whoever_is_away_costs_no_time() -> None:
    assert told(facts(), rule(), people=PEOPLE | {"role:safeguarding-contact": []})[0] == ("fern", 0)


def test_all_who_hold_a_role_are_told_together() -> None:
    assert told(facts(), people=PEOPLE | {"role:dsl": ["fern", "ivy"]})[:3] == [("fern", 0), ("ivy", 0), ("gil", 15)]


@pytest.mark.parametrize(
    ("some", "fits"),
    [
        ({"themes": ("drugs",)}, True), ({"themes": ("hate",)}, False), ({"groups": ("Y9", "Y10")}, True),
        ({"groups": ("Y7",)}, False), ({"severity_from": 5}, False), ({"severity_to": 3}, False),
        ({"hours": "school"}, True), ({"hours": "outside"}, False), ({"days": "term"}, True), ({"days": "holiday"}, False),
    ],
)  # fmt: skip
def test_a_route_holds_for_what_it_says(some: dict[str, object], fits: bool) -> None:
    wanted = rule(**some)
    assert (route_of(facts(), [wanted], ALWAYS) == wanted) is fits


def test_nights_weekends_and_holidays_are_outside_school_hours() -> None:
    outside, holiday = rule(hours="outside"), rule(days="holiday")
    assert route_of(facts(hour=20), [outside], ALWAYS) == outside
    assert route_of(facts(day=21), [outside], ALWAYS) == outside
    assert route_of(facts(), [holiday], TERM) == holiday, "November lies outside the only term"


def test_the_first_route_that_fits_counts() -> None:
    first, second = rule(minutes=1), rule(minutes=2)
    assert route_of(facts(), [first, second], ALWAYS) == first
