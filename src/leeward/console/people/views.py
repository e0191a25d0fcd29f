"""Pages about people."""

import base64
import zlib

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from leeward.console.people import queries, upload
from leeward.console.people.actions import carry_out, save_person
from leeward.console.people.forms import PersonForm, UploadForm
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.console.rules.queries import profile_names
from leeward.console.ui.view import person_of, view

_FILE_BYTES = 10 * 1024 * 1024


@view(may=May.SEE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, searched."""
    asked = {"text": request.GET.get("text", "").strip(), "kind": request.GET.get("kind", "")}
    page = Paginator(queries.search(person_of(request), **asked), 50).get_page(request.GET.get("page"))
    can_edit = person_of(request).may(May.EDIT_PEOPLE)
    return render(
        request, "people/list.html", {"page": page, "asked": asked, "kinds": Person.Kind.choices, "can_edit": can_edit}
    )


@view(may=May.EDIT_PEOPLE)
@sensitive_post_parameters()
def edit(request: HttpRequest, login: str = "") -> HttpResponse:
    """Add or change somebody."""
    actor = person_of(request)
    try:
        person = queries.one(actor, login) if login else Person()
    except Person.DoesNotExist as error:
        raise Http404 from error
    form = PersonForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        if person.pk == actor.pk and set(form.cleaned_data["roles"]) - set(form.initial.get("roles", [])):
            form.add_error("roles", _("Nobody gives a role to themselves: ask somebody else who manages people."))
        else:
            saved = form.save(commit=False)
            saved.groups, saved.roles = form.cleaned_data["groups"], form.cleaned_data["roles"]
            save_person(actor, saved, password=form.cleaned_data["password"], changed=form.changed_data)
            messages.success(request, _("Saved."))
            return redirect("people:list")
    return render(request, "people/edit.html", {"form": form, "person": person})


@view(may=May.EDIT_PEOPLE)
def load(request: HttpRequest) -> HttpResponse:
    """A file of people: a dry run, then the real one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and "confirmed" in request.POST:
        return _carry_out(request)
    plan, packed = None, ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read(_FILE_BYTES + 1)
        try:
            if len(data) > _FILE_BYTES:
                raise upload.BadFile(_("The file is larger than 10 MB."))
            plan = upload.plan(upload.read(data), profiles=set(profile_names()), leavers=form.cleaned_data["leavers"])
            packed = base64.b64encode(zlib.compress(data)).decode()
        except upload.BadFile as error:
            form.add_error("file", str(error))
    context = {"form": form, "plan": plan, "packed": packed, "leavers": request.POST.get("leavers", "")}
    return render(request, "people/load.html", context)


def _carry_out(request: HttpRequest) -> HttpResponse:
    try:
        data = zlib.decompressobj().decompress(base64.b64decode(request.POST["confirmed"]), _FILE_BYTES)
        plan = upload.plan(upload.read(data), profiles=set(profile_names()), leavers=bool(request.POST.get("leavers")))
    except (ValueError, zlib.error):
        messages.error(request, _("The file did not arrive whole. Choose it again."))
        return redirect("people:load")
    counts = carry_out(person_of(request), plan)
    total = counts["new"] + counts["changed"]
    messages.success(
        request, ngettext("%(n)d person was taken over.", "%(n)d people were taken over.", total) % {"n": total}
    )
    return redirect("people:list")
