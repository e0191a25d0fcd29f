"""Addresses of presence."""

from django.urls import path

from leeward.console.presence import views

app_name = "presence"
urlpatterns = [
    path("", views.here, name="list"),
    path("end", views.end, name="end"),
    path("seat", views.seat, name="seat"),
]
