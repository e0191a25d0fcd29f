"""Addresses of presence."""

from django.urls import path

from leeward.console.presence import views

app_name = "presence"
urlpatterns = [
    path("", views.here, name="list"),
    path("coverage", views.coverage, name="coverage"),
    path("end", views.end, name="end"),
    path("seat", views.seat, name="seat"),
]
