"""Addresses of alerts."""

from django.urls import path

from leeward.console.alerts import desk, views

app_name = "alerts"
urlpatterns = [
    path("", views.tray, name="tray"),
    path("<int:number>", views.see, name="see"),
    path("<int:number>/answer/<slug:what>", views.answer, name="answer"),
    path("<int:number>/decide/<slug:what>", views.decide, name="decide"),
    path("risks", views.risks, name="risks"),
    path("health", views.health, name="health"),
    path("push", views.push, name="push"),
    path("worker.js", views.worker, name="worker"),
    path("routes/", desk.routes, name="routes"),
    path("routes/new", desk.route, name="new-route"),
    path("routes/<int:number>", desk.route, name="route"),
    path("routes/<int:number>/change", desk.change_route, name="change-route"),
    path("routes/contact/<str:login>", desk.contact, name="contact"),
    path("routes/hours", desk.hours, name="hours"),
    path("conflicts", desk.conflicts, name="conflicts"),
    path("routes/conflict/<int:number>/end", desk.end_conflict, name="end-conflict"),
    path("library/", desk.book, name="library"),
    path("library/exclude", desk.exclude, name="exclude"),
    path("library/include/<int:number>", desk.include, name="include"),
    path("library/add", desk.add, name="add"),
    path("library/remove/<int:number>", desk.remove, name="remove"),
]
