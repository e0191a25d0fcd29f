"""The audit log's page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leeward.console.audit.queries import entries
from leeward.console.people.roles import May
from leeward.console.ui.view import person_of, view


@view(may=May.SEE_AUDIT)
def log(request: HttpRequest) -> HttpResponse:
    """Every change and every look."""
    asked = {name: request.GET.get(name, "").strip() for name in ("action", "who", "subject")}
    found = entries(person_of(request), action=asked["action"], who=asked["who"], subject=asked["subject"])
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "audit/log.html", {"page": page, "asked": asked})
