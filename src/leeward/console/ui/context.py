"""What every page knows: where this person may go, and whether the platform is well."""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.console.ui.view import is_verified
from leeward.upkeep.health import faults, free_bytes, record_faults

ITEMS = (
    ("accounts:home", _("Home"), May.SIGN_IN),
    ("alerts:tray", _("Alerts"), May.SEE_ALERTS),
    ("alerts:risks", _("Risk index"), May.SEE_RISKS),
    ("activity:live", _("Live"), May.SEE_ACTIVITY),
    ("activity:search", _("Log"), May.SEE_ACTIVITY),
    ("activity:requests", _("Requests"), May.SEE_REQUESTS),
    ("activity:explain", _("Why blocked?"), May.EXPLAIN),
    ("lists:look-up", _("Look up"), May.EXPLAIN),
    ("rules:list", _("Rules"), May.SEE_RULES),
    ("lists:list", _("Lists"), May.SEE_LISTS),
    ("people:list", _("People"), May.SEE_PEOPLE),
    ("presence:list", _("Who is here"), May.SEE_PRESENCE),
    ("alerts:library", _("What is looked for"), May.SEE_LIBRARY),
    ("alerts:routes", _("Who is told"), May.EDIT_ROUTES),
    ("phones:page", _("Phone seen"), May.LOG_PHONES),
    ("alerts:conflicts", _("Conflicts"), May.END_CONFLICTS),
    ("notices:page", _("Notice"), May.EDIT_NOTICES),
    ("oversight:list", _("Samples"), May.SEE_SAMPLES),
    ("worries:poster", _("Poster"), May.SIGN_IN),
    ("alerts:health", _("Are alerts told?"), May.SEE_ALERT_HEALTH),
    ("reports:overview", _("Report"), May.SEE_REPORTS),
    ("audit:log", _("Audit"), May.SEE_AUDIT),
)
_SECONDS = 5.0  # an answer about health is good for so long
_known: dict[bool, tuple[float, list[str]]] = {}


def page(request: HttpRequest) -> dict[str, Any]:
    """Where this person may go, and what is not well; nothing before the second factor."""
    user = getattr(request, "user", None)
    if not isinstance(user, Person) or not is_verified(request):
        return {}
    navigation = [(name, title) for name, title, may in ITEMS if user.may(may)]
    return {"navigation": navigation, **(_health(user) if user.may(May.SIGN_IN) else {})}


def _health(user: Person) -> dict[str, Any]:
    """All of it for whoever answers for the machine, faults of the records for all staff."""
    everything = user.may(May.SEE_HEALTH)
    return {
        "faults": _told(everything=everything),
        "sees_health": everything,
        "free_gigabytes": round(free_bytes(settings.CONFIG) / 2**30, 1) if everything else None,
    }


def _told(*, everything: bool) -> list[str]:
    now = time.monotonic()
    at, known = _known.get(everything, (-_SECONDS, []))
    if now - at >= _SECONDS:
        known = faults(settings.CONFIG) if everything else record_faults(settings.CONFIG)
        _known[everything] = (now, known)
    return known
