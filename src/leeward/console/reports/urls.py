"""Addresses of reports."""

from django.urls import path

from leeward.console.reports import views

app_name = "reports"
urlpatterns = [path("", views.page, name="overview"), path("table.csv", views.table, name="table")]
