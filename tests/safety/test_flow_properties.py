"""Whatever order things happen in: what must hold of hazards, accidents, files and phones."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.errors import Invalid, MoveBlocked, NoSuchMove
from bihuan.core.loops.rules import PROBLEM_FLOW, TASK_FLOW
from bihuan.core.packs import registry
from bihuan.safety.rules.accidents import (
    CLASSES,
    Harm,
    classify,
    late_minutes,
    most,
    report_state,
)
from bihuan.safety.rules.exchange import KINDS, sort_out, specs_of
from bihuan.safety.rules.field import read_sent
from bihuan.safety.rules.hazards import COMMITMENTS, RESTART_PARTIES, Step, gates, restart_missing
from bihuan.safety.rules.recurrence import Recurrence

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
MOVES = sorted({move.name for move in PROBLEM_FLOW.moves})
figures = st.builds(
    Harm, deaths=st.integers(0, 40), serious=st.integers(0, 120), missing=st.integers(0, 5),
    loss=st.integers(0, 150_000_000),
)  # fmt: skip
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner,
                                                                max_size=3), max_leaves=8,
)  # fmt: skip


class Walker:
    """One hazard that somebody pushes about; it knows what was done, the flow knows the way."""

    def __init__(self, grade, stopped):
        self.state, self.grade, self.stopped = PROBLEM_FLOW.start, grade, stopped
        self.hazard = {"criterion": ""}
        self.submitter = self.interim = None
        self.evidence = 0
        self.answered = False

    def facts(self, person):
        lacks = gates(self.hazard, grade=self.grade, stopped=self.stopped)
        return {
            "person_id": person, "org_id": person, "is_owner": person == 1, "is_issuer": person != 1,
            "post_id": person, "verifier_post_id": None, "submitted_by_id": self.submitter,
            "submitted_org_id": self.submitter, "asked_by_id": 1, "grade": self.grade,
            "interim": self.interim, "interim_post_id": self.interim, "note": "理由",
            "until": NOON + timedelta(days=9), "at": NOON, "due_at": NOON,
            "evidence_after_assignment": self.evidence, "cause": "x", "extent": "x", "similar": "x",
            "verified_at": NOON, "recheck_at": NOON, "open_tasks": 0, "figure_name": "",
            "decided_responsibilities": int(self.answered), "external": False,
            "domain_missing": lacks,
        }  # fmt: skip

    def push(self, name, person):
        """Make a move if the flow lets it; what was made."""
        try:
            move = PROBLEM_FLOW.find(name, self.state)
            move.check(self.facts(person))
        except (NoSuchMove, MoveBlocked):
            return False
        self.submitter = person if name == "prove" else self.submitter
        self.state = move.target or self.state
        return True

    def prepare(self, what):
        """Something that gates ask for is done."""
        if what == "criterion":
            self.hazard["criterion"] = "fire.exit"
        elif what == "commitments":
            self.hazard |= dict.fromkeys(COMMITMENTS, "x")
        elif what == "interim":
            self.interim = 7
        elif what == "evidence":
            self.evidence += 1
        elif what == "answered":
            self.answered = True


doings = st.one_of(
    st.sampled_from(("criterion", "commitments", "interim", "evidence", "answered")),
    st.tuples(st.sampled_from(MOVES), st.integers(1, 3)),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(("general", "major")), st.booleans(), st.lists(doings, max_size=60))
def test_no_order_of_moves_leads_a_hazard_around_its_gates(grade, stopped, story):
    walker = Walker(grade, stopped)
    for doing in story:
        if isinstance(doing, str):
            walker.prepare(doing)
            continue
        name, person = doing
        before = walker.state
        if not walker.push(name, person):
            assert walker.state == before
            continue
        if walker.state in {"rectifying", "submitted", "verified", "closed"} and grade == "major":
            assert all(walker.hazard.get(one) for one in COMMITMENTS)
            assert walker.interim
        if walker.state in {"verified", "closed"}:
            assert walker.evidence
        if name == "verify":
            assert person != walker.submitter
        if name == "close":
            assert walker.answered
            assert not stopped


def test_a_pause_does_not_lead_around_the_five_commitments():
    walker = Walker("major", stopped=False)
    for what in ("criterion", "interim"):
        walker.prepare(what)
    for name in ("register", "grade", "assign", "pause", "resume"):
        assert walker.push(name, 2)
    assert walker.state == "assigned"
    assert not walker.push("begin", 1)


def test_the_straight_way_closes_a_major_hazard():
    walker = Walker("major", stopped=False)
    for doing in ("criterion", "interim", ("register", 2), ("grade", 2), ("assign", 2),
                  "commitments", ("begin", 1), "evidence", ("prove", 1), ("verify", 2), "answered",
                  ("close", 2)):  # fmt: skip
        if isinstance(doing, str):
            walker.prepare(doing)
        else:
            assert walker.push(*doing), doing
    assert walker.state == "closed"


def test_what_the_product_supersedes_ends_from_every_open_state():
    for state in TASK_FLOW.states - TASK_FLOW.ends:
        assert TASK_FLOW.find("supersede", state).target == "withdrawn"


@settings(max_examples=60, deadline=None)
@given(st.lists(figures, min_size=1, max_size=5), st.permutations(range(5)))
def test_the_class_is_the_gravest_of_all_sources_and_never_falls_with_another(sources, order):
    table = registry.table("accident_class", NOON)
    grade = classify(most(sources), table)
    mixed = [sources[i] for i in order if i < len(sources)]
    assert classify(most(mixed), table) == grade
    ranks = [CLASSES.index(classify(one, table)) for one in sources]
    assert CLASSES.index(grade) == max(ranks)
    fewer = classify(most(sources[1:]), table)
    assert CLASSES.index(fewer) <= CLASSES.index(grade)


@given(st.integers(0, 10_000), st.none() | st.integers(0, 10_000), st.none() | st.integers(0, 10_000),
       st.integers(0, 20_000))  # fmt: skip
def test_a_report_has_one_of_five_states_and_late_ones_are_late_by_a_minute(due, sent, false, at):
    def moment(seconds):
        return None if seconds is None else NOON + timedelta(seconds=seconds)

    state = report_state(due=moment(due), sent=moment(sent), false_at=moment(false), at=moment(at))
    here = sent is not None and sent <= at
    assert here == (state in {"on_time", "late", "false"})
    if not here:
        assert (state == "missing") == (at > due)
        return
    minutes = late_minutes(due=moment(due), sent=moment(sent))
    assert (minutes > 0) == (sent > due)
    if state != "false":
        assert (state == "late") == (minutes > 0)


@given(st.lists(st.none() | st.booleans(), max_size=6),
       st.sets(st.sampled_from((*RESTART_PARTIES, "guest"))))  # fmt: skip
def test_work_restarts_only_when_every_step_is_fine_and_three_parties_signed(found, signed):
    steps = [Step(str(n), fine) for n, fine in enumerate(found)]
    allowed = not restart_missing(steps, signed)
    assert allowed == (all(fine is True for fine in found) and set(RESTART_PARTIES) <= signed)


GOOD = "11111111-1111-4111-8111-111111111111"
ids = st.sampled_from((GOOD, "7", f"{{{GOOD}}}")) | anything
records = st.one_of(
    anything,
    st.fixed_dictionaries({"id": ids, "companyCode": st.just("1"), "riskUnitName": st.just("罐区")}),
    st.fixed_dictionaries({"id": ids, "companyCode": st.just("1"), "riskEventName": st.just("泄漏"),
                           "riskUnitId": ids}),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(KINDS), st.lists(records, max_size=4) | anything))
def test_every_record_of_a_hostile_file_is_taken_or_named(told):
    specs = specs_of(registry.table("exchange_record", NOON))
    found = sort_out(told, specs, {})
    sent = sum(len(rows) for rows in told.values() if isinstance(rows, list))
    assert sum(map(len, found.records.values())) + len(found.faults) == sent
    assert all(fault.code.startswith("exchange.") for fault in found.faults)


@settings(max_examples=60, deadline=None)
@given(anything | st.fixed_dictionaries(
    dict.fromkeys(("establishment", "checklist", "seen", "begun_at", "ended_at", "answers",
                   "hazards", "photos", "signature", "signer"), anything)
))  # fmt: skip
def test_whatever_a_phone_sends_is_read_or_refused_by_field(raw):
    with pytest.raises(Invalid) as refused:
        read_sent(raw)
    assert refused.value.code == "field.malformed"
    assert refused.value.facts["field"]


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 400))
def test_a_measure_is_judged_only_when_as_much_time_has_passed(before, after, elapsed):
    told = Recurrence(before, after, 90, elapsed)
    if elapsed < 90 or not before:
        assert told.change is None
    else:
        assert (told.change < 0) <= (after < before)
        assert told.change >= -100
