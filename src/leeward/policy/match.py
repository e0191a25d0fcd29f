"""Conditions that can't be settled before the request is seen: time, path, search terms."""

import ipaddress
import re
from datetime import time
from functools import lru_cache
from typing import NamedTuple

from leeward.policy.model import WEEKDAYS, Moment, Request, Rule, When
from leeward.policy.paths import pattern_path, readings, under
from leeward.policy.search import engine_of, plain_words


def in_window(window: When, moment: Moment) -> bool:
    """Whether a moment lies in a window."""
    if window.until is not None and moment.epoch >= window.until.timestamp():
        return False
    if window.first is not None and moment.day < window.first:
        return False
    if window.last is not None and moment.day > window.last:
        return False
    return _in_week(window, moment.minute)


def _in_week(window: When, minute: int) -> bool:
    day, clock = divmod(minute, 1440)
    start = _minutes(window.start, 0)
    end = _minutes(window.end, 1440)
    if start < end:
        return start <= clock < end and _has_day(window, day)
    # Over midnight: the evening belongs to its day, the morning to the day before.
    return (clock >= start and _has_day(window, day)) or (clock < end and _has_day(window, (day - 1) % 7))


def _minutes(value: time | None, default: int) -> int:
    return default if value is None else value.hour * 60 + value.minute


def _has_day(window: When, day: int) -> bool:
    return not window.days or WEEKDAYS[day] in window.days


class PathPattern(NamedTuple):
    """A host with a path of a rule: example.org/games."""

    host: str
    exact: bool
    path: str


@lru_cache(maxsize=65_536)
def path_pattern(text: str) -> PathPattern:
    """Take a rule's host pattern with a path apart."""
    host, _, path = text.partition("/")
    return PathPattern(host.lstrip("="), host.startswith("="), pattern_path("/" + path))


def path_matches(pattern: PathPattern, host: str, path: str, *, every: bool = False) -> bool:
    """A path pattern is a prefix that ends at a boundary, or a glob if it holds a *.

    `every`: each way of reading the path must match (for what opens); otherwise any way (for what closes).
    """
    if host != pattern.host and (pattern.exact or not host.endswith("." + pattern.host)):
        return False
    decide = all if every else any
    if "*" in pattern.path:
        glob = _glob(pattern.path)
        return decide(glob.match(form) is not None for form in readings(path))
    return decide(under(form, pattern.path) for form in readings(path))


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(piece.lower()) for piece in pattern.split("*")) + r"\Z", re.S)


@lru_cache(maxsize=4096)
def _words(terms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(plain_words(term)) for term in terms) + r")(?!\w)")


def term_matches(terms: tuple[str, ...], asked: str) -> bool:
    """Whether a search holds one of the words."""
    return bool(asked) and bool(_words(terms).search(plain_words(asked)))


def type_matches(types: tuple[str, ...], path: str) -> bool:
    """Whether the path ends in one of the file types."""
    bases = [form.partition("?")[0].rstrip("/") for form in readings(path)]
    return any(base.endswith("." + kind.lower()) for kind in types for base in bases)


@lru_cache(maxsize=65_536)
def network_of(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The network that a host pattern names, if it is an address or CIDR."""
    try:
        return ipaddress.ip_network(text.strip("[]="), strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _patterns(hosts: tuple[str, ...]) -> tuple[PathPattern, ...]:
    return tuple(path_pattern(text) for text in hosts if "/" in text and network_of(text) is None)


def dynamic(rule: Rule) -> bool:
    """Whether the rule has conditions beyond who, where and categories or hosts."""
    return bool(rule.when or rule.terms or rule.file_types or _patterns(rule.hosts))


def is_about_content(rule: Rule) -> bool:
    """Whether a rule decides about text, which nobody knows before it was read."""
    return bool(rule.themes) or rule.severity is not None


def why_not(rule: Rule, request: Request, *, host_matched: bool) -> str:
    """Why the dynamic conditions of a rule fail, or an empty string. `host_matched`: its categories or hosts match."""
    if rule.when and not any(in_window(window, request.moment) for window in rule.when):
        return "outside its times"
    if rule.terms and not term_matches(rule.terms, request.term):
        return "the search holds none of its words"
    path = request.target.path
    if rule.file_types and not (path is not None and type_matches(rule.file_types, path)):
        return "another type of file"
    return _path_why_not(rule, request, host_matched)


def _path_why_not(rule: Rule, request: Request, host_matched: bool) -> str:
    if host_matched or not (rule.hosts or rule.categories):
        return ""
    path, host = request.target.path, request.target.host.name
    opens = rule.action == "allow"
    if path is not None and any(path_matches(pattern, host, path, every=opens) for pattern in _patterns(rule.hosts)):
        return ""
    return "another address"


def needs_path(rule: Rule, request: Request, *, host_matched: bool) -> bool:
    """Whether a tunnel hides what this rule asks for."""
    if request.target.path is not None or (rule.when and not any(in_window(w, request.moment) for w in rule.when)):
        return False
    host = request.target.host.name
    if any(
        host == pattern.host or (not pattern.exact and host.endswith("." + pattern.host))
        for pattern in _patterns(rule.hosts)
    ):
        return True
    if not host_matched and (rule.hosts or rule.categories):
        return False
    return bool(rule.file_types) or (bool(rule.terms) and engine_of(host) is not None)


def is_general(rule: Rule) -> bool:
    """Whether the rule names no site at all: it is no reason to look into what is private."""
    return not (rule.hosts or rule.categories)
