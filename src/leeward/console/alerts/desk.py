"""Pages on which the school sets who is told and what is looked for."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.console.alerts import actions, library, precision, queries
from leeward.console.alerts.forms import AdditionForm, ContactForm, ExclusionForm, HoursForm, RouteForm
from leeward.console.alerts.models import Addition, Conflict, Contact, Exclusion, Hours, Route, Term
from leeward.console.people.models import Person
from leeward.console.people.roles import TITLES, May
from leeward.console.ui.view import person_of, view
from leeward.gates.web.scan import library_folder
from leeward.text import updates
from leeward.text.packs import BadPack

_YEAR = dt.timedelta(days=365)


@view(may=May.EDIT_ROUTES)
def routes(request: HttpRequest) -> HttpResponse:
    """Who is told of what; how people are reached; hours and terms; conflicts."""
    people = [one for one in Person.objects.filter(kind="staff", is_active=True) if one.may(May.SEE_ALERTS)]
    contacts = {one.person_id: one for one in Contact.objects.all()}
    context = {
        "routes": [
            (route, [queries.title_of(theme) for theme in route.themes], [_title(name) for name in route.people])
            for route in Route.objects.all()
        ],
        "people": [
            (one, contacts.get(one.pk), [TITLES[role] for role in one.roles if role in TITLES]) for one in people
        ],
        "hours": Hours.objects.first(), "terms": Term.objects.all(),
    }  # fmt: skip
    return render(request, "alerts/routes.html", context)


def _title(name: str) -> str:
    role = name.removeprefix("role:")
    return str(TITLES.get(role, role)) if name.startswith("role:") else name


@view(may=May.EDIT_ROUTES)
def route(request: HttpRequest, number: int = 0) -> HttpResponse:
    """One route."""
    known = get_object_or_404(Route, pk=number) if number else None
    form = RouteForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        actions.save_route(person_of(request), form.save(commit=False))
        messages.success(request, _("The route counts from now on."))
        return redirect("alerts:routes")
    return render(request, "alerts/form.html", {"form": form, "title": _("Who is told"), "back": "alerts:routes"})


@require_POST
@view(may=May.EDIT_ROUTES)
def change_route(request: HttpRequest, number: int) -> HttpResponse:
    """A route is taken out, or goes up."""
    get_object_or_404(Route, pk=number)
    if "up" in request.POST:
        actions.raise_route(person_of(request), number)
    else:
        actions.delete_route(person_of(request), number)
        messages.success(request, _("The route is gone. The lead, the deputy and the head are told instead."))
    return redirect("alerts:routes")


@view(may=May.EDIT_ROUTES)
def contact(request: HttpRequest, login: str) -> HttpResponse:
    """How one person is reached."""
    person = get_object_or_404(Person, login=login, kind="staff")
    known = Contact.objects.filter(person=person).first() or Contact(person=person)
    form = ContactForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        actions.save_contact(person_of(request), form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("alerts:routes")
    return render(request, "alerts/form.html", {"form": form, "title": person.name, "back": "alerts:routes"})


@view(may=May.EDIT_ROUTES)
def hours(request: HttpRequest) -> HttpResponse:
    """School hours, terms, digests."""
    known = Hours.objects.first()
    terms = "\n".join(f"{one.name}, {one.first}, {one.last}" for one in Term.objects.all())
    form = HoursForm(request.POST or None, instance=known, initial={"terms": terms})
    if request.method == "POST" and form.is_valid():
        actions.save_hours(person_of(request), form.save(commit=False), form.cleaned_data["terms"])
        messages.success(request, _("Saved."))
        return redirect("alerts:routes")
    return render(request, "alerts/form.html", {"form": form, "title": _("Hours and terms"), "back": "alerts:routes"})


@view(may=May.END_CONFLICTS)
def conflicts(request: HttpRequest) -> HttpResponse:
    """Who must not learn of whom; one's own, and those about oneself, are for others."""
    actor = person_of(request)
    rows = Conflict.objects.select_related("about", "staff").exclude(staff=actor).exclude(about=actor)
    return render(request, "alerts/conflicts.html", {"conflicts": rows})


@require_POST
@view(may=May.END_CONFLICTS)
def end_conflict(request: HttpRequest, number: int) -> HttpResponse:
    """A conflict of somebody else is over."""
    get_object_or_404(Conflict, pk=number)
    actions.end_conflict(person_of(request), number)
    return redirect("alerts:conflicts")


# --- what is looked for ---


@view(may=May.SEE_LIBRARY)
def book(request: HttpRequest) -> HttpResponse:
    """How often the library was right, what the school does without, and what it added."""
    since = timezone.now() - _YEAR
    actor = person_of(request)
    context = {
        "themes": [(queries.title_of(row.name), row) for row in precision.by_theme(since)],
        "entries": precision.by_entry(since)[:30], "retire": precision.for_retirement(since),
        "agreement": precision.agreement(since),
        "exclusions": Exclusion.objects.filter(ended=None).select_related("by"),
        "ended": Exclusion.objects.exclude(ended=None).select_related("by")[:20],
        "additions": [(one, queries.title_of(one.theme)) for one in Addition.objects.all()],
        "about": updates.about(library_folder(settings.CONFIG)), "can_edit": actor.may(May.EDIT_LIBRARY),
    }  # fmt: skip
    return render(request, "alerts/library.html", context)


@view(may=May.EDIT_LIBRARY)
def exclude(request: HttpRequest) -> HttpResponse:
    """Do without an entry."""
    form = ExclusionForm(request.POST or None, initial={"entry": request.GET.get("entry", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = library.exclude(person_of(request), data["entry"], reason=data["reason"], group=data["group"])
        told = _("%(entry)s is left out from now on, and backwards: open alerts that it closed: %(n)s.")
        messages.success(request, told % {"entry": made.entry, "n": made.closed.count()})
        return redirect("alerts:library")
    return render(
        request, "alerts/form.html", {"form": form, "title": _("Leave an entry out"), "back": "alerts:library"}
    )


@require_POST
@view(may=May.EDIT_LIBRARY)
def include(request: HttpRequest, number: int) -> HttpResponse:
    """Look for an entry again."""
    get_object_or_404(Exclusion, pk=number, ended=None)
    count = library.include(person_of(request), number)
    messages.success(request, _("It is looked for again. %(n)s alerts are open again.") % {"n": count})
    return redirect("alerts:library")


@view(may=May.EDIT_LIBRARY)
def add(request: HttpRequest) -> HttpResponse:
    """Look for more."""
    form = AdditionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        addition = form.save(commit=False)
        addition.by = person_of(request)
        try:
            library.add(person_of(request), addition)
            messages.success(request, _("It is looked for from now on."))
            return redirect("alerts:library")
        except BadPack as fault:
            form.add_error("phrases", str(fault))
    return render(request, "alerts/form.html", {"form": form, "title": _("Look for more"), "back": "alerts:library"})


@require_POST
@view(may=May.EDIT_LIBRARY)
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """One of the school's own entries is no longer looked for."""
    get_object_or_404(Addition, pk=number)
    library.remove(person_of(request), number)
    return redirect("alerts:library")
