"""Pages about what happens."""

import csv
import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.config import ConfigError
from leeward.console.activity import actions, queries
from leeward.console.activity.forms import ExplainForm, LogForm, PurposeForm
from leeward.console.activity.models import Answer
from leeward.console.people.models import Person
from leeward.console.people.queries import one, token_of
from leeward.console.people.roles import May
from leeward.console.rules.queries import profile_names, shelf
from leeward.console.ui.charts import Column, columns
from leeward.console.ui.csv_cells import plain_cell
from leeward.console.ui.view import person_of, view
from leeward.gates.web.content import Spoken, spoken_of
from leeward.identity.subjects import make_subject
from leeward.policy.compile import load_current
from leeward.policy.decide import explain
from leeward.policy.model import Explanation, Moment, Request
from leeward.policy.search import term_of
from leeward.policy.snapshot import BadSnapshot
from leeward.policy.url import BadURL, lenient

_REQUESTS = 50  # on a page
_COLUMNS = ("who", "attribution", "seat", "group", "client", "device", "url", "term", "action", "verdict", "categories",
            "status", "findings")  # fmt: skip


@view(may=May.SEE_ACTIVITY)
def live(request: HttpRequest) -> HttpResponse:
    """What happens now, without the noise that a page brings along (images, scripts)."""
    action = action if (action := request.GET.get("action", "")) in ("block", "warn", "error") else ""
    rows = queries.live(person_of(request), level=queries.PAGES, action=action)
    context = {"rows": rows, "action": action, "paused": "paused" in request.GET}
    return render(request, "activity/live.html", context)


@view(may=May.SEE_REQUESTS)
def requests(request: HttpRequest) -> HttpResponse:
    """What people said on block pages."""
    actor = person_of(request)
    rights = {"with_names": actor.may(May.SEE_ACTIVITY), "can_open": actor.may(May.EDIT_RULES)}
    answered = "answered" in request.GET
    rows = Paginator(queries.requests(actor, answered=answered), _REQUESTS).get_page(request.GET.get("page"))
    context = {"page": rows, "answered": answered, "outcomes": Answer.Outcome.choices, **rights}
    return render(request, "activity/requests.html", context)


@require_POST
@view(may=May.SEE_REQUESTS)
def answer(request: HttpRequest, event: str) -> HttpResponse:
    """Words from a block page were dealt with, or wait again."""
    actor = person_of(request)
    asked = request.POST.get("outcome", "")
    rows = queries.requests(actor, answered=not asked)
    row = next((row for row in rows if row["id"] == event), None)
    if row is None:
        messages.info(request, _("Somebody else has just dealt with it."))
    elif not asked:
        actions.take_back(actor, event, row["host"])
        messages.success(request, _("It waits again."))
    elif asked in Answer.Outcome.values:
        actions.answer(actor, event, row["host"], Answer.Outcome(asked))
        messages.success(request, _("It is dealt with. It can be taken back under “Dealt with”."))
    return redirect("activity:requests")


@view(may=May.SEE_ACTIVITY)
def search(request: HttpRequest) -> HttpResponse:
    """The log."""
    form = LogForm(request.GET or None)
    context: dict[str, object] = {"form": form}
    if request.GET and (what := _asked(form)):
        number = max(int(text) if (text := request.GET.get("page", "1")).isdecimal() and len(text) < 6 else 1, 1)
        rows, more = queries.search(person_of(request), what, page=number)
        query = request.GET.copy()
        query.pop("page", None)
        context |= {"rows": rows, "page": number, "more": more, "query": query.urlencode(), "purpose": what.purpose}
    return render(request, "activity/search.html", context)


def _asked(form: LogForm) -> queries.Search | None:
    """What a form asks the log; None if it is not right, which it then says."""
    if not form.is_valid():
        return None
    data = form.cleaned_data
    person = token_of(data["who"]) if data["who"] else ""
    if data["who"] and not person:
        form.add_error("who", _("Nobody is known by this name or log-in, or more than one person is."))
        return None
    since = (data["since"] or timezone.now() - dt.timedelta(days=7)).timestamp()
    until = (data["until"] or timezone.now() + dt.timedelta(days=1)).timestamp()
    keys = ("client", "host", "term", "action", "attribution")
    asked = {"person": person, **{key: data[key] or "" for key in keys}}
    return queries.Search(asked, data["who"], since, until, data["purpose"])


@view(may=May.SEE_ACTIVITY)
def table(request: HttpRequest) -> HttpResponse:
    """What was found in the log, as CSV."""
    what = _asked(LogForm(request.GET))
    if what is None:
        return redirect(f"{reverse('activity:search')}?{request.GET.urlencode()}")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="leeward-log.csv"'
    response["Cache-Control"] = "no-store"
    out = csv.writer(response)
    out.writerow(("when", *_COLUMNS))
    for row in queries.export(person_of(request), what):
        out.writerow([row["when"].isoformat(timespec="seconds"), *(plain_cell(row[name]) for name in _COLUMNS)])
    return response


@view(may=May.SEE_ACTIVITY)
def day(request: HttpRequest, token: str, date: dt.date) -> HttpResponse:
    """One person's day: a picture and every page."""
    person = get_object_or_404(Person, token=token)
    form = PurposeForm(request.GET or None)
    context = {"form": form, "person": person, "date": date}
    if request.GET and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        rows = queries.day(person_of(request), person, date, purpose=purpose)
        hours = [[row for row in rows if row["when"].hour == hour] for hour in range(24)]
        split = [Column(f"{hour:02}", len(here), sum(row["action"] in ("block", "warn") for row in here))
                 for hour, here in enumerate(hours)]  # fmt: skip
        step = dt.timedelta(days=1)
        context |= {"rows": rows, "picture": columns(_("Pages by hour"), split), "purpose": purpose,
                    "before": date - step, "after": date + step}  # fmt: skip
    return render(request, "activity/day.html", context)


@view(may=May.EXPLAIN)
def why(request: HttpRequest) -> HttpResponse:
    """Why is this blocked? And which lists hold it?"""
    asked = request.POST if request.method == "POST" else request.GET.copy()
    if request.method != "POST":  # a link from elsewhere names the address alone; words never stand in addresses
        asked.pop("says", None)
        if asked:
            asked.setdefault("profile", next(iter(profile_names()), ""))
    form = ExplainForm(asked or None)
    if not person_of(request).may(May.SEE_PEOPLE):
        del form.fields["who"]
    told: Explanation | None = None
    spoken: Spoken | None = None
    if form.is_bound and form.is_valid():
        try:
            told, spoken = _explain(request, form)
        except BadURL as error:
            form.add_error("url", str(error))
        except Person.DoesNotExist:
            form.add_error("who", _("Nobody has this log-in."))
        except (BadSnapshot, ConfigError) as error:
            form.add_error(None, str(error))
    return render(request, "activity/explain.html", {"form": form, "told": told, "spoken": spoken})


def _explain(request: HttpRequest, form: ExplainForm) -> tuple[Explanation, Spoken | None]:
    data = form.cleaned_data
    target = lenient(data["url"])
    groups = (data["group"],) if data["group"] else ()
    subject = make_subject(profile=data["profile"], groups=groups)
    if data.get("who"):
        subject = one(person_of(request), data["who"]).subject()
    moment = Moment.of(data["at"] or timezone.now(), settings.CONFIG.timezone)
    with load_current(shelf()) as snapshot:
        asked = Request(target, subject, moment, term_of(target))
        spoken = spoken_of(settings.CONFIG, snapshot, asked, data["says"]) if data["says"] or asked.term else None
        return explain(snapshot, asked, url=data["url"]), spoken
