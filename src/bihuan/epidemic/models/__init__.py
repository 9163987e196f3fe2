"""Tables of the epidemic side. None of them identifies anybody: that is the vault's."""

from bihuan.epidemic.models.cases import (
    Case,
    CaseClass,
    CaseCorrection,
    CaseMerge,
    CaseSource,
    NotSame,
)
from bihuan.epidemic.models.charges import (
    Charge,
    Custody,
    Extension,
    Handover,
    Need,
    Stay,
    Vital,
)
from bihuan.epidemic.models.clusters import Cluster, ClusterStep
from bihuan.epidemic.models.contacts import Contact, ContactDay
from bihuan.epidemic.models.defences import Defence, DefenceCount, DefenceLine, Leak
from bihuan.epidemic.models.events import Event
from bihuan.epidemic.models.facilities import (
    Facility,
    FacilityProof,
    FacilityStep,
    Room,
    WardFile,
)
from bihuan.epidemic.models.federation import InMessage, OutMessage, Peer, SiteKey
from bihuan.epidemic.models.fever import FeverHandover, FeverVisit
from bihuan.epidemic.models.holdings import Holding
from bihuan.epidemic.models.inquiries import Question, Transfer
from bihuan.epidemic.models.institutions import Institution, InstitutionCheck
from bihuan.epidemic.models.lists import CasePlace, LineList, LineRow, SavedMapping
from bihuan.epidemic.models.nodeplans import NodePlan, PlanState, PlanTarget
from bihuan.epidemic.models.orders import Appeal, ControlOrder
from bihuan.epidemic.models.reserves import Reserve, ReserveTarget
from bihuan.epidemic.models.rounds import Round, RoundItem, StaffGroup, StaffTests
from bihuan.epidemic.models.screening import ScreeningLine, ScreeningList, ScreeningState
from bihuan.epidemic.models.situation import Judgement, SituationReport
from bihuan.epidemic.models.spills import ExportedCase, Spill
from bihuan.epidemic.models.workers import Shift, Worker, WorkerModule
from bihuan.epidemic.models.zones import Incident, Zone

__all__ = [
    "Appeal",
    "Case",
    "CaseClass",
    "CaseCorrection",
    "CaseMerge",
    "CasePlace",
    "CaseSource",
    "Charge",
    "Cluster",
    "ClusterStep",
    "Contact",
    "ContactDay",
    "ControlOrder",
    "Custody",
    "Defence",
    "DefenceCount",
    "DefenceLine",
    "Event",
    "ExportedCase",
    "Extension",
    "Facility",
    "FacilityProof",
    "FacilityStep",
    "FeverHandover",
    "FeverVisit",
    "Handover",
    "Holding",
    "InMessage",
    "Incident",
    "Institution",
    "InstitutionCheck",
    "Judgement",
    "Leak",
    "LineList",
    "LineRow",
    "Need",
    "NodePlan",
    "NotSame",
    "OutMessage",
    "Peer",
    "PlanState",
    "PlanTarget",
    "Question",
    "Reserve",
    "ReserveTarget",
    "Room",
    "Round",
    "RoundItem",
    "SavedMapping",
    "ScreeningLine",
    "ScreeningList",
    "ScreeningState",
    "Shift",
    "SiteKey",
    "SituationReport",
    "Spill",
    "StaffGroup",
    "StaffTests",
    "Stay",
    "Transfer",
    "Vital",
    "WardFile",
    "Worker",
    "WorkerModule",
    "Zone",
]
