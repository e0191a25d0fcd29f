"""Addresses of lists."""

from django.urls import path

from leeward.console.lists import views

app_name = "lists"
urlpatterns = [
    path("", views.lists, name="list"),
    path("bring", views.bring, name="bring"),
    path("look-up", views.look_up, name="look-up"),
]
