"""Pages for whoever has a worry. They need no account, set no session, keep no address, and are left in one move."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from leeward.console.accounts.actions import signed_client
from leeward.console.alerts.models import Alert
from leeward.console.people.roles import May
from leeward.console.ui.view import person_of, view
from leeward.console.worries import actions
from leeward.console.worries.forms import CodeForm, MoreForm, WorryForm

# Where the quick exit leads: a page that says nothing about what was on the screen.
EXIT = "https://www.bbc.co.uk/weather"
_MANY = lazy(
    "From this device came many worries within the hour. If it is urgent, talk to a member of staff now, "
    "or ring 999 in danger, or Childline on 0800 1111."
)


def _client(request: HttpRequest) -> str:
    return signed_client(request.headers.get("Leeward-Client", ""), request.META.get("REMOTE_ADDR", ""))


def _shown(request: HttpRequest, name: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, f"worries/{name}.html", {"exit": EXIT, **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response


@view(may=None)
def tell(request: HttpRequest) -> HttpResponse:
    """Tell a worry."""
    client = _client(request)
    known = actions.person_at(client)
    form = WorryForm(request.POST or None, name=known.name if known else "", readers=actions.readers())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        is_named = data["named"] == "yes"
        says = data.get("says", "") if is_named else ""
        told = actions.Told(data["words"], data["about"], data["danger"], says, is_named, data.get("reader", ""))
        try:
            code = actions.tell(client, told)
        except actions.TooMany:
            form.add_error(None, _MANY)
        else:
            return _shown(request, "told", {"code": code, "danger": data["danger"]})
    return _shown(request, "tell", {"form": form}, 400 if form.errors else 200)


@view(may=None)
def thread(request: HttpRequest) -> HttpResponse:
    """Come back with the code: read answers, say more. The code travels in the body alone."""
    code = request.POST.get("code", "")
    try:
        worry = actions.find(_client(request), code)
    except actions.TooMany:
        return _shown(request, "code", {"form": CodeForm(), "wait": True}, 429)
    if worry is None:
        form = CodeForm(request.POST if code else None)
        if code and form.is_valid():
            form.add_error("code", _("There is no worry with this code. Look at each letter again."))
        return _shown(request, "code", {"form": form}, 400 if code else 200)
    more = MoreForm(request.POST if "words" in request.POST else None)
    if more.is_bound and more.is_valid():
        try:
            actions.add(_client(request), worry, more.cleaned_data["words"])
        except actions.TooMany:
            more.add_error(None, _MANY)
        else:
            more = MoreForm()
    context = {"worry": worry, "rows": list(worry.messages.all()), "form": more, "code": code}
    return _shown(request, "thread", context)


@require_POST
@view(may=May.ANSWER_ALERTS)
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Staff answer."""
    form = MoreForm(request.POST)
    if form.is_valid():
        try:
            actions.answer(person_of(request), number, form.cleaned_data["words"])
        except (Alert.DoesNotExist, Alert.worry.RelatedObjectDoesNotExist):
            raise Http404 from None
        messages.success(request, _("Your answer is there when they come back with their code."))
    else:
        messages.error(request, _("An answer has some words."))
    return redirect("alerts:see", number)


@view(may=May.SIGN_IN)
def poster(request: HttpRequest) -> HttpResponse:
    """A page to print, with the code that phones read."""
    base = settings.CONFIG.console.public_url or request.build_absolute_uri("/")
    address = base.rstrip("/") + reverse("worries:tell")
    picture = segno.make(address, error="m").svg_inline(scale=6, border=2)
    return render(request, "worries/poster.html", {"address": address, "picture": mark_safe(picture)})  # noqa: S308 - made here
