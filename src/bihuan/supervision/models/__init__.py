"""Tables of supervision, by thing."""

from bihuan.supervision.models.burden import Figure, FigureAsk, Form
from bihuan.supervision.models.external import ExternalItem, ExternalList
from bihuan.supervision.models.plans import Outcome, Plan, PlanSite, PlanStep, Result
from bihuan.supervision.models.quality import Answer, ChecklistStep
from bihuan.supervision.models.registers import Candidate, Decision, Register, Source
from bihuan.supervision.models.uploads import Upload
from bihuan.supervision.models.visits import Round, RoundPair, Team, Visit

__all__ = [
    "Answer",
    "Candidate",
    "ChecklistStep",
    "Decision",
    "ExternalItem",
    "ExternalList",
    "Figure",
    "FigureAsk",
    "Form",
    "Outcome",
    "Plan",
    "PlanSite",
    "PlanStep",
    "Register",
    "Result",
    "Round",
    "RoundPair",
    "Source",
    "Team",
    "Upload",
    "Visit",
]
