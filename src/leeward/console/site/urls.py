"""Addresses of the console."""

from django.urls import include, path

urlpatterns = [
    path("", include("leeward.console.accounts.urls")),
    path("people/", include("leeward.console.people.urls")),
    path("rules/", include("leeward.console.rules.urls")),
    path("activity/", include("leeward.console.activity.urls")),
    path("lists/", include("leeward.console.lists.urls")),
    path("here/", include("leeward.console.presence.urls")),
    path("", include("leeward.console.worries.urls")),
    path("phones/", include("leeward.console.phones.urls")),
    path("notices/", include("leeward.console.notices.urls")),
    path("oversight/", include("leeward.console.oversight.urls")),
    path("alerts/", include("leeward.console.alerts.urls")),
    path("reports/", include("leeward.console.reports.urls")),
    path("audit/", include("leeward.console.audit.urls")),
]
