"""Addresses of the frame's own pages."""

from django.urls import path

from bihuan.web.pages import frame, offline, saved, search

app_name = "pages"
urlpatterns = [
    path("", frame.home, name="home"),
    path("more/", frame.more, name="more"),
    path("help/", frame.help_page, name="help"),
    path("language/", frame.language, name="language"),
    path("theme/", frame.theme, name="theme"),
    path("worker.js", offline.worker, name="worker"),
    path("offline/", offline.offline, name="offline"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("views/", saved.views, name="views"),
    path("views/<int:pk>/drop/", saved.drop, name="drop_view"),
    path("search/", search.search, name="search"),
]
