"""Event name → who hears it: the one table of effects (no Django signals, no bus).

A handler is the dotted name of a function `(event, *, at)`. It runs after commit, in the worker,
perhaps more than once: it must be idempotent.
"""

HANDLERS: dict[str, tuple[str, ...]] = {
    "places.moved": (
        "bihuan.core.orgs.services.moved.follow_places",
        "bihuan.core.loops.services.moved.follow_places",
    ),
    "task.accept": ("bihuan.supervision.services.effects.task_ended",),
    "task.confirm_withdraw": ("bihuan.supervision.services.effects.task_ended",),
    "task.prove": ("bihuan.supervision.services.effects.task_proven",),
    "problem.begin": ("bihuan.supervision.services.effects.problem_begun",),
}
