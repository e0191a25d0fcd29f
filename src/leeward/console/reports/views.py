"""The first report."""

import csv
import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from leeward.console.people.roles import May
from leeward.console.reports.queries import SMALLEST_GROUP, Overview, overview
from leeward.console.ui.charts import Bar, bars
from leeward.console.ui.csv_cells import plain_cell
from leeward.console.ui.view import view
from leeward.policy import taxonomy

_MOST_DAYS = 3 * 366
_EPOCH = dt.date(2000, 1, 1)


def _days(request: HttpRequest) -> tuple[dt.date, dt.date]:
    today = timezone.localdate()
    try:
        first = dt.date.fromisoformat(request.GET.get("first", ""))
        last = dt.date.fromisoformat(request.GET.get("last", ""))
    except ValueError:
        return today - dt.timedelta(days=6), today
    first, last = min(first, last), min(max(first, last), today)
    return max(first, last - dt.timedelta(days=_MOST_DAYS), _EPOCH), max(last, _EPOCH)


@view(may=May.SEE_REPORTS)
def page(request: HttpRequest) -> HttpResponse:
    """What was blocked, by category, hour and year group."""
    first, last = _days(request)
    told = overview(first, last)
    titles = taxonomy.categories()
    charts = [
        (
            _("Blocked by category"),
            [
                Bar(titles[r["category"]].title if r["category"] in titles else r["category"], r["requests"])
                for r in told.categories[:12]
            ],
        ),
        (_("Blocked by hour"), [Bar(f"{r['hour']:02}:00", r["blocked"]) for r in told.hours]),
        (_("Blocked by group"), [Bar(r["name"], r["blocked"]) for r in told.groups]),
        (
            _("Requests by how people were known"),
            [Bar(r["attribution"] or _("system"), r["requests"]) for r in told.attribution],
        ),
    ]
    drawn = [(title, bars(title, rows), rows) for title, rows in charts]
    return render(
        request, "reports/overview.html", {"charts": drawn, "first": first, "last": last, "smallest": SMALLEST_GROUP}
    )


@view(may=May.SEE_REPORTS)
def table(request: HttpRequest) -> HttpResponse:
    """The same as CSV."""
    first, last = _days(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="leeward-{first}-{last}.csv"'
    _write(csv.writer(response), overview(first, last))
    return response


def _write(out: object, told: Overview) -> None:
    row = out.writerow  # type: ignore[attr-defined]
    row(["what", "name", "requests", "blocked"])
    for item in told.categories:
        row(["category", item["category"], "", item["requests"]])
    for item in told.hours:
        row(["hour", item["hour"], item["requests"], item["blocked"]])
    for item in told.groups:
        row(["group", plain_cell(item["name"]), item["requests"], item["blocked"]])
    for item in told.attribution:
        row(["attribution", item["attribution"], item["requests"], ""])
