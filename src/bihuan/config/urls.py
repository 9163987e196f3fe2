"""Addresses: pages at the root, JSON under /api/."""

from django.urls import URLPattern, URLResolver, include, path

from bihuan.config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("api/", include("bihuan.api.urls")),
    path("", include("bihuan.web.urls")),
]

handler404 = "bihuan.web.pages.errors.not_found"
handler500 = "bihuan.web.pages.errors.server_error"
