"""Addresses of oversight."""

from django.urls import path

from leeward.console.oversight import views

app_name = "oversight"
urlpatterns = [
    path("", views.samples, name="list"),
    path("draw", views.draw, name="draw"),
    path("<int:number>", views.sample, name="sample"),
    path("<int:number>/close", views.close, name="close"),
    path("item/<int:number>", views.read, name="read"),
]
