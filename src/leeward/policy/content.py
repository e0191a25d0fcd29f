"""What a page may say: findings of its text, decided by rules on themes and by the profile. Pure.

Rules with a theme or a severity are content rules: they say nothing before the text is known, and nothing else decides
about text. They hold top down like all rules, each finding on its own; the strictest answer counts.
"""

from collections.abc import Iterable
from typing import NamedTuple

from leeward.policy import match
from leeward.policy.decide import NO_PROFILE, labels_of, rule_applies
from leeward.policy.model import Action, Request, Rule
from leeward.policy.snapshot import Snapshot


class Found(NamedTuple):
    """What a text speaks of, and how grave that is: 1 to 5. `own`: somebody's own words."""

    theme: str
    severity: int
    own: bool = False


class ContentDecision(NamedTuple):
    """What happens to a text. `rule`: the rule, or `content:PROFILE` where the profile's threshold decided."""

    action: Action
    rule: str = ""
    reason: str = ""
    theme: str = ""


_ALLOWED = ContentDecision("allow")


def decide_content(snapshot: Snapshot, request: Request, found: Iterable[Found]) -> ContentDecision:
    """Whether a text with these findings may pass. Whether it alerts is another question (F19).

    A profile's threshold is for what people read and search; their own words pass unless a rule says otherwise: who is
    silenced is no longer heard.
    """
    rules = [rule for rule in snapshot.policy.rules if match.is_about_content(rule)]
    labels = labels_of(snapshot, request.target) if rules else frozenset[str]()
    rules = [rule for rule in rules if rule_applies(rule, request, labels)]
    profile = snapshot.profiles.get(request.subject.profile, NO_PROFILE)
    for one in sorted(found, key=lambda item: -item.severity):
        rule = next((rule for rule in rules if _is_about(rule, one)), None)
        if rule is not None:
            if rule.action == "block":
                return ContentDecision("block", rule.id, rule.reason, one.theme)
        elif profile.block_from and not one.own and one.severity >= profile.block_from:
            return ContentDecision("block", f"content:{profile.name}", "", one.theme)
    return _ALLOWED


def _is_about(rule: Rule, found: Found) -> bool:
    if rule.themes and found.theme not in rule.themes:
        return False
    if rule.severity is None:
        return True
    return found.severity <= rule.severity if rule.action == "allow" else found.severity >= rule.severity
