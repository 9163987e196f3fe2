"""Django registration of the places package."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The administrative tree."""

    name = "bihuan.core.places"
    label = "places"
    verbose_name = "Places"
