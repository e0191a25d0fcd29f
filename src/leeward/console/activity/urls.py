"""Addresses of activity."""

from django.urls import path

from leeward.console.activity import views

app_name = "activity"
urlpatterns = [
    path("requests", views.requests, name="requests"),
    path("", views.live, name="live"),
    path("log", views.search, name="search"),
    path("why", views.why, name="explain"),
]
