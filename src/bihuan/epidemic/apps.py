from django.apps import AppConfig


class EpidemicConfig(AppConfig):
    name = "bihuan.epidemic"
    label = "epidemic"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the gates of clusters to those of the kernel."""
        from bihuan.core.loops.gates import GATES
        from bihuan.epidemic.services.clusters import ORIGIN, cluster_gates

        GATES[ORIGIN.rstrip(":")] = cluster_gates
