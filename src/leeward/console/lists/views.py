"""Pages about lists."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.console.lists import actions, queries
from leeward.console.lists.forms import LookUpForm
from leeward.console.people.roles import May
from leeward.console.ui.view import person_of, view
from leeward.policy.snapshot import BadSnapshot
from leeward.policy.url import BadURL


@view(may=May.SEE_LISTS)
def lists(request: HttpRequest) -> HttpResponse:
    """Every list: what it holds, where it is from, when it came, what is wrong with it."""
    can_edit = person_of(request).may(May.EDIT_LISTS)
    return render(request, "lists/list.html", {**queries.overview(), "can_edit": can_edit})


@require_POST
@view(may=May.EDIT_LISTS)
def bring(request: HttpRequest) -> HttpResponse:
    """Ask for every list now."""
    actions.bring(person_of(request))
    messages.success(request, _("The lists are being asked for. This page shows how far it is."))
    return redirect("lists:list")


@view(may=May.EXPLAIN)
def look_up(request: HttpRequest) -> HttpResponse:
    """As what is a site listed?"""
    form = LookUpForm(request.GET or None)
    host = ""
    found: list[queries.Listed] = []
    if request.GET and form.is_valid():
        try:
            host, found = queries.look_up(form.cleaned_data["name"])
        except BadURL as error:
            form.add_error("name", str(error))
        except BadSnapshot as error:
            form.add_error(None, str(error))
    return render(request, "lists/look_up.html", {"form": form, "host": host, "found": found})
