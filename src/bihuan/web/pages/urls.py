"""Addresses of the frame's own pages."""

from django.urls import path

from bihuan.web.pages import frame, search

app_name = "pages"
urlpatterns = [
    path("", frame.home, name="home"),
    path("more/", frame.more, name="more"),
    path("help/", frame.help_page, name="help"),
    path("language/", frame.language, name="language"),
    path("theme/", frame.theme, name="theme"),
    path("search/", search.search, name="search"),
]
