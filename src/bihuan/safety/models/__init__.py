"""Tables of work safety, by thing."""

from bihuan.safety.models.accidents import (
    Accident,
    Falsity,
    Figure,
    PhoneCall,
    ReadBack,
    Report,
    ReportDuty,
)
from bihuan.safety.models.hazards import Hazard, LegalStep, Listing, NearMiss, Recheck, Tip
from bihuan.safety.models.inspections import Campaign, Checklist, Inspection
from bihuan.safety.models.orders import RestartSignature, StopOrder
from bihuan.safety.models.permits import Permit
from bihuan.safety.models.registers import Count, Establishment, Kind, Statement, Upload
from bihuan.safety.models.risks import Measure, RiskEvent, RiskObject
from bihuan.safety.models.sensors import Alarm, Sensor, ShutdownAct
from bihuan.safety.models.writs import Writ

__all__ = [
    "Accident",
    "Alarm",
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
    "Permit",
    "PhoneCall",
    "ReadBack",
    "Recheck",
    "Report",
    "ReportDuty",
    "RestartSignature",
    "RiskEvent",
    "RiskObject",
    "Sensor",
    "ShutdownAct",
    "Statement",
    "StopOrder",
    "Tip",
    "Upload",
    "Writ",
]
