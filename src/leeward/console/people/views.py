"""Pages about people."""

import base64
import csv
import zlib

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from leeward.console.people import actions, queries, upload
from leeward.console.people.actions import carry_out, save_person
from leeward.console.people.forms import PersonForm, UploadForm
from leeward.console.people.models import Person
from leeward.console.people.roles import May, can_manage
from leeward.console.rules.queries import profile_names
from leeward.console.ui.csv_cells import plain_cell
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
    if login and person.pk != actor.pk and not can_manage(actor.roles, person.roles):
        messages.error(request, _("Only a safeguarding lead or the head changes this account."))
        return redirect("people:list")
    form = PersonForm(request.POST or None, instance=person, actor=actor)
    if request.method == "POST" and form.is_valid():
        if person.pk == actor.pk and set(form.cleaned_data["roles"]) - set(form.initial.get("roles", [])):
            form.add_error("roles", _("Nobody gives a role to themselves: ask somebody else who manages people."))
        else:
            saved = form.save(commit=False)
            saved.groups, saved.roles = form.cleaned_data["groups"], form.cleaned_data["roles"]
            save_person(actor, saved, password=form.cleaned_data["password"], changed=form.changed_data)
            messages.success(request, _("Saved."))
            return redirect("people:list")
    return render(request, "people/edit.html", {"form": form, "person": person, "is_me": person.pk == actor.pk})


@require_POST
@view(may=May.EDIT_PEOPLE)
def drop_factors(request: HttpRequest, login: str) -> HttpResponse:
    """Take somebody's second factors away, for whoever lost them."""
    actor = person_of(request)
    try:
        person = queries.one(actor, login)
    except Person.DoesNotExist as error:
        raise Http404 from error
    actions.drop_factors(actor, person)
    messages.success(request, _("%(name)s sets up a second factor at the next sign-in.") % {"name": person.name})
    return redirect("people:edit", login=person.login)


@view(may=May.EDIT_PEOPLE)
def passwords(request: HttpRequest) -> HttpResponse:
    """Starting passwords for pupils who have none, as a CSV file that is made once."""
    if request.method != "POST":
        return render(request, "people/passwords.html", {"waiting": queries.without_password(person_of(request))})
    made = actions.make_passwords(person_of(request), request.POST.get("group", "").strip())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="passwords.csv"'
    response["Cache-Control"] = "no-store"
    out = csv.writer(response)
    out.writerow(["login", "name", "groups", "password"])
    for person, password in made:
        out.writerow([plain_cell(text) for text in (person.login, person.name, ", ".join(person.groups), password)])
    return response


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
    changes = [(person, plan.told[person.login]) for person in plan.changed] if plan else []
    context = {"form": form, "plan": plan, "changes": changes, "packed": packed}
    context["leavers"] = request.POST.get("leavers", "")
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
