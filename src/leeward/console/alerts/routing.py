"""Who is told of an alert, how, and who next if nobody answers. Pure: facts in, steps out."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import NamedTuple

# Told last, whatever the routes say: no alert stays with nobody (DfE-FM-4).
LAST = ("role:dsl", "role:deputy-dsl", "role:head", "role:chair")  # the chair hears only what is about these
_DEFAULT_MINUTES = {5: 5, 4: 15, 3: 60}


class Facts(NamedTuple):
    """What routing knows of an alert. `moment`: in the school's zone."""

    theme: str
    severity: int
    groups: tuple[str, ...]
    is_staff: bool
    moment: dt.datetime


class Rule(NamedTuple):
    """One route; empty themes and groups fit all."""

    themes: tuple[str, ...]
    groups: tuple[str, ...]
    severity_from: int
    severity_to: int
    hours: str
    days: str
    people: tuple[str, ...]
    ways: tuple[str, ...]
    minutes: int


class Calendar(NamedTuple):
    """School hours and terms. Without terms every weekday is one of a term."""

    opens: dt.time
    closes: dt.time
    terms: tuple[tuple[dt.date, dt.date], ...]

    def in_term(self, day: dt.date) -> bool:
        """Whether the school is open on this day."""
        if not self.terms:
            return day.weekday() < 5
        return day.weekday() < 5 and any(first <= day <= last for first, last in self.terms)

    def in_hours(self, moment: dt.datetime) -> bool:
        """Whether it is a school day within school hours."""
        return self.in_term(moment.date()) and self.opens <= moment.time() < self.closes


class Step(NamedTuple):
    """One person is told by these ways, so many minutes after the alert unless somebody acknowledged it."""

    login: str
    ways: tuple[str, ...]
    minutes: int


def route_of(facts: Facts, rules: Sequence[Rule], calendar: Calendar) -> Rule:
    """The first rule that fits, or what holds without one."""
    for rule in rules:
        if _fits(rule, facts, calendar):
            return rule
    return Rule((), (), 1, 5, "any", "any", LAST, ("mail", "push"), _DEFAULT_MINUTES.get(facts.severity, 60))


def _fits(rule: Rule, facts: Facts, calendar: Calendar) -> bool:
    is_open, in_term = calendar.in_hours(facts.moment), calendar.in_term(facts.moment.date())
    return (
        rule.severity_from <= facts.severity <= rule.severity_to
        and (not rule.themes or facts.theme in rule.themes)
        and (not rule.groups or not set(rule.groups).isdisjoint(facts.groups))
        and rule.hours in ("any", "school" if is_open else "outside")
        and rule.days in ("any", "term" if in_term else "holiday")
    )


def steps_of(
    facts: Facts, rules: Sequence[Rule], calendar: Calendar, people_of: Callable[[str], Sequence[str]]
) -> list[Step]:
    """Who is told, in order. `people_of`: log-ins for a role or a log-in, without those away and those in a conflict.

    Whoever is away costs no time: the next is told in their place. All who hold one role are told together.
    """
    rule = route_of(facts, rules, calendar)
    out: list[Step] = []
    minutes = 0
    told: set[str] = set()
    for name in [*rule.people, *(one for one in LAST if one not in rule.people)]:
        fresh = [login for login in people_of(name) if login not in told]
        out += [Step(login, rule.ways or ("mail",), minutes) for login in fresh]
        told |= set(fresh)
        if fresh:
            minutes += max(rule.minutes, 1)
    return out
