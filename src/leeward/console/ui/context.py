"""Navigation: each role sees only its own work."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leeward.console.people.models import Person
from leeward.console.people.roles import May

ITEMS = (
    ("accounts:home", _("Home"), May.SIGN_IN),
    ("activity:live", _("Live"), May.SEE_ACTIVITY),
    ("activity:search", _("Log"), May.SEE_ACTIVITY),
    ("activity:explain", _("Why blocked?"), May.EXPLAIN),
    ("rules:list", _("Rules"), May.SEE_RULES),
    ("people:list", _("People"), May.SEE_PEOPLE),
    ("reports:overview", _("Report"), May.SEE_REPORTS),
    ("audit:log", _("Audit"), May.SEE_AUDIT),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """What this person may go to."""
    user = getattr(request, "user", None)
    items = [(name, title) for name, title, may in ITEMS if user.may(may)] if isinstance(user, Person) else []
    return {"navigation": items}
