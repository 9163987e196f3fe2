from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "bihuan.safety"
    label = "safety"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the gates and promises of hazards, and the looks owed at dormitories, to those of the kernel."""
        from bihuan.core.loops.gates import GATES, PROMISES
        from bihuan.core.orgs.looks import LOOKS, Source
        from bihuan.safety.selectors.dormitories import DORM, dormitory_done, dormitory_looks
        from bihuan.safety.services.hazards import ORIGIN, hazard_gates, hazard_promise

        GATES[ORIGIN.rstrip(":")] = hazard_gates
        PROMISES[ORIGIN.rstrip(":")] = hazard_promise
        LOOKS[DORM] = Source(dormitory_looks, dormitory_done)
