"""Which duties a post carries, who is a nominal owner, and the four ratios of stewardship."""

from dataclasses import dataclass

from bihuan.core.orgs.types import Role

_DESK = frozenset({"relay.answer", "task.do", "task.accept", "task.assign", "evidence.add",
                   "problem.find", "problem.do", "slot.sign", "loop.read"})  # fmt: skip
_LEAD = frozenset({"task.extend", "withdraw.confirm", "problem.decide", "personal.act",
                   "stricter.consent", "consequence.decide"})  # fmt: skip
_STEER = frozenset({"directive.draft", "directive.issue", "problem.grade", "problem.accept",
                    "supervise.plan", "supervise.visit", "withdraw.confirm",
                    "task.extend"})  # fmt: skip

# Who sees of an epidemic: figures and orders / case files / who somebody is.
_EPIDEMIC = frozenset({"sensing.read", "epidemic.read"})
# Of isolation and care: figures / who is where / one's own site or hospital.
_CARE = frozenset({"care.read"})
_CARE_DESK = _CARE | {"care.manage"}
# Of the other side's person: put a question / let it go out / answer it; let installations in.
_ASK = frozenset({"question.ask", "question.approve", "question.answer", "situation.judge",
                  "situation.sign", "report.file"})  # fmt: skip
# Of festivals, key periods and people flows: plans, and counts without anybody in them.
_SEASON = frozenset({"period.read", "flow.read"})
_PLAN = _SEASON | {"period.plan", "flow.write"}
_FILES = _EPIDEMIC | _ASK | {"signal.verify", "sensing.manage", "sensing.report", "case.read",
                      "case.write", "contact.do", "order.draft", "vault.read",
                      "vault.break_glass"}  # fmt: skip

DUTIES: dict[Role, frozenset[str]] = {
    Role.COMMANDER: _DESK | _LEAD | _STEER | _EPIDEMIC | _CARE | _PLAN | {
        "rules.read", "audit.read", "order.sign", "situation.sign", "question.approve"},
    Role.DEPUTY: _DESK | _LEAD | _EPIDEMIC | _CARE | _SEASON | {
        "directive.draft", "problem.grade", "rules.read", "order.sign", "situation.sign",
        "question.approve"},
    Role.OFFICE: _DESK | _STEER | _EPIDEMIC | _CARE_DESK | _PLAN | {
        "people.manage", "rules.read", "invariants.read", "signal.verify", "order.draft",
        "report.file", "peer.manage"},
    Role.DEPARTMENT: _DESK | _SEASON | {"flow.write", "directive.draft", "problem.grade", "problem.accept",
                              "supervise.visit", "rules.read", "question.answer"},
    Role.NODE: _DESK | _EPIDEMIC | _PLAN | {"directive.draft", "directive.issue", "problem.grade",
                                    "problem.accept", "rules.read", "signal.verify",
                                    "sensing.report", "contact.do", "vault.break_glass",
                                    "care.take", "question.answer"},
    Role.EPIDEMIOLOGY: _FILES | _CARE_DESK | _SEASON | {
        "flow.write", "care.place", "care.answer", "loop.read", "task.do", "task.accept", "task.assign",
        "evidence.add", "rules.read"},
    Role.SENTINEL: frozenset({"gate.keep", "loop.read", "task.do", "evidence.add", "sensing.report",
                              "case.report", "fever.do", "problem.do"}),
    Role.CARE: frozenset({"gate.keep", "loop.read", "task.do", "evidence.add", "care.do",
                          "care.take", "care.answer", "fever.do", "problem.do"}),
    Role.INSPECTOR: frozenset({"loop.read", "supervise.visit", "supervise.plan", "problem.find",
                               "problem.grade", "problem.accept", "evidence.add", "rules.read"}),
    Role.UNIT: frozenset({"gate.keep", "loop.read", "task.do", "problem.do", "problem.find",
                          "evidence.add", "slot.sign"}),
    Role.AUDITOR: frozenset({"audit.read", "rules.read", "invariants.read", "vault.review"}),
    Role.ADMIN: frozenset({"people.manage", "places.manage", "rules.read", "invariants.read",
                           "audit.read", "peer.manage"}),
}  # fmt: skip

# Posts of these roles see every loop of their place and below; the others see their own.
SEES_PLACE = frozenset({Role.COMMANDER, Role.DEPUTY, Role.OFFICE, Role.NODE, Role.INSPECTOR})
SEES_SECTORS = frozenset({Role.DEPARTMENT, Role.EPIDEMIOLOGY})
SEES_OWN = frozenset({Role.UNIT, Role.SENTINEL, Role.CARE})


def is_nominal(places: int, limit: int) -> bool:
    """An owner of more places than the limit answers for none of them (2.4 I6)."""
    return places > limit


@dataclass(frozen=True, slots=True)
class Stewardship:
    """The four ratios of a node (2.4 I5); None where the denominator is zero."""

    owned: float | None  # 有责: filled slots / slots
    signed: float | None  # 担责: signed / filled
    done: float | None  # 尽责: done in time with evidence / due
    effective: float | None  # 有方: 1 - repeat rate

    slots: int = 0
    filled: int = 0
    signatures: int = 0
    due: int = 0
    on_time: int = 0
    problems: int = 0
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures that stewardship is computed from."""

    slots: int
    filled: int
    signatures: int
    due: int
    on_time: int
    problems: int
    repeats: int


def stewardship(counts: Counts) -> Stewardship:
    """The four ratios: 守土有责、担责、尽责、有方. Never one sum."""

    def share(part: int, whole: int) -> float | None:
        return part / whole if whole else None

    repeat = share(counts.repeats, counts.problems)
    return Stewardship(
        owned=share(counts.filled, counts.slots),
        signed=share(counts.signatures, counts.filled),
        done=share(counts.on_time, counts.due),
        effective=None if repeat is None else 1 - repeat,
        slots=counts.slots, filled=counts.filled, signatures=counts.signatures, due=counts.due,
        on_time=counts.on_time, problems=counts.problems, repeats=counts.repeats,
    )  # fmt: skip
