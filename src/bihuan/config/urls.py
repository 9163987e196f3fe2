"""Addresses: pages at the root, JSON under /api/."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("bihuan.api.urls")),
    path("", include("bihuan.web.urls")),
]
