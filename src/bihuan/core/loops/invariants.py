"""What must hold over the whole database, whoever wrote to it: the nightly check."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from bihuan.core.audit.selectors import faults
from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.loops.counters import Check
from bihuan.core.loops.gates import GATES
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.rules import FLOWS
from bihuan.core.loops.services.dispatch import DEPTHS
from bihuan.core.packs import registry

SHOWN = 20
MARK_GRACE = timedelta(hours=1)  # the clock job runs each minute; an hour means it stands still

# Each statement selects the rows that break the rule, as one column `told`.
RULES = {
    # Every obligation is in a state of its flow.
    "known_state": """
        SELECT 'obligation:' || id || ' ' || state AS told FROM loops_obligation
        WHERE flow || ':' || state <> ALL(%(known)s)""",
    # Every open loop has an owner whose post exists still (2.1 I2).
    "no_orphan": """
        SELECT 'obligation:' || o.id AS told FROM loops_obligation o
        LEFT JOIN orgs_post p ON p.id = o.owner_post_id AND p.valid_to IS NULL
        WHERE o.closed_at IS NULL AND p.id IS NULL""",
    # Whatever fell due an hour ago is on the overdue list: the clocks are running (2.1 I2).
    "overdue_is_marked": """
        SELECT 'obligation:' || id || ' ' || due_at AS told FROM loops_obligation
        WHERE closed_at IS NULL AND overdue_at IS NULL AND state <> 'suspended'
        AND due_at < %(marked_before)s""",
    # Nobody accepted their own work (2.1 I3).
    "four_eyes": """
        SELECT 'obligation:' || id AS told FROM loops_obligation
        WHERE submitted_by_id = accepted_by_id""",
    # Whatever is submitted or closed has proof, its own or that of its tasks (2.1 I4).
    "evidence": """
        SELECT 'obligation:' || o.id AS told FROM loops_obligation o
        WHERE o.flow IN ('task', 'problem') AND o.state IN ('submitted', 'verified', 'closed')
        AND NOT EXISTS (SELECT 1 FROM evidence_item i WHERE i.subject = 'obligation:' || o.id)
        AND NOT EXISTS (SELECT 1 FROM loops_problemtask t JOIN evidence_item i
                        ON i.subject = 'obligation:' || t.task_id WHERE t.problem_id = o.id)""",
    # Each major problem has an interim measure with a responsible post (2.1 I5).
    "interim": """
        SELECT 'obligation:' || obligation_id AS told FROM loops_problem
        WHERE grade = 'major' AND (interim = '' OR interim_post_id IS NULL)""",
    # No problem is closed with an open gate (2.2).
    "gates": """
        SELECT 'obligation:' || o.id AS told FROM loops_obligation o
        JOIN loops_problem p ON p.obligation_id = o.id
        WHERE o.state = 'closed' AND (p.found_out_at IS NULL OR p.verified_at IS NULL
              OR p.answered_for_at IS NULL)""",
    # A problem open longer than its limit has at least one task (2.3 I1). Where a domain brings
    # gates of its own, as for hazards, the problem itself is what its owner rectifies.
    "problem_has_task": """
        SELECT 'obligation:' || o.id AS told FROM loops_obligation o
        WHERE o.flow = 'problem' AND o.closed_at IS NULL AND o.opened_at < %(task_before)s
        AND split_part(o.origin, ':', 1) <> ALL(%(own_gates)s)
        AND NOT EXISTS (SELECT 1 FROM loops_problemtask t WHERE t.problem_id = o.id)""",
    # Opened = closed + withdrawn + open at every place: the counters fit the rows (2.1 I1).
    "conservation": """
        SELECT coalesce(r.path, c.path) || ' ' || coalesce(r.bucket, c.bucket) AS told FROM (
            SELECT left(scope, depth) AS path, flow, domain,
                   loops_bucket(state, due_at, closed_at, overdue_at) AS bucket, count(*) AS n
            FROM loops_obligation, unnest(%(depths)s::int[]) AS depth
            WHERE depth <= length(scope) GROUP BY 1, 2, 3, 4
        ) AS r FULL JOIN (
            SELECT path, flow, domain, bucket, sum(n) AS n FROM (
                SELECT path, flow, domain, bucket, n FROM loops_tally
                UNION ALL
                SELECT left(scope, depth), flow, domain, bucket, delta
                FROM loops_tallychange, unnest(%(depths)s::int[]) AS depth
                WHERE depth <= length(scope)
            ) AS kept GROUP BY 1, 2, 3, 4
        ) AS c ON (r.path, r.flow, r.domain, r.bucket) = (c.path, c.flow, c.domain, c.bucket)
        WHERE coalesce(r.n, 0) <> coalesce(c.n, 0)""",
}


@dataclass(frozen=True, slots=True)
class Result:
    """One invariant: how many rows break it, and the first of them."""

    name: str
    broken: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A problem without a task that is inside its allowed time still: no fault, but a clock."""

    obligation_id: int
    number: str
    due_by: datetime


def waiting(*, at: datetime) -> list[Waiting]:
    """Problems that need a task soon (2.3 I1), the soonest first. One query."""
    limit = _task_limit(at)
    rows = Obligation.objects.filter(
        flow="problem", closed_at=None, opened_at__gte=at - limit, problem__tasks=None
    )
    return [
        Waiting(o.pk, o.number, o.opened_at + limit)
        for o in rows.order_by("opened_at", "pk")
        if o.origin.partition(":")[0] not in GATES
    ]


def _task_limit(at: datetime) -> timedelta:
    return registry.due("problem.task", at)[0] - at


def run(*, at: datetime) -> list[Result]:
    """Check every invariant and keep the results. Reads the whole database."""
    parameters = {
        "known": [f"{flow.name}:{state}" for flow in FLOWS.values() for state in flow.states],
        "marked_before": at - MARK_GRACE,
        "task_before": at - _task_limit(at),
        "own_gates": list(GATES),
        "depths": list(DEPTHS),
    }
    results = [_broken(name, sql, parameters) for name, sql in RULES.items()]
    results.append(_audit())
    Check.objects.bulk_create(
        Check(name=r.name, at=at, broken=r.broken, examples=list(r.examples)) for r in results
    )
    told = {r.name: r.broken for r in results if r.broken}
    record(action="loops.check", subject="loops", by=SYSTEM, at=at, facts=told)
    return results


def latest() -> list[Check]:
    """The last result of each invariant. One query."""
    return list(Check.objects.order_by("name", "-at").distinct("name"))


def _broken(name: str, sql: str, parameters: dict[str, object]) -> Result:
    counted = f"SELECT count(*) OVER (), told FROM ({sql}) AS broken LIMIT {SHOWN}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(counted, parameters)  # type: ignore[arg-type]
        found = cursor.fetchall()
    return Result(name, int(found[0][0]) if found else 0, tuple(str(told) for _, told in found))


def _audit() -> Result:
    """No entry of the audit is altered, missing or out of order."""
    broken = [f"{fault.chain}#{fault.seq} {fault.reason}" for fault in faults()]
    return Result("audit", len(broken), tuple(broken[:SHOWN]))
