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
from bihuan.safety.models.attention import Allowance, DayRisk, DayStaff, Denominator
from bihuan.safety.models.exchange import ExchangeRecord
from bihuan.safety.models.field import Device, FieldEntry, PhotoPart
from bihuan.safety.models.hazards import Hazard, LegalStep, Listing, NearMiss, Recheck, Tip
from bihuan.safety.models.heat import Forecast
from bihuan.safety.models.inspections import Campaign, Checklist, Inspection
from bihuan.safety.models.operations import Operation, PlanSignature
from bihuan.safety.models.orders import RestartSignature, StopOrder
from bihuan.safety.models.permits import Permit
from bihuan.safety.models.plans import (
    Assignment,
    InspectionPlan,
    JointVisit,
    Phase,
    Staffing,
    SystemMeasure,
    Topic,
)
from bihuan.safety.models.registers import Count, Establishment, Kind, Statement
from bihuan.safety.models.risks import Measure, RiskEvent, RiskObject
from bihuan.safety.models.roads import CrashCount, InterimLimit, RoadOfficer
from bihuan.safety.models.sensors import Alarm, Sensor, ShutdownAct
from bihuan.safety.models.specials import CampaignUnit
from bihuan.safety.models.tallies import PlaceTally, PlaceTallyChange
from bihuan.safety.models.uploads import Upload, UploadPart, UploadRefusal, UploadRow
from bihuan.safety.models.writs import Writ

__all__ = [
    "Accident",
    "Alarm",
    "Allowance",
    "Assignment",
    "Campaign",
    "CampaignUnit",
    "Checklist",
    "Count",
    "CrashCount",
    "DayRisk",
    "DayStaff",
    "Denominator",
    "Device",
    "Establishment",
    "ExchangeRecord",
    "Falsity",
    "FieldEntry",
    "Figure",
    "Forecast",
    "Hazard",
    "Inspection",
    "InspectionPlan",
    "InterimLimit",
    "JointVisit",
    "Kind",
    "LegalStep",
    "Listing",
    "Measure",
    "NearMiss",
    "Operation",
    "Permit",
    "Phase",
    "PhoneCall",
    "PhotoPart",
    "PlaceTally",
    "PlaceTallyChange",
    "PlanSignature",
    "ReadBack",
    "Recheck",
    "Report",
    "ReportDuty",
    "RestartSignature",
    "RiskEvent",
    "RiskObject",
    "RoadOfficer",
    "Sensor",
    "ShutdownAct",
    "Staffing",
    "Statement",
    "StopOrder",
    "SystemMeasure",
    "Tip",
    "Topic",
    "Upload",
    "UploadPart",
    "UploadRefusal",
    "UploadRow",
    "Writ",
]
