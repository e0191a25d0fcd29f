"""The log of phones."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from leeward.console.people.roles import May
from leeward.console.phones import actions, queries
from leeward.console.phones.forms import SightingForm
from leeward.console.ui.view import person_of, view

_PAGE = 50


@view(may=May.LOG_PHONES)
def page(request: HttpRequest) -> HttpResponse:
    """Write one down; see what was written down."""
    actor = person_of(request)
    form = SightingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.log(actor, form.sighting())
        messages.success(request, _("It is written down."))
        return redirect("phones:page")
    rows = Paginator(queries.sightings(actor), _PAGE).get_page(request.GET.get("page"))
    return render(
        request, "phones/page.html", {"form": form, "page": rows, "times": actions.TIMES, "days": actions.DAYS}
    )
