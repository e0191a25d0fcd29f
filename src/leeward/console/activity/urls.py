"""Addresses of activity."""

import datetime as dt

from django.urls import path, register_converter

from leeward.console.activity import views

_FIRST, _LAST = dt.date(2000, 1, 1), dt.date(2999, 12, 31)


class DateConverter:
    """A day in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """Raises ValueError: there is no such page."""
        found = dt.date.fromisoformat(value)
        if not _FIRST <= found <= _LAST:
            raise ValueError(value)
        return found

    def to_url(self, value: dt.date | str) -> str:
        """ISO 8601."""
        return str(value)


register_converter(DateConverter, "date")
app_name = "activity"
urlpatterns = [
    path("requests", views.requests, name="requests"),
    path("requests/<slug:event>", views.answer, name="answer"),
    path("", views.live, name="live"),
    path("log", views.search, name="search"),
    path("log.csv", views.table, name="table"),
    path("day/<slug:token>/<date:date>", views.day, name="day"),
    path("why", views.why, name="explain"),
]
