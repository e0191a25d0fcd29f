"""The words of a policy: profiles, rules, people's facets, requests and decisions. Values only."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from leeward.policy.url import Target

Action = Literal["allow", "warn", "block"]
Tier = Literal["sealed", "temporary", "lesson", "profile", "default"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

# Order of authority (design: sealed, temporary openings, lesson allow-lists, the profile's rules, the default).
TIERS: tuple[Tier, ...] = ("sealed", "temporary", "lesson", "profile", "default")
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _about(text: str) -> Meta:
    return Meta(description=text)


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A part of a policy file; an unknown key is an error."""


class When(Value, frozen=True):
    """A window of the week and of the calendar, in the school's time zone. Empty fields don't limit."""

    days: Annotated[tuple[Weekday, ...], _about("mon … sun.")] = ()
    start: Annotated[time | None, _about("From this time of day, included.")] = None
    end: Annotated[time | None, _about("To this time of day, excluded; before `start` it is the next morning.")] = None
    first: Annotated[date | None, _about("First day.")] = None
    last: Annotated[date | None, _about("Last day, included.")] = None
    until: Annotated[datetime | None, _about("An exact end, for temporary openings.")] = None


class Rule(Value, frozen=True):
    """who x what x where x when -> action, plus modifiers. An empty condition matches everything.

    Conditions of one kind are alternatives; kinds are joined by "and". A rule without an action only modifies.
    """

    id: Annotated[str, _about("A short name, unique; shown in decisions.")]
    tier: Annotated[Literal["temporary", "lesson", "profile"], _about("Where it stands in the order of authority.")] = (
        "profile"
    )
    # who
    profiles: Annotated[tuple[str, ...], _about("Filtering profiles.")] = ()
    groups: Annotated[tuple[str, ...], _about("Groups, such as years and classes.")] = ()
    roles: Annotated[tuple[str, ...], _about("pupil, staff, guest …")] = ()
    persons: Annotated[tuple[str, ...], _about("Person tokens or log-ins.")] = ()
    # what
    categories: Annotated[tuple[str, ...], _about("Categories of the taxonomy, or list:NAME for one list.")] = ()
    hosts: Annotated[
        tuple[str, ...],
        _about("Names (with those below), =exact names, name/path, addresses, CIDR; * for all."),
    ] = ()
    terms: Annotated[tuple[str, ...], _about("Words of a search, whole words, any case.")] = ()
    file_types: Annotated[tuple[str, ...], _about("Endings of the path, without the dot.")] = ()
    themes: Annotated[
        tuple[str, ...], _about("Themes that the text speaks of; a rule with themes decides about text alone.")
    ] = ()
    severity: Annotated[
        Annotated[int, Meta(ge=1, le=5)] | None,
        _about("Of what the text says: block from this severity on, allow up to it."),
    ] = None
    # where
    sites: Annotated[tuple[str, ...], _about("Sites.")] = ()
    devices: Annotated[tuple[str, ...], _about("Classes of device.")] = ()
    # when
    when: Annotated[tuple[When, ...], _about("Windows of time; any of them.")] = ()
    # then
    action: Annotated[Action | None, _about("allow, warn (and continue) or block.")] = None
    inspect: Annotated[bool | None, _about("Whether HTTPS is looked into.")] = None
    safe_search: Annotated[bool | None, _about("Whether safe search is locked.")] = None
    log_level: Annotated[Annotated[int, Meta(ge=1, le=5)] | None, _about("Log level; 1 noise, 5 needs an eye.")] = None
    # why
    reason: Annotated[str, _about("Why, in words that a child understands; shown on the page.")] = ""
    owner: Annotated[str, _about("Who answers for it.")] = ""
    source: Annotated[str, _about("The clause of the school's policy that it carries out (F09).")] = ""


class Profile(Value, frozen=True):
    """A filtering profile: what holds where no rule decides."""

    name: Annotated[str, _about("Its name.")]
    action: Annotated[Action, _about("Where no rule decides.")] = "allow"
    inspect: Annotated[bool, _about("Look into HTTPS.")] = True
    safe_search: Annotated[bool, _about("Lock safe search.")] = True
    scan: Annotated[bool, _about("Scan pages and what is sent.")] = True
    block_from: Annotated[
        Annotated[int, Meta(ge=0, le=5)],
        _about("Pages and searches whose text is found to be this severe are blocked; 0: none."),
    ] = 4
    log_level: Annotated[int, Meta(ge=1, le=5, description="Log level.")] = 3
    audience: Annotated[Literal["child", "teen", "adult"], _about("Whom the block page speaks to.")] = "teen"


class Policy(Value, frozen=True):
    """Everything that people decide; compiled with the lists into a snapshot."""

    profiles: Annotated[tuple[Profile, ...], _about("Filtering profiles.")] = ()
    rules: Annotated[tuple[Rule, ...], _about("Rules, top down within a tier.")] = ()
    default_profile: Annotated[str, _about("For people without a profile.")] = ""
    strictest_profile: Annotated[str, _about("For unknown clients.")] = ""
    school: Annotated[str, _about("The school's name, shown on pages.")] = ""
    contact: Annotated[str, _about("Whom to ask, shown on pages.")] = ""


class Subject(msgspec.Struct, frozen=True):
    """Who asks, from where. `facets` are what rules see: person:…, group:…, role:…, profile:…, site:…, device:…"""

    facets: frozenset[str]
    profile: str
    person: str = ""
    attribution: str = "unattributed"
    seat: str = ""
    group: str = ""
    device: str = ""
    has_ca: bool = True


class Moment(msgspec.Struct, frozen=True):
    """A point in time as rules see it: minute of the school's week, its day, and the exact time."""

    minute: int
    day: date
    epoch: float

    @staticmethod
    def of(at: datetime, timezone: str) -> "Moment":
        """From an aware datetime."""
        local = at.astimezone(zone(timezone))
        return Moment(local.weekday() * 1440 + local.hour * 60 + local.minute, local.date(), at.timestamp())

    @staticmethod
    def at(epoch: float, timezone: str) -> "Moment":
        """From seconds since 1970 UTC."""
        return Moment.of(datetime.fromtimestamp(epoch, UTC), timezone)


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    """The time zone. Raises ZoneInfoNotFoundError."""
    return ZoneInfo(name)


class Request(msgspec.Struct):
    """What decide() is asked."""

    target: Target
    subject: Subject
    moment: Moment
    term: str = ""


class Decision(msgspec.Struct, frozen=True):
    """The verdict, with enough to explain and replay it.

    `blind` says that a rule needs the path, which a tunnel hides: the connection must be inspected.
    """

    action: Action
    rule: str
    tier: Tier
    reason: str
    categories: tuple[str, ...]
    profile: str
    inspect: bool
    safe_search: bool
    scan: bool
    log_level: int
    snapshot: str
    blind: bool = False


class Considered(msgspec.Struct, frozen=True):
    """One rule, and why it did or didn't apply."""

    rule: str
    tier: Tier
    action: Action | None
    applied: bool
    why: str


class Explanation(msgspec.Struct, frozen=True):
    """The decision and every rule that was considered."""

    url: str
    host: str
    decision: Decision
    matched: dict[str, list[str]]
    considered: list[Considered]
    embedded: list[str]
