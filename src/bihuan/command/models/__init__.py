"""Tables of command work, by thing."""

from bihuan.command.models.directives import (
    Branch,
    Demand,
    Directive,
    Explanation,
    Figures,
    Meeting,
    NoneHere,
    Plenary,
    Receipt,
    Seat,
)
from bihuan.command.models.gates import Entrance, EntranceDay, UnitAct, UnitDay, UnitRoll
from bihuan.command.models.goals import Goal, GoalReport, GoalSet

__all__ = [
    "Branch",
    "Demand",
    "Directive",
    "Entrance",
    "EntranceDay",
    "Explanation",
    "Figures",
    "Goal",
    "GoalReport",
    "GoalSet",
    "Meeting",
    "NoneHere",
    "Plenary",
    "Receipt",
    "Seat",
    "UnitAct",
    "UnitDay",
    "UnitRoll",
]
