"""Addresses of people."""

from django.urls import path

from leeward.console.people import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("new", views.edit, name="new"),
    path("import", views.load, name="load"),
    path("passwords", views.passwords, name="passwords"),
    path("one/<str:login>", views.edit, name="edit"),
    path("one/<str:login>/factors", views.drop_factors, name="drop-factors"),
]
