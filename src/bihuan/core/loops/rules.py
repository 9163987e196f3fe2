"""The flows of relays, tasks and problems, and what each move needs. Pure.

Facts that the checks read are listed in `services.facts`.
"""

from datetime import datetime, timedelta

from bihuan.core.flow import Check, Facts, Flow, Move


def owner(facts: Facts) -> str | None:
    """Only the organisation that owes may answer."""
    return None if facts["is_owner"] else "loop.not_owner"


def issuer(facts: Facts) -> str | None:
    """Only the organisation that demanded, or one above it, decides."""
    return None if facts["is_issuer"] else "loop.not_issuer"


def asker(facts: Facts) -> str | None:
    """Only the organisation that asked says whether it was answered."""
    return None if facts["is_asker"] else "request.not_asker"


def on_its_way(facts: Facts) -> str | None:
    """A request is passed on until it is where it was addressed (M187)."""
    return None if facts["passes_to"] is not None else "request.arrived"


def other_person(facts: Facts) -> str | None:
    """Whoever submitted may not accept (2.1 I3)."""
    return "loop.same_person" if facts["person_id"] == facts["submitted_by_id"] else None


def other_org_when_major(facts: Facts) -> str | None:
    """A major problem is verified by another organisation (2.1 I3)."""
    same = facts["org_id"] == facts["submitted_org_id"]
    return "loop.same_unit" if facts["grade"] == "major" and same else None


def second_person(facts: Facts) -> str | None:
    """A withdrawal needs somebody other than who asked for it."""
    return "loop.same_person" if facts["person_id"] == facts["asked_by_id"] else None


def has_evidence(facts: Facts) -> str | None:
    """At least one proof made after the assignment (2.1 I4)."""
    return None if facts["evidence_after_assignment"] > 0 else "loop.no_evidence"


def parts_closed(facts: Facts) -> str | None:
    """Work that was handed down must have come back first."""
    return "loop.parts_open" if facts["open_parts"] else None


def has_reason(facts: Facts) -> str | None:
    """A reason in words."""
    return None if facts["note"].strip() else "loop.no_reason"


def later_due(facts: Facts) -> str | None:
    """An extension must end later than the deadline it replaces."""
    until: datetime | None = facts["until"]
    return None if until is not None and until > facts["due_at"] else "loop.due_not_later"


def has_until(facts: Facts) -> str | None:
    """A pause ends at a stated moment in the future."""
    until: datetime | None = facts["until"]
    return None if until is not None and until > facts["at"] else "loop.no_until"


def has_interim(facts: Facts) -> str | None:
    """A major problem has an interim measure with a responsible post from grading on (2.1 I5)."""
    if facts["grade"] != "major":
        return None
    return None if facts["interim"] and facts["interim_post_id"] else "problem.no_interim"


def is_graded(facts: Facts) -> str | None:
    """A grade was chosen."""
    return None if facts["grade"] else "problem.no_grade"


def all_mapped(facts: Facts) -> str | None:
    """Every upper demand has local tasks or a signed "none here, because …" (M007)."""
    return "relay.unmapped" if facts["unmapped"] else None


def has_decision(facts: Facts) -> str | None:
    """The node held its own meeting or took a decision."""
    return None if facts["decided"] else "relay.no_decision"


def gate_found_out(facts: Facts) -> str | None:
    """G1 隐患没查清不放过: cause, extent, and similar places swept or declared not applicable."""
    known = facts["cause"] and facts["extent"] and facts["similar"]
    return None if known else "gate.not_found_out"


def gate_rectified(facts: Facts) -> str | None:
    """G2 问题没整改不放过: verified by another, and a re-check is scheduled."""
    done = facts["verified_at"] and facts["recheck_at"] and not facts["open_tasks"]
    return None if done else "gate.not_rectified"


def gate_answered_for(facts: Facts) -> str | None:
    """G3 责任不落实不放过: at least one decided responsibility entry."""
    return None if facts["decided_responsibilities"] else "gate.not_answered_for"


def gate_remeasured(facts: Facts) -> str | None:
    """A problem with a figure to mend is closed by the new figure, not by words (M045)."""
    missing = facts["figure_name"] and facts["figure_after"] is None
    return "problem.no_remeasurement" if missing else None


def named_verifier(facts: Facts) -> str | None:
    """What a visit found is verified by the leader of its team (M035)."""
    verifier = facts["verifier_post_id"]
    return None if verifier in {None, facts["post_id"]} else "problem.not_leader"


def local_origin(facts: Facts) -> str | None:
    """An external finding is closed by its issuer's acceptance alone (M037)."""
    return "problem.external" if facts["external"] and not facts["external_accepted"] else None


def has_verdict(facts: Facts) -> str | None:
    """A signal is closed by a verdict, given on its own page."""
    return None if facts.get("verdict") else "signal.no_verdict"


def is_filed(facts: Facts) -> str | None:
    """What was asked of an investigation is there."""
    return None if facts.get("filed") else "inquiry.incomplete"


def domain_gate(move: str) -> Check:
    """What the domain of a loop still misses for a move (`gates.GATES`)."""

    def gate(facts: Facts) -> str | None:
        return next(iter(facts.get("domain_missing", {}).get(move, ())), None)

    return gate


def _from(*states: str) -> frozenset[str]:
    return frozenset(states)


UNDO = "unacknowledge"


def just_acknowledged(facts: Facts) -> str | None:
    """Taken back by whoever gave it, at once, before anything else happened."""
    return None if facts.get("just_acknowledged") else "undo.too_late"


def _received(duty: str) -> tuple[Move, Move]:
    """Acknowledge, and take it back."""
    return (
        Move("acknowledge", _from("issued"), "acknowledged", duty, (owner,)),
        Move(UNDO, _from("acknowledged"), "issued", duty, (owner, just_acknowledged)),
    )


_WORKING = _from("issued", "acknowledged", "returned")

TASK_FLOW = Flow(
    name="task",
    start="issued",
    ends=_from("closed", "withdrawn"),
    moves=(
        *_received("task.do"),
        Move("prove", _WORKING, "submitted", "task.do",
             (owner, has_evidence, parts_closed, domain_gate("prove"))),
        Move("accept", _from("submitted"), "closed", "task.accept", (issuer, other_person)),
        Move("return", _from("submitted"), "returned", "task.accept",
             (issuer, other_person, has_reason)),
        Move("extend", _WORKING, "", "task.extend", (issuer, has_reason, later_due)),
        Move("pause", _WORKING, "suspended", "task.extend", (issuer, has_reason, has_until)),
        Move("resume", _from("suspended"), "acknowledged", "task.extend", (issuer,)),
        Move("ask_withdraw", _WORKING, "withdrawing", "loop.read", (has_reason,)),
        Move("confirm_withdraw", _from("withdrawing"), "withdrawn", "withdraw.confirm",
             (issuer, second_person)),
        Move("refuse_withdraw", _from("withdrawing"), "acknowledged", "withdraw.confirm",
             (issuer, has_reason)),
        Move("reopen", _from("closed"), "returned", "task.accept", (issuer, has_reason)),
        # A rule took its place: the product alone makes this move, no post holds its duty.
        Move("supersede", _WORKING | _from("submitted", "suspended", "withdrawing"), "withdrawn",
             "loop.supersede", (has_reason,)),
        # Its period is over: likewise the product's own move; what is not done stays undone.
        Move("lapse", _WORKING | _from("submitted", "suspended", "withdrawing"), "withdrawn",
             "loop.lapse", (has_reason,)),
    ),
)  # fmt: skip

RELAY_FLOW = Flow(
    name="relay",
    start="issued",
    ends=_from("closed", "withdrawn"),
    moves=(
        *_received("relay.answer"),
        Move("plan", _from("acknowledged", "returned"), "planned", "relay.answer",
             (owner, has_decision, all_mapped)),
        Move("prove", _from("planned"), "submitted", "relay.answer", (owner, parts_closed)),
        Move("accept", _from("submitted"), "closed", "task.accept", (issuer, other_person)),
        Move("return", _from("planned", "submitted"), "returned", "task.accept",
             (issuer, has_reason)),
        Move("extend", _from("issued", "acknowledged", "planned", "returned"), "", "task.extend",
             (issuer, has_reason, later_due)),
        Move("ask_withdraw", _from("issued", "acknowledged", "planned", "returned"),
             "withdrawing", "directive.issue", (has_reason,)),
        Move("confirm_withdraw", _from("withdrawing"), "withdrawn", "withdraw.confirm",
             (issuer, second_person)),
        Move("refuse_withdraw", _from("withdrawing"), "acknowledged", "withdraw.confirm",
             (issuer, has_reason)),
    ),
)  # fmt: skip

_UNDER_WAY = _from("registered", "graded", "assigned", "rectifying")

PROBLEM_FLOW = Flow(
    name="problem",
    start="found",
    ends=_from("closed", "withdrawn"),
    moves=(
        Move("register", _from("found"), "registered", "problem.find"),
        Move("grade", _from("registered", "graded", "assigned", "rectifying"), "graded",
             "problem.grade", (is_graded, domain_gate("grade"), has_interim)),
        Move("assign", _from("graded", "assigned"), "assigned", "problem.grade", (has_interim,)),
        Move("begin", _from("assigned"), "rectifying", "problem.do",
             (owner, domain_gate("begin"))),
        Move("prove", _from("rectifying"), "submitted", "problem.do", (owner, has_evidence)),
        Move("verify", _from("submitted"), "verified", "problem.accept",
             (issuer, named_verifier, other_person, other_org_when_major)),
        Move("return", _from("submitted", "verified"), "rectifying", "problem.accept",
             (issuer, has_reason)),
        Move("close", _from("verified"), "closed", "problem.accept",
             (issuer, gate_found_out, gate_rectified, gate_answered_for, gate_remeasured,
              local_origin, domain_gate("close"))),
        Move("extend", _UNDER_WAY, "", "task.extend", (has_reason, later_due)),
        Move("pause", _from("assigned", "rectifying"), "suspended", "task.extend",
             (has_reason, has_until, has_interim)),
        # Back to before the work: a pause must not lead around what beginning it asks for.
        Move("resume", _from("suspended"), "assigned", "task.extend"),
        Move("ask_withdraw", _from("found", "registered", "graded", "assigned", "rectifying"),
             "withdrawing", "loop.read", (has_reason,)),
        Move("confirm_withdraw", _from("withdrawing"), "withdrawn", "withdraw.confirm",
             (second_person,)),
        Move("refuse_withdraw", _from("withdrawing"), "registered", "withdraw.confirm",
             (has_reason,)),
        Move("reopen", _from("closed"), "rectifying", "problem.accept", (issuer, has_reason)),
    ),
)  # fmt: skip

_OPEN = _from("issued", "acknowledged")

SIGNAL_FLOW = Flow(
    name="signal",
    start="issued",
    ends=_from("closed"),
    moves=(
        *_received("signal.verify"),
        Move("judge", _OPEN, "closed", "signal.verify", (owner, has_verdict, has_reason)),
        Move("watch", _OPEN, "", "signal.verify", (owner, has_reason, later_due)),
    ),
)  # fmt: skip

INQUIRY_FLOW = Flow(
    name="inquiry",
    start="issued",
    ends=_from("closed"),
    moves=(
        *_received("case.write"),
        Move("file", _OPEN, "closed", "case.write", (owner, is_filed)),
    ),
)

NEED_FLOW = Flow(
    name="need",
    start="issued",
    ends=_from("closed"),
    moves=(
        *_received("care.answer"),
        Move("answer", _OPEN, "closed", "care.answer", (owner, has_reason, domain_gate("answer"))),
        Move("lapse", _OPEN, "closed", "care.clock"),  # the clock passes it to the next tier
    ),
)

_ASKED = _from("issued", "acknowledged", "returned")

REQUEST_FLOW = Flow(
    name="request",
    start="issued",
    ends=_from("closed", "withdrawn"),
    moves=(
        *_received("task.do"),
        Move("answer", _ASKED, "submitted", "task.do", (owner, has_reason)),
        Move("pass_on", _ASKED, "issued", "task.do", (owner, on_its_way)),
        Move("accept", _from("submitted"), "closed", "relay.answer", (asker, other_person)),
        Move("return", _from("submitted"), "returned", "relay.answer", (asker, has_reason)),
        Move("ask_withdraw", _ASKED, "withdrawing", "relay.answer", (asker, has_reason)),
        Move("confirm_withdraw", _from("withdrawing"), "withdrawn", "withdraw.confirm",
             (asker, second_person)),
    ),
)  # fmt: skip

FLOWS = {
    flow.name: flow
    for flow in (
        TASK_FLOW,
        RELAY_FLOW,
        PROBLEM_FLOW,
        REQUEST_FLOW,
        SIGNAL_FLOW,
        INQUIRY_FLOW,
        NEED_FLOW,
    )
}


def lateness(*, due: datetime, closed_at: datetime | None, at: datetime) -> timedelta:
    """How late an obligation was, as known at `at`; zero when it was on time.

    An open obligation grows later with `at`; a closed one keeps the lateness it closed with.
    """
    reached = closed_at if closed_at is not None and closed_at <= at else at
    return max(reached - due, timedelta(0))


def escalation_level(*, overdue_since: datetime, at: datetime, step: timedelta) -> int:
    """Steps of the portfolio chain that overdue work has climbed: 1 at once, then one a step."""
    return 1 + int((at - overdue_since) / step)
