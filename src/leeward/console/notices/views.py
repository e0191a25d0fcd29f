"""The notice, and who has accepted it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from leeward.console.notices import actions, queries
from leeward.console.notices.forms import NoticeForm
from leeward.console.people.roles import May
from leeward.console.ui.view import person_of, view


@view(may=May.EDIT_NOTICES)
def page(request: HttpRequest) -> HttpResponse:
    """What people read when they sign in at a device, and what they answered."""
    actor = person_of(request)
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.publish(actor, **form.cleaned_data)
        messages.success(request, _("It counts now. Everybody for whom it is is asked when they sign in next."))
        return redirect("notices:page")
    return render(request, "notices/page.html", {"form": form, "standing": queries.standing(actor)})
