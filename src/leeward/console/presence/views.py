"""Pages about who is here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.console.people.roles import May
from leeward.console.presence import actions, queries
from leeward.console.presence.forms import SeatForm
from leeward.console.ui.view import person_of, view


@view(may=May.SEE_PRESENCE)
def here(request: HttpRequest) -> HttpResponse:
    """Who is signed in at which device, and where nobody is known."""
    actor = person_of(request)
    context = {
        "sessions": queries.sessions(actor),
        "unattributed": queries.unattributed(),
        "can_edit": actor.may(May.EDIT_PRESENCE),
    }
    return render(request, "presence/list.html", context)


@view(may=May.SEE_PRESENCE)
def coverage(request: HttpRequest) -> HttpResponse:
    """Which devices monitoring has not heard of this week."""
    return render(request, "presence/coverage.html", {"told": queries.coverage(person_of(request))})


@require_POST
@view(may=May.EDIT_PRESENCE)
def end(request: HttpRequest) -> HttpResponse:
    """Sign whoever is at a device out."""
    client = request.POST.get("client", "")
    if actions.end(person_of(request), client):
        messages.success(request, _("Nobody is signed in at %(client)s any more.") % {"client": client})
    return redirect("presence:list")


@require_POST
@view(may=May.EDIT_PRESENCE)
def seat(request: HttpRequest) -> HttpResponse:
    """Say who sits at a class log-in's seat."""
    form = SeatForm(request.POST)
    if form.is_valid():
        pupil = form.cleaned_data["who"]
        try:
            actions.put_at_seat(person_of(request), pupil, form.place())
            messages.success(request, _("%(name)s is at this device now.") % {"name": pupil.name})
        except actions.SeatGone:
            messages.error(request, _("No class log-in is at this seat any more. Nothing was changed."))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("presence:list")
