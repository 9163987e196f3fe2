"""Tables of supervision, by thing."""

from bihuan.supervision.models.burden import Figure, FigureAsk, Form
from bihuan.supervision.models.external import ExternalItem, ExternalList
from bihuan.supervision.models.plans import Plan, PlanSite, PlanStep, Result
from bihuan.supervision.models.quality import ChecklistStep
from bihuan.supervision.models.registers import Candidate, Register
from bihuan.supervision.models.uploads import Upload
from bihuan.supervision.models.visits import Round, RoundPair, Team, Visit

__all__ = [
    "Candidate",
    "ChecklistStep",
    "ExternalItem",
    "ExternalList",
    "Figure",
    "FigureAsk",
    "Form",
    "Plan",
    "PlanSite",
    "PlanStep",
    "Register",
    "Result",
    "Round",
    "RoundPair",
    "Team",
    "Upload",
    "Visit",
]
