"""Samples: what there is, one to be read, a new one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.console.oversight import actions, queries
from leeward.console.oversight.forms import DayForm, OutcomeForm
from leeward.console.oversight.models import Item, Sample
from leeward.console.people.roles import May
from leeward.console.ui.view import person_of, view


@view(may=May.SEE_SAMPLES)
def samples(request: HttpRequest) -> HttpResponse:
    """What waits to be read; who looks how often."""
    actor = person_of(request)
    context = {
        "samples": queries.samples(actor), "form": DayForm(initial={"day": timezone.localdate()}),
        "lookers": queries.lookers(actor) if actor.may(May.REVIEW_ACCESS) else None,
        "can_draw": actor.may(May.TAKE_SAMPLES),
    }  # fmt: skip
    return render(request, "oversight/list.html", context)


@view(may=May.SEE_SAMPLES)
def sample(request: HttpRequest, number: int) -> HttpResponse:
    """One sample."""
    try:
        found, rows = queries.one(person_of(request), number)
    except Sample.DoesNotExist:
        raise Http404 from None
    return render(request, "oversight/sample.html", {"sample": found, "rows": rows})


@require_POST
@view(may=May.SEE_SAMPLES)
def read(request: HttpRequest, number: int) -> HttpResponse:
    """The outcome of one item."""
    item = Item.objects.filter(pk=number).first()
    if item is None:
        raise Http404
    form = OutcomeForm(request.POST)
    if form.is_valid():
        actions.record(person_of(request), number, form.cleaned_data["outcome"], form.cleaned_data["words"])
    else:
        messages.error(request, _("Choose an outcome."))
    return redirect("oversight:sample", item.sample_id)


@require_POST
@view(may=May.SEE_SAMPLES)
def close(request: HttpRequest, number: int) -> HttpResponse:
    """All was read."""
    try:
        actions.close(person_of(request), number)
        messages.success(request, _("The sample is closed."))
    except Sample.DoesNotExist:
        raise Http404 from None
    except actions.NotRead:
        messages.error(request, _("Every item needs its outcome first."))
    return redirect("oversight:sample", number)


@require_POST
@view(may=May.TAKE_SAMPLES)
def draw(request: HttpRequest) -> HttpResponse:
    """A sample of a day's searches."""
    form = DayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a day that has been."))
        return redirect("oversight:list")
    made = actions.draw_searches(person_of(request), form.cleaned_data["day"])
    return redirect("oversight:sample", made.pk)
