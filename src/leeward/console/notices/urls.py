"""Addresses of notices."""

from django.urls import path

from leeward.console.notices import views

app_name = "notices"
urlpatterns = [path("", views.page, name="page")]
