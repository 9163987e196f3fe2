from django.apps import AppConfig


class EpidemicConfig(AppConfig):
    name = "bihuan.epidemic"
    label = "epidemic"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the gates of clusters and of events that can end, and the looks owed, to the kernel's."""
        from bihuan.core.loops.gates import GATES
        from bihuan.core.orgs.looks import LOOKS, Source
        from bihuan.epidemic.selectors.closing import ORIGIN as CLOSING
        from bihuan.epidemic.selectors.looks import (
            HOUSE,
            INSTITUTION,
            house_looks,
            institution_looks,
        )
        from bihuan.epidemic.selectors.rounds import ORIGIN as ROUNDS
        from bihuan.epidemic.services.closing import closing_gates
        from bihuan.epidemic.services.clusters import ORIGIN, cluster_gates
        from bihuan.epidemic.services.institutions import check_gates
        from bihuan.epidemic.services.looks import check_institution, prove_house
        from bihuan.epidemic.services.rounds import round_gates
        from bihuan.epidemic.services.spills import notice_gates

        GATES[ORIGIN.rstrip(":")] = cluster_gates
        GATES[CLOSING.rstrip(":")] = closing_gates
        GATES[ROUNDS.rstrip(":")] = round_gates
        GATES["spill"] = notice_gates
        GATES["check"] = check_gates
        LOOKS[INSTITUTION] = Source(institution_looks, check_institution)
        LOOKS[HOUSE] = Source(house_looks, prove_house)
