"""The verbs of loops. `advance` is the only writer of `state` in the product."""

from bihuan.core.loops.services.clocks import tick
from bihuan.core.loops.services.dispatch import dispatch, fold_tally
from bihuan.core.loops.services.joint import issue_joint
from bihuan.core.loops.services.many import act_on_many
from bihuan.core.loops.services.moves import act, advance, keep_promise
from bihuan.core.loops.services.notices import read_notices
from bihuan.core.loops.services.opening import issue, open_problem, write_brief
from bihuan.core.loops.services.parts import Part, hand_down
from bihuan.core.loops.services.problems import (
    decide_responsibility,
    describe_problem,
    propose_responsibility,
    reply_responsibility,
    serve_problem,
    task_problem,
)
from bihuan.core.loops.services.proof import add_proof, prove, prove_by_deed
from bihuan.core.loops.services.requests import Matter, ask

__all__ = [
    "Matter",
    "Part",
    "act",
    "act_on_many",
    "add_proof",
    "advance",
    "ask",
    "decide_responsibility",
    "describe_problem",
    "dispatch",
    "fold_tally",
    "hand_down",
    "issue",
    "issue_joint",
    "keep_promise",
    "open_problem",
    "propose_responsibility",
    "prove",
    "prove_by_deed",
    "read_notices",
    "reply_responsibility",
    "serve_problem",
    "task_problem",
    "tick",
    "write_brief",
]
