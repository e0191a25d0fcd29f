"""Pages about rules."""

import re

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.console.people.roles import May
from leeward.console.rules import actions, queries
from leeward.console.rules.forms import ProfileForm, RuleForm, SchoolForm, initial_of, mark_of
from leeward.console.rules.models import Version
from leeward.console.ui.view import person_of, view
from leeward.policy.compile import PolicyError
from leeward.policy.model import Rule
from leeward.policy.snapshot import BadSnapshot


@view(may=May.SEE_RULES)
def rules(request: HttpRequest) -> HttpResponse:
    """The draft, and what was published."""
    context = {
        "policy": queries.draft(), "versions": queries.versions()[:10], "is_changed": queries.is_changed(),
        "can_edit": person_of(request).may(May.EDIT_RULES),
    }  # fmt: skip
    return render(request, "rules/list.html", context)


@view(may=May.EDIT_RULES)
def edit(request: HttpRequest, identifier: str = "") -> HttpResponse:
    """Add or change a rule of the draft."""
    rule = queries.rule(identifier) if identifier else None
    if identifier and rule is None and request.method != "POST":
        raise Http404
    form = RuleForm(request.POST or None, initial=initial_of(rule) if rule else _opening(request.GET.get("host", "")))
    if request.method == "POST" and form.is_valid() and _is_as_seen(form, rule):
        try:
            actions.save_rule(person_of(request), form.rule(rule), replaces=identifier)
        except PolicyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved in the draft. It counts when you publish it."))
            return redirect("rules:list")
    return render(request, "rules/edit.html", {"form": form, "rule": rule})


_NEW = {"action": "block"}


def _is_as_seen(form: RuleForm, rule: Rule | None) -> bool:
    """Whether nobody changed the rule since the form was opened; otherwise it says so and keeps what was typed."""
    seen, now = form.cleaned_data["seen"], mark_of(rule) if rule else ""
    if not seen or seen == now:
        return True
    if rule is None:
        why = _("Somebody deleted this rule since you opened it. Save again to add it anew.")
    else:
        why = _("Somebody changed this rule since you opened it. Look at the rules; save again if yours is right.")
    form.add_error(None, why)
    form.data = MultiValueDict({**dict(form.data.lists()), "seen": [now]})  # type: ignore[attr-defined]
    return False


def _opening(host: str) -> dict[str, str]:
    """The form for opening a host that somebody asked for; empty without one."""
    short = re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")[:50]
    return {"id": f"open-{short}", "tier": "temporary", "hosts": host, "action": "allow"} if short else _NEW


@require_POST
@view(may=May.EDIT_RULES)
def change(request: HttpRequest, identifier: str) -> HttpResponse:
    """Move or delete a rule of the draft."""
    actor = person_of(request)
    if queries.rule(identifier) is None:
        raise Http404
    if "delete" in request.POST:
        actions.delete_rule(actor, identifier)
        words = _("Taken out of the draft. Publish to make it count; forget the draft's changes to bring it back.")
        messages.success(request, words)
    else:
        actions.move_rule(actor, identifier, up="up" in request.POST)
    return redirect("rules:list")


@view(may=May.SEE_RULES)
def profiles(request: HttpRequest) -> HttpResponse:
    """Profiles, and what the school is called on block pages."""
    can_edit = person_of(request).may(May.EDIT_RULES)
    policy = queries.draft()
    initial = {name: getattr(policy, name) for name in SchoolForm.base_fields}
    form = SchoolForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.save_school(person_of(request), form.cleaned_data)
        messages.success(request, _("Saved in the draft. It counts when you publish it."))
        return redirect("rules:profiles")
    return render(request, "rules/profiles.html", {"policy": policy, "form": form, "can_edit": can_edit})


@view(may=May.EDIT_RULES)
def edit_profile(request: HttpRequest, name: str = "") -> HttpResponse:
    """Add, change or delete a profile of the draft."""
    profile = queries.profile(name) if name else None
    if name and profile is None:
        raise Http404
    form = ProfileForm(request.POST or None, initial=msgspec.structs.asdict(profile) if profile else {})
    if request.method == "POST" and ("delete" in request.POST or form.is_valid()):
        try:
            if "delete" in request.POST:
                actions.delete_profile(person_of(request), name)
            else:
                actions.save_profile(person_of(request), form.profile(), replaces=name)
        except PolicyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved in the draft. It counts when you publish it."))
            return redirect("rules:profiles")
    return render(request, "rules/profile.html", {"form": form, "profile": profile})


@require_POST
@view(may=May.EDIT_RULES)
def discard(request: HttpRequest) -> HttpResponse:
    """Forget the draft's changes."""
    actions.discard(person_of(request))
    messages.success(request, _("The draft is again what holds."))
    return redirect("rules:list")


@require_POST
@view(may=May.EDIT_RULES)
def publish(request: HttpRequest) -> HttpResponse:
    """The draft becomes what holds."""
    try:
        version = actions.publish(person_of(request), note=request.POST.get("note", "")[:300])
        messages.success(request, _("Published as version %(n)d. It holds within a second.") % {"n": version.pk})
    except (PolicyError, BadSnapshot) as error:
        messages.error(request, _("Nothing was changed: %(why)s") % {"why": error})
    return redirect("rules:list")


@require_POST
@view(may=May.EDIT_RULES)
def roll_back(request: HttpRequest, number: int) -> HttpResponse:
    """An earlier version holds again."""
    version = get_object_or_404(Version, pk=number)
    try:
        fresh = actions.roll_back(person_of(request), version)
        messages.success(
            request, _("Version %(old)d holds again, as version %(new)d.") % {"old": version.pk, "new": fresh.pk}
        )
    except (PolicyError, BadSnapshot) as error:
        messages.error(request, _("Nothing was changed: %(why)s") % {"why": error})
    return redirect("rules:list")
