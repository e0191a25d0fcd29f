"""Addresses of worries; those of `worry/` may be reached by everybody, through the gateway too."""

from django.urls import path

from leeward.console.worries import views

app_name = "worries"
urlpatterns = [
    path("worry", views.tell, name="tell"),
    path("worry/thread", views.thread, name="thread"),
    path("worries/poster", views.poster, name="poster"),
    path("worries/<int:number>/answer", views.answer, name="answer"),
]
