"""Addresses of the log of phones."""

from django.urls import path

from leeward.console.phones import views

app_name = "phones"
urlpatterns = [path("", views.page, name="page")]
