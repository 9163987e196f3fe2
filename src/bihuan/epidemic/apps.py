from django.apps import AppConfig


class EpidemicConfig(AppConfig):
    name = "bihuan.epidemic"
    label = "epidemic"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the gates of clusters and of events that can end to those of the kernel."""
        from bihuan.core.loops.gates import GATES
        from bihuan.epidemic.selectors.closing import ORIGIN as CLOSING
        from bihuan.epidemic.services.closing import closing_gates
        from bihuan.epidemic.services.clusters import ORIGIN, cluster_gates

        GATES[ORIGIN.rstrip(":")] = cluster_gates
        GATES[CLOSING.rstrip(":")] = closing_gates
