"""Most effect at least cost: which measures of a menu, where and when, and why these."""

from bihuan_analytics.scenario.policy.baselines import Option, everywhere, threshold_rule
from bihuan_analytics.scenario.policy.front import (
    Comparison,
    cheapest_safe,
    compare,
    pareto_front,
    plan_front,
)
from bihuan_analytics.scenario.policy.goals import fewest_deaths_plan, safe_plan, zero_plan
from bihuan_analytics.scenario.policy.orders import Order, orders_of, policy_of
from bihuan_analytics.scenario.policy.play import (
    Chances,
    Outcomes,
    chances,
    outcomes,
    overload_chance,
)
from bihuan_analytics.scenario.policy.problem import (
    Belief,
    Level,
    Problem,
    Spread,
    draw_beliefs,
)
from bihuan_analytics.scenario.policy.reasons import Reason, reasons
from bihuan_analytics.scenario.policy.search import Plan, Step, cheapest_plan

__all__ = [
    "Belief",
    "Chances",
    "Comparison",
    "Level",
    "Option",
    "Order",
    "Outcomes",
    "Plan",
    "Problem",
    "Reason",
    "Spread",
    "Step",
    "chances",
    "cheapest_plan",
    "cheapest_safe",
    "compare",
    "draw_beliefs",
    "everywhere",
    "fewest_deaths_plan",
    "orders_of",
    "outcomes",
    "overload_chance",
    "pareto_front",
    "plan_front",
    "policy_of",
    "reasons",
    "safe_plan",
    "threshold_rule",
    "zero_plan",
]
