"""Addresses of the pages: those of every area, found by folder."""

from django.urls import URLPattern, URLResolver, include, path

from bihuan.web.areas import areas

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{area}.urls")) for area in areas()
]
