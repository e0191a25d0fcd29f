"""Roles and what each may do. Roles are sets: one person may hold several (requirements T4, G19)."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class May(StrEnum):
    """A permission. Every view and every action names one."""

    SIGN_IN = "console.sign-in"
    SEE_HEALTH = "health.see"
    EDIT_RULES = "rules.edit"
    SEE_RULES = "rules.see"
    EXPLAIN = "rules.explain"
    EDIT_PEOPLE = "people.edit"
    SEE_PEOPLE = "people.see"
    SEE_ACTIVITY = "activity.see"
    SEE_REPORTS = "reports.see"
    SEE_AUDIT = "audit.see"
    SEE_REQUESTS = "requests.see"
    SEE_LISTS = "lists.see"
    EDIT_LISTS = "lists.edit"
    SEE_PRESENCE = "presence.see"
    EDIT_PRESENCE = "presence.edit"
    GIVE_ROLES = "roles.give"
    SEE_ALERTS = "alerts.see"
    ANSWER_ALERTS = "alerts.answer"
    DECIDE_ALERTS = "alerts.decide"
    EDIT_ROUTES = "alerts.routes"
    EDIT_LIBRARY = "library.edit"
    SEE_LIBRARY = "library.see"
    SEE_ALERT_HEALTH = "alerts.health"
    SEE_WEEKLY = "alerts.weekly"
    REVIEW_ACCESS = "oversight.review"
    TAKE_SAMPLES = "oversight.sample"
    SEE_SAMPLES = "oversight.see"
    SEE_RISKS = "alerts.risks"
    END_CONFLICTS = "alerts.conflicts"
    LOG_PHONES = "phones.log"
    EDIT_NOTICES = "notices.edit"


_SAFEGUARDING = frozenset(
    (
        *(May.SIGN_IN, May.SEE_ACTIVITY, May.SEE_REPORTS, May.SEE_PEOPLE, May.SEE_RULES, May.EXPLAIN, May.SEE_REQUESTS),
        *(May.SEE_LISTS, May.SEE_PRESENCE, May.EDIT_PRESENCE),
        *(May.SEE_ALERTS, May.ANSWER_ALERTS, May.DECIDE_ALERTS, May.SEE_LIBRARY, May.EDIT_LIBRARY),
        *(May.SEE_WEEKLY, May.TAKE_SAMPLES, May.SEE_SAMPLES, May.SEE_RISKS, May.END_CONFLICTS),
        May.LOG_PHONES,
    )
)
ROLES: dict[str, frozenset[May]] = {
    "dsl": _SAFEGUARDING | {May.SEE_AUDIT, May.EDIT_PEOPLE, May.GIVE_ROLES, May.EDIT_ROUTES, May.EDIT_NOTICES},
    "deputy-dsl": _SAFEGUARDING,
    "coordinator": _SAFEGUARDING,
    # Sees alerts of their own groups only: queries of alerts see to it.
    "safeguarding-contact": frozenset((May.SIGN_IN, May.SEE_ALERTS, May.ANSWER_ALERTS, May.LOG_PHONES)),
    "it-manager": frozenset(
        (
            *(May.SIGN_IN, May.SEE_HEALTH, May.EDIT_RULES, May.SEE_RULES, May.EXPLAIN, May.EDIT_PEOPLE, May.SEE_PEOPLE),
            *(May.SEE_REQUESTS, May.SEE_LISTS, May.EDIT_LISTS, May.SEE_PRESENCE, May.EDIT_PRESENCE),
            *(May.SEE_ALERT_HEALTH, May.LOG_PHONES),
        )
    ),
    "head": frozenset(
        (
            *(May.SIGN_IN, May.SEE_REPORTS, May.SEE_RULES, May.SEE_LISTS, May.SEE_AUDIT, May.EXPLAIN),
            *(May.SEE_PEOPLE, May.EDIT_PEOPLE, May.GIVE_ROLES),
            # Of alerts only those about staff, and those that came up to the head.
            *(May.SEE_ALERTS, May.ANSWER_ALERTS, May.DECIDE_ALERTS, May.SEE_WEEKLY, May.REVIEW_ACCESS),
            *(May.SEE_SAMPLES, May.EDIT_NOTICES, May.END_CONFLICTS),
        )
    ),
    # Of the steering committee: hears what is about the head (requirements T5).
    "chair": frozenset(
        (
            *(May.SIGN_IN, May.SEE_REPORTS, May.SEE_ALERTS, May.ANSWER_ALERTS, May.DECIDE_ALERTS),
            *(May.SEE_WEEKLY, May.REVIEW_ACCESS, May.SEE_SAMPLES),
        )
    ),
    "governor": frozenset((May.SIGN_IN, May.SEE_REPORTS)),
    "teacher": frozenset((May.SIGN_IN, May.LOG_PHONES, May.EXPLAIN, May.SEE_PRESENCE, May.EDIT_PRESENCE)),
    "senco": frozenset((May.SIGN_IN, May.LOG_PHONES, May.SEE_RULES, May.EXPLAIN, May.SEE_PEOPLE)),
}
TITLES = {
    "dsl": _("Designated safeguarding lead"),
    "deputy-dsl": _("Deputy safeguarding lead"),
    "coordinator": _("Online safety co-ordinator"),
    "safeguarding-contact": _("Safeguarding contact of some groups"),
    "chair": _("Chair of the steering committee"),
    "it-manager": _("IT manager"),
    "head": _("Head teacher"),
    "governor": _("Governor"),
    "teacher": _("Teacher"),
    "senco": _("SENCO"),
}


def can_manage(actor: list[str], other: list[str]) -> bool:
    """Whether somebody may change the account of somebody else, or give these roles.

    Nobody reaches what they may not see by way of an account that they make or take over: the IT manager changes
    accounts of those who may do no more than the IT manager; safeguarding leads and the head change all.
    """
    mine = permissions_of(actor)
    return May.GIVE_ROLES in mine or permissions_of(other) <= mine


def permissions_of(roles: list[str]) -> frozenset[May]:
    """Everything that a set of roles may do."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
