"""Addresses of the API."""

from django.urls import URLPattern, URLResolver, path

from bihuan.api.app import api

urlpatterns: list[URLPattern | URLResolver] = [path("v1/", api.urls)]
