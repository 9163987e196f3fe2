from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "bihuan.core.packs"
    label = "packs"
