"""The tray of alerts, and one alert from evidence to decision."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.console.alerts import actions, queries
from leeward.console.alerts.forms import ConcernForm, ConflictForm, GradeForm, NoConcernForm, OpinionForm, PushForm
from leeward.console.alerts.law import GUIDANCE, withheld
from leeward.console.alerts.models import Alert, PushDevice
from leeward.console.alerts.queries import Tray
from leeward.console.alerts.ways import push_key
from leeward.console.people.roles import May
from leeward.console.ui.charts import Column, columns
from leeward.console.ui.view import person_of, view
from leeward.text.packs import themes

_PAGE = 50
_STATES = ("open", "second", "decided")


def _asked(request: HttpRequest) -> Tray:
    state = request.GET.get("state", "open")
    theme = request.GET.get("theme", "")
    return Tray(state if state in _STATES else "open", theme[:40], request.GET.get("group", "")[:100])


@view(may=May.SEE_ALERTS)
def tray(request: HttpRequest) -> HttpResponse:
    """Alerts, the gravest first. It renews itself as soon as something is new."""
    actor, asked = person_of(request), _asked(request)
    now = queries.stamp(actor)
    if request.GET.get("after") == now:
        return HttpResponse(status=204)  # nothing new
    page = Paginator(queries.tray(actor, asked), _PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "page": page, "rows": queries.rows(list(page)), "asked": asked, "stamp": now, "query": query.urlencode(),
        "themes": [(name, theme.title) for name, theme in themes().items()], "states": _STATES,
        "undelivered": queries.undelivered(),
        "can_push": settings.IS_HTTPS or request.get_host().startswith(("localhost", "127.")),
    }  # fmt: skip
    return render(request, "alerts/tray.html", context)


@view(may=May.SEE_ALERTS)
def see(request: HttpRequest, number: int) -> HttpResponse:
    """One alert: what was said in its surroundings, what was before, what came of the like."""
    return _page(request, number)


def _page(request: HttpRequest, number: int, status: int = 200, **forms: Any) -> HttpResponse:
    actor = person_of(request)
    try:
        seen = queries.see(actor, number)
    except Alert.DoesNotExist:
        raise Http404 from None
    alert = seen.alert
    days = [
        Column(f"{day:%d.%m.}" if n % 7 == 0 else "", hits, grave) for n, (day, hits, grave) in enumerate(seen.days)
    ]
    context = {
        "seen": seen, "alert": alert, "theme": queries.title_of(alert.theme),
        "hits": [
            (hit, marked(hit.around or hit.excerpt, hit.excerpt), queries.title_of(hit.detector or hit.theme))
            for hit in seen.hits
        ],
        "picture": columns(_("Findings by day, the last four weeks"), days),
        "guidance": GUIDANCE if withheld(alert.theme) else (),
        "similar": [(one, words, queries.title_of(one.theme)) for one, words in seen.similar],
        "risk_parts": [(queries.title_of(part.what), part) for part in seen.risk.parts] if seen.risk else [],
        "past": [(one, queries.title_of(one.theme)) for one in seen.past],
        "can_answer": actor.may(May.ANSWER_ALERTS), "can_decide": actor.may(May.DECIDE_ALERTS),
        "can_see_day": actor.may(May.SEE_ACTIVITY), "can_exclude": actor.may(May.EDIT_LIBRARY),
        "has_given": any(one.person_id == actor.pk for one in alert.opinions.all()),
        "concern": ConcernForm(prefix="concern"), "harmless": NoConcernForm(prefix="harmless"),
        "grade": GradeForm(prefix="grade", initial={"severity": alert.severity}),
        "opinion": OpinionForm(prefix="opinion", initial={"severity": alert.severity}),
        "conflict": ConflictForm(prefix="conflict"),
        "next": _next(actor, alert),
    } | forms  # fmt: skip
    return render(request, "alerts/see.html", context, status=status)


def _next(actor: Any, alert: Alert) -> Alert | None:
    """The next open alert in the order of the tray, for whoever works through them; from the last on to the first."""
    found = queries.visible(actor).filter(status__in=Alert.OPEN).exclude(pk=alert.pk).order_by("-severity", "-last_hit")
    after = Q(severity__lt=alert.severity) | Q(severity=alert.severity, last_hit__lt=alert.last_hit)
    return found.filter(after).first() or found.first()


def marked(text: str, excerpt: str) -> SafeString:
    """A text with what was found in it marked."""
    first = excerpt.partition(" … ")[0]
    at = text.find(first) if first else -1
    if at < 0:
        return format_html("{}", text)
    return format_html("{}<mark>{}</mark>{}", text[:at], first, text[at + len(first) :])


@require_POST
@view(may=May.ANSWER_ALERTS)
def answer(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """What somebody does about an alert, in a word."""
    actor = person_of(request)
    simple = {
        "acknowledge": actions.acknowledge, "take": actions.take_over, "second": actions.want_second,
        "give-back": actions.give_back,
    }  # fmt: skip
    try:
        if what in simple:
            simple[what](actor, number)
        elif what in _ANSWERS:
            if (shown := _ANSWERS[what](request, number)) is not None:
                return shown
        else:
            raise Http404
        messages.success(request, _("Done. It is written in the audit log."))
    except Alert.DoesNotExist:
        raise Http404 from None
    except actions.Gone as gone:
        messages.error(request, str(gone))
    if what == "conflict":
        return redirect("alerts:tray")
    return redirect("alerts:see", number)


def _regrade(request: HttpRequest, number: int) -> HttpResponse | None:
    form = GradeForm(request.POST, prefix="grade")
    if not form.is_valid():
        return _page(request, number, 400, grade=form)
    actions.regrade(person_of(request), number, form.cleaned_data["severity"])
    return None


def _opinion(request: HttpRequest, number: int) -> HttpResponse | None:
    form = OpinionForm(request.POST, prefix="opinion")
    if not form.is_valid():
        return _page(request, number, 400, opinion=form)
    actions.give_opinion(person_of(request), number, **form.cleaned_data)
    return None


def _conflict(request: HttpRequest, number: int) -> HttpResponse | None:
    form = ConflictForm(request.POST, prefix="conflict")
    if not form.is_valid():
        return _page(request, number, 400, conflict=form)
    try:
        actions.declare_conflict(person_of(request), number, form.cleaned_data["why"])
    except ValueError:
        messages.error(request, _("It is about nobody known, so there is no conflict to declare."))
    return None


_ANSWERS = {"regrade": _regrade, "opinion": _opinion, "conflict": _conflict}


@require_POST
@view(may=May.DECIDE_ALERTS)
def decide(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """A concern, no concern, or a decision taken back."""
    actor = person_of(request)
    try:
        if what == "reopen":
            actions.reopen(actor, number)
            messages.success(request, _("The alert is open again."))
        elif what == "concern":
            form = ConcernForm(request.POST, prefix="concern")
            if not form.is_valid():
                return _page(request, number, 400, concern=form)
            actions.decide(actor, number, is_concern=True, words=form.cleaned_data["words"])
            messages.success(request, _("It is an incident now."))
        else:
            none = NoConcernForm(request.POST, prefix="harmless")
            if not none.is_valid():
                return _page(request, number, 400, harmless=none)
            actions.decide(actor, number, is_concern=False, **none.cleaned_data)
            messages.success(request, _("It is closed as no concern. You can take that back on its page."))
    except Alert.DoesNotExist:
        raise Http404 from None
    except actions.Gone as gone:
        messages.error(request, str(gone))
    return redirect("alerts:see", number)


@view(may=May.SEE_RISKS)
def risks(request: HttpRequest) -> HttpResponse:
    """Pupils with the highest index, each with what it is made of."""
    rows = queries.risks(person_of(request))
    told = [(person, risk.value, [(queries.title_of(part.what), part) for part in risk.parts]) for person, risk in rows]
    return render(request, "alerts/risks.html", {"rows": told})


@view(may=May.SEE_ALERT_HEALTH)
def health(request: HttpRequest) -> HttpResponse:
    """For IT staff: that something happened and whether it was told; never what."""
    told = queries.health(person_of(request))
    days = [Column(f"{day:%d.%m.}", count, 0) for day, count in told.by_day]
    return render(request, "alerts/health.html", {"told": told, "picture": columns(_("Alerts by day"), days)})


# --- Web Push: this browser ---


@view(may=May.SEE_ALERTS)
def push(request: HttpRequest) -> HttpResponse:
    """Be told at this browser, or at none."""
    actor = person_of(request)
    if request.method == "POST":
        if "off" in request.POST:
            actions.drop_push(actor)
            messages.success(request, _("You are told at no browser any more."))
            return redirect("alerts:push")
        form = PushForm(request.POST)
        if form.is_valid():
            actions.add_push(actor, form.cleaned_data)
            messages.success(request, _("This browser shows alerts now, even while this page is closed."))
        else:
            messages.error(request, _("The browser did not give what is needed. Try another one."))
        return redirect("alerts:push")
    context = {"key": push_key(settings.STATE), "devices": PushDevice.objects.filter(person=actor).count()}
    return render(request, "alerts/push.html", context)


@view(may=None)
def worker(request: HttpRequest) -> HttpResponse:
    """The script with which the browser shows alerts; at the top so that it may act for every page."""
    response = render(request, "alerts/worker.js", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
