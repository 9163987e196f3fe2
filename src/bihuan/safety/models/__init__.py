"""Tables of work safety, by thing."""

from bihuan.safety.models.accidents import Accident, Falsity, Figure, Report, ReportDuty
from bihuan.safety.models.hazards import Hazard, LegalStep, Listing, NearMiss, Recheck, Tip
from bihuan.safety.models.inspections import Campaign, Checklist, Inspection
from bihuan.safety.models.orders import RestartSignature, StopOrder
from bihuan.safety.models.registers import Count, Establishment, Kind, Statement, Upload
from bihuan.safety.models.risks import Measure, RiskEvent, RiskObject

__all__ = [
    "Accident",
    "Campaign",
    "Checklist",
    "Count",
    "Establishment",
    "Falsity",
    "Figure",
    "Hazard",
    "Inspection",
    "Kind",
    "LegalStep",
    "Listing",
    "Measure",
    "NearMiss",
    "Recheck",
    "Report",
    "ReportDuty",
    "RestartSignature",
    "RiskEvent",
    "RiskObject",
    "Statement",
    "StopOrder",
    "Tip",
    "Upload",
]
