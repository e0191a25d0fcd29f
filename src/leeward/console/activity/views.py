"""Pages about what happens."""

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from leeward.console.activity import queries
from leeward.console.activity.forms import ExplainForm, LogForm
from leeward.console.people.models import Person
from leeward.console.people.queries import one, token_of
from leeward.console.people.roles import May
from leeward.console.rules.queries import shelf
from leeward.console.ui.view import person_of, view
from leeward.identity.subjects import make_subject
from leeward.policy.compile import load_current
from leeward.policy.decide import explain
from leeward.policy.model import Explanation, Moment, Request
from leeward.policy.search import term_of
from leeward.policy.snapshot import BadSnapshot
from leeward.policy.url import BadURL, lenient

_PAGES = 2  # log levels from here on are not noise (requirements F16)


@view(may=May.SEE_ACTIVITY)
def live(request: HttpRequest) -> HttpResponse:
    """What happens now, without the noise that a page brings along (images, scripts)."""
    action = request.GET.get("action", "")
    rows = queries.live(person_of(request), level=_PAGES, action=action if action in ("block", "warn", "error") else "")
    context = {"rows": rows, "action": action, "paused": "paused" in request.GET}
    return render(request, "activity/live.html", context)


@view(may=May.SEE_REQUESTS)
def requests(request: HttpRequest) -> HttpResponse:
    """What people said on block pages."""
    actor = person_of(request)
    rights = {"with_names": actor.may(May.SEE_ACTIVITY), "can_open": actor.may(May.EDIT_RULES)}
    context = {"rows": queries.requests(actor), **rights}
    return render(request, "activity/requests.html", context)


@view(may=May.SEE_ACTIVITY)
def search(request: HttpRequest) -> HttpResponse:
    """The log."""
    form = LogForm(request.GET or None)
    rows = None
    if request.GET and form.is_valid():
        data = form.cleaned_data
        person = token_of(data["who"]) if data["who"] else ""
        if data["who"] and not person:
            form.add_error("who", _("Nobody is known by this name or log-in, or more than one person is."))
        else:
            since = (data["since"] or timezone.now() - dt.timedelta(days=7)).timestamp()
            until = (data["until"] or timezone.now() + dt.timedelta(days=1)).timestamp()
            asked = {"person": person, **{key: data[key] or "" for key in ("client", "host", "term", "action")}}
            rows = queries.search(
                person_of(request), asked, who=data["who"], since=since, until=until, purpose=data["purpose"]
            )
    return render(request, "activity/search.html", {"form": form, "rows": rows, "most": queries.LOG_ROWS})


@view(may=May.EXPLAIN)
def why(request: HttpRequest) -> HttpResponse:
    """Why is this blocked? And which lists hold it?"""
    form = ExplainForm(request.GET or None)
    if not person_of(request).may(May.SEE_PEOPLE):
        del form.fields["who"]
    told: Explanation | None = None
    if request.GET and form.is_valid():
        try:
            told = _explain(request, form)
        except BadURL as error:
            form.add_error("url", str(error))
        except Person.DoesNotExist:
            form.add_error("who", _("Nobody has this log-in."))
        except BadSnapshot as error:
            form.add_error(None, str(error))
    return render(request, "activity/explain.html", {"form": form, "told": told})


def _explain(request: HttpRequest, form: ExplainForm) -> Explanation:
    data = form.cleaned_data
    target = lenient(data["url"])
    groups = (data["group"],) if data["group"] else ()
    subject = make_subject(profile=data["profile"], groups=groups)
    if data.get("who"):
        subject = one(person_of(request), data["who"]).subject()
    moment = Moment.of(data["at"] or timezone.now(), settings.CONFIG.timezone)
    with load_current(shelf()) as snapshot:
        return explain(snapshot, Request(target, subject, moment, term_of(target)), url=data["url"])
