"""Tables of work safety, by thing."""

from bihuan.safety.models.hazards import Hazard, LegalStep, Listing, NearMiss, Recheck, Tip
from bihuan.safety.models.orders import RestartSignature, StopOrder
from bihuan.safety.models.registers import Count, Establishment, Kind, Statement, Upload

__all__ = [
    "Count",
    "Establishment",
    "Hazard",
    "Kind",
    "LegalStep",
    "Listing",
    "NearMiss",
    "Recheck",
    "RestartSignature",
    "Statement",
    "StopOrder",
    "Tip",
    "Upload",
]
