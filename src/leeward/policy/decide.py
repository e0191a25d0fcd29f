"""The one function that decides, and the one that explains it. Pure: values in, a value out."""

from typing import NamedTuple

import msgspec

from leeward.policy import match, services, taxonomy
from leeward.policy.hosts import Host
from leeward.policy.model import (
    Action,
    Considered,
    Decision,
    Explanation,
    Profile,
    Request,
    Rule,
    Subject,
    Tier,
)
from leeward.policy.snapshot import Hit, Snapshot
from leeward.policy.url import Target

_STRICTNESS: dict[Action, int] = {"allow": 0, "warn": 1, "block": 2}
# Where there is no policy at all, everything is blocked: filtering fails closed.
NO_PROFILE = Profile(name="none", action="block", inspect=True)


class Step(NamedTuple):
    """A rule that may apply to a host, with what is settled already."""

    rule: Rule
    host_matched: bool
    dynamic: bool


class Plan(NamedTuple):
    """What is settled for one kind of person and one set of labels: a final decision, or steps to walk."""

    final: Decision | None
    steps: tuple[Step, ...]
    profile: Profile
    categories: tuple[str, ...]


def decide(snapshot: Snapshot, request: Request) -> Decision:
    """The verdict on a request. What a translator, cache or archive would fetch is judged too; the strictest holds."""
    target = request.target
    decision = _decide_one(snapshot, request, target.host)
    if services.may_bring(target):
        for inner in services.embedded(target):
            judged = _judged_inside(snapshot, request, inner, decision)
            if _STRICTNESS[judged.action] > _STRICTNESS[decision.action]:
                decision = judged
        if target.path is None:
            return _blind(decision)
    return decision


def _judged_inside(snapshot: Snapshot, request: Request, inner: Target | None, outer: Decision) -> Decision:
    if inner is None:
        reason = "It holds an address that can't be read."
        return msgspec.structs.replace(outer, action="block", rule="service:unreadable", reason=reason)
    return _decide_one(snapshot, Request(inner, request.subject, request.moment, request.term), inner.host)


def _decide_one(snapshot: Snapshot, request: Request, host: Host) -> Decision:
    hit = snapshot.lookup(host)
    labels = hit.labels
    if hit.urls and request.target.path is not None:
        labels = snapshot.intern(labels | snapshot.lookup_url(host, request.target.path))
    plan = _plan_of(snapshot, request.subject, labels)
    decision = plan.final if plan.final is not None else _walk(snapshot, plan, request)
    if hit.urls and request.target.path is None:
        return _blind(decision)
    return decision


def _plan_of(snapshot: Snapshot, subject: Subject, labels: frozenset[str]) -> Plan:
    key = (subject.facets, labels)
    plan: Plan | None = snapshot.plans.get(key)
    if plan is None:
        if len(snapshot.plans) > 50_000:
            snapshot.plans.clear()
        plan = snapshot.plans[key] = _make_plan(snapshot, subject, labels)
    return plan


def _make_plan(snapshot: Snapshot, subject: Subject, labels: frozenset[str]) -> Plan:
    profile = snapshot.profiles.get(subject.profile, NO_PROFILE)
    categories = tuple(sorted(label for label in labels if ":" not in label))
    if sealed := sorted(taxonomy.sealed() & labels):
        return Plan(_sealed(snapshot, profile, categories, sealed[0]), (), profile, categories)
    steps = tuple(
        Step(rule, _host_matched(rule, labels), match.dynamic(rule))
        for rule in snapshot.policy.rules
        if not match.is_about_content(rule) and not _who_why_not(rule, subject) and _could_match(rule, labels)
    )
    plan = Plan(None, steps, profile, categories)
    if not any(step.dynamic for step in steps):
        return Plan(_compose(snapshot, plan, [step.rule for step in steps], blind=False), (), profile, categories)
    return plan


def _sealed(snapshot: Snapshot, profile: Profile, categories: tuple[str, ...], category: str) -> Decision:
    reason = "This page is not allowed anywhere." if category != "probe" else "This is a test page of the filter."
    return Decision(
        "block", f"sealed:{category}", "sealed", reason, categories, profile.name,
        inspect=True, safe_search=True, scan=True, log_level=5, snapshot=snapshot.name,
    )  # fmt: skip


def _walk(snapshot: Snapshot, plan: Plan, request: Request) -> Decision:
    applied: list[Rule] = []
    blind = False
    is_private = not taxonomy.private().isdisjoint(plan.categories)
    for rule, host_matched, is_dynamic in plan.steps:
        if not is_dynamic or not match.why_not(rule, request, host_matched=host_matched):
            applied.append(rule)
        elif match.needs_path(rule, request, host_matched=host_matched) and not any(r.action for r in applied):
            if match.is_general(rule) and (is_private or any(r.inspect is False for r in applied)):
                continue
            blind = True
            if rule.action == "allow" and request.subject.has_ca:
                # An opened page on a closed host: let the tunnel begin, so that the page can be seen.
                applied.append(rule)
    return _compose(snapshot, plan, applied, blind=blind)


def _compose(snapshot: Snapshot, plan: Plan, applied: list[Rule], *, blind: bool) -> Decision:
    profile = plan.profile
    verdict = next((rule for rule in applied if rule.action is not None), None)
    inspect = next((rule.inspect for rule in applied if rule.inspect is not None), None)
    safe = next((rule.safe_search for rule in applied if rule.safe_search is not None), profile.safe_search)
    level = next((rule.log_level for rule in applied if rule.log_level is not None), profile.log_level)
    action: Action = profile.action
    if verdict is not None and verdict.action is not None:
        action = verdict.action
    if inspect is None:
        inspect = profile.inspect and taxonomy.private().isdisjoint(plan.categories)
    return Decision(
        action,
        verdict.id if verdict else f"default:{profile.name}",
        verdict.tier if verdict else "default",
        verdict.reason if verdict else _default_reason(action),
        plan.categories,
        profile.name,
        inspect=inspect or action != "allow" or blind,
        safe_search=safe,
        scan=profile.scan,
        log_level=max(level, 4) if action != "allow" else level,
        snapshot=snapshot.name,
        blind=blind,
    )


def _default_reason(action: Action) -> str:
    return "" if action == "allow" else "Only pages that the school has chosen can be opened here."


def _blind(decision: Decision) -> Decision:
    if decision.blind:
        return decision
    # A privacy class stays closed unless a listed page lies on the host: then the page must be seen.
    return Decision(
        decision.action, decision.rule, decision.tier, decision.reason, decision.categories, decision.profile,
        inspect=True, safe_search=decision.safe_search, scan=decision.scan, log_level=decision.log_level,
        snapshot=decision.snapshot, blind=True,
    )  # fmt: skip


def _who_why_not(rule: Rule, subject: Subject) -> str:
    facets = subject.facets
    for kind, values in _people(rule):
        if values and not any(f"{kind}:{value}" in facets for value in values):
            return f"not for this {kind}"
    return ""


def _people(rule: Rule) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("profile", rule.profiles),
        ("group", rule.groups),
        ("role", rule.roles),
        ("person", rule.persons),
        ("site", rule.sites),
        ("device", rule.devices),
    )


def _host_matched(rule: Rule, labels: frozenset[str]) -> bool:
    if "*" in rule.hosts or f"rule:{rule.id}" in labels:
        return True
    return any(category in labels for category in rule.categories)


def _could_match(rule: Rule, labels: frozenset[str]) -> bool:
    return not (rule.hosts or rule.categories) or _host_matched(rule, labels) or any("/" in host for host in rule.hosts)


def explain(snapshot: Snapshot, request: Request, *, url: str) -> Explanation:
    """The decision, and every rule with why it did or didn't apply."""
    target = request.target
    hit = snapshot.lookup(target.host)
    labels = labels_of(snapshot, target)
    decision = decide(snapshot, request)
    return Explanation(
        url,
        target.host.name,
        decision,
        snapshot.names_of(target.host),
        _considered(snapshot, request, Hit(labels, hit.urls), decision),
        [inner.host.name if inner else "?" for inner in services.embedded(target)],
    )


def _considered(snapshot: Snapshot, request: Request, hit: Hit, decision: Decision) -> list[Considered]:
    sealed = taxonomy.sealed() & hit.labels
    out = [
        Considered(
            "sealed",
            "sealed",
            "block",
            bool(sealed),
            "listed in the sealed tier" if sealed else "not listed in the sealed tier",
        )
    ]
    decided = bool(sealed)
    for rule in snapshot.policy.rules:
        why = _why_not(rule, request, hit.labels)
        if not why and match.is_about_content(rule):
            why = "decides when the text is known"
        applied = not why and not decided
        if not why:
            why = "an earlier rule decided" if decided else "all its conditions hold"
            decided = decided or rule.action is not None
        out.append(Considered(rule.id, rule.tier, rule.action, applied, why))
    tier: Tier = "default"
    action = snapshot.profiles.get(decision.profile, NO_PROFILE).action
    out.append(
        Considered(
            f"default:{decision.profile}",
            tier,
            action,
            not decided,
            "no rule decided" if not decided else "a rule decided",
        )
    )
    return out


def labels_of(snapshot: Snapshot, target: Target) -> frozenset[str]:
    """Everything that the lists and rules say of an address."""
    hit = snapshot.lookup(target.host)
    if hit.urls and target.path is not None:
        return hit.labels | snapshot.lookup_url(target.host, target.path)
    return hit.labels


def rule_applies(rule: Rule, request: Request, labels: frozenset[str]) -> bool:
    """Whether who, where, when and the address are as a rule wants them."""
    return not _why_not(rule, request, labels)


def _why_not(rule: Rule, request: Request, labels: frozenset[str]) -> str:
    if why := _who_why_not(rule, request.subject):
        return why
    if not _could_match(rule, labels):
        return "another category or address"
    return match.why_not(rule, request, host_matched=_host_matched(rule, labels))
