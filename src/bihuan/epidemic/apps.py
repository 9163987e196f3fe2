from django.apps import AppConfig


class EpidemicConfig(AppConfig):
    name = "bihuan.epidemic"
    label = "epidemic"
    default_auto_field = "django.db.models.BigAutoField"
