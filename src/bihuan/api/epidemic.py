"""Events for other systems: FHIR R4 and DHIS2."""

from typing import Any

from ninja import Router

from bihuan.api.access import READ, ApiRequest
from bihuan.api.cases import Id
from bihuan.epidemic.services.interchange import export_dhis2, export_fhir

router = Router(tags=["epidemic"])


@router.get("/epidemic/events/{outbreak_id}/fhir", auth=READ, response=dict[str, Any],
            operation_id="export_fhir")  # fmt: skip
def get_fhir(request: ApiRequest, outbreak_id: Id) -> Any:
    """Cases of an event as a FHIR R4 bundle; patients are pseudonyms."""
    return export_fhir(event_id=outbreak_id, by=request.actor, at=request.at)


@router.get("/epidemic/events/{outbreak_id}/dhis2", auth=READ, response=dict[str, Any],
            operation_id="export_dhis2")  # fmt: skip
def get_dhis2(request: ApiRequest, outbreak_id: Id) -> Any:
    """Counts of an event as a DHIS2 data value set."""
    return export_dhis2(event_id=outbreak_id, by=request.actor, at=request.at)
