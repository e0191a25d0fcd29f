"""Addresses of rules."""

from django.urls import path

from leeward.console.rules import views

app_name = "rules"
urlpatterns = [
    path("", views.rules, name="list"),
    path("new", views.edit, name="new"),
    path("profiles", views.profiles, name="profiles"),
    path("profiles/new", views.edit_profile, name="new-profile"),
    path("profiles/one/<slug:name>", views.edit_profile, name="edit-profile"),
    path("discard", views.discard, name="discard"),
    path("publish", views.publish, name="publish"),
    path("version/<int:number>/back", views.roll_back, name="roll-back"),
    path("one/<slug:identifier>", views.edit, name="edit"),
    path("one/<slug:identifier>/change", views.change, name="change"),
]
