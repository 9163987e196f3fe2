"""Findings from outside are answered here and closed by their issuer alone."""

import pytest

from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotFound
from bihuan.core.loops.models import Obligation, Problem
from bihuan.core.loops.services import (
    act,
    decide_responsibility,
    describe_problem,
    propose_responsibility,
    reply_responsibility,
    serve_problem,
)
from bihuan.core.loops.services.problems import Description
from bihuan.core.loops.types import MoveInput
from bihuan.supervision.models import ExternalItem
from bihuan.supervision.selectors.external import external_list, external_lists
from bihuan.supervision.services.external import (
    accept_finding,
    answer_finding,
    load_findings,
    preview_findings,
)
from bihuan.supervision.services.uploads import stage
from tests.conftest import NOON
from tests.factories import task
from tests.supervision.conftest import HOUR, prove, rectifying, say

SAYS = (say,)
GIVEN = {"issuer": "国家督查组", "document": "督查〔2026〕3号", "answer_by": "2026-04-10"}


def staged(world, text, **given):
    return stage(
        kind="external", file_name="findings.csv", data=text.encode(), given=GIVEN | given,
        by=world.head, at=NOON,
    ).pk  # fmt: skip


def listed(world, count=18):
    rows = "".join(
        f"{number},发现问题{number},{world.county.post_id}\n" for number in range(1, count + 1)
    )
    return f"序号,问题,责任岗位编号\n{rows}"


def loaded(world, text=None, **given):
    pk = staged(world, text or listed(world), **given)
    return load_findings(upload_id=pk, by=world.head, at=NOON, says=SAYS)


def verified(world, item):
    """Lead one finding through every gate but the issuer's."""
    row = rectifying(world, _back(item), by="head")
    prove(world, row, "county")
    act(obligation_id=row.pk, move="verify", by=world.head, at=NOON + HOUR)
    words = Description(cause="制度缺失", extent="全县", similar="已开展同类排查")
    describe_problem(obligation_id=row.pk, given=words, by=world.head, at=NOON + HOUR)
    entry = propose_responsibility(
        obligation_id=row.pk, party="territory", post_id=world.county.post_id, duty="日常监管",
        by=world.head, at=NOON + HOUR,
    )  # fmt: skip
    reply_responsibility(
        responsibility_id=entry.pk, reply="无异议", by=world.county, at=NOON + HOUR
    )
    decide_responsibility(
        responsibility_id=entry.pk, met=False, consequence="约谈", by=world.governor,
        at=NOON + HOUR,
    )  # fmt: skip
    return row


def _back(item):
    """The finding as just found: the helper registers it itself."""
    Obligation.objects.filter(pk=item.problem_id).update(state="found")
    return Obligation.objects.get(pk=item.problem_id)


def test_eighteen_findings_are_eighteen_problems_and_only_the_issuer_closes_them(world):
    parent, report = loaded(world)
    assert (report.added, report.refusals) == (18, ())
    origins = Problem.objects.values_list("origin_kind", "origin_name", "external").distinct()
    assert list(origins) == [("external", "国家督查组", True)]
    item = parent.items.get(number=7)
    row = verified(world, item)
    for given in (MoveInput(), MoveInput(external_accepted=True)):
        with pytest.raises(MoveBlocked) as refused:
            act(obligation_id=row.pk, move="close", by=world.head, at=NOON + HOUR, given=given)
        assert refused.value.code == "problem.external"
    answer_finding(item_id=item.pk, answer="已整改,附照片", by=world.head, at=NOON + HOUR)
    row.refresh_from_db()
    (_, items) = external_list(list_id=parent.pk, by=world.head, at=NOON)
    assert (items[6].state, row.closed_at) == ("answered", None)
    accept_finding(item_id=item.pk, document="督查验〔2026〕9号", by=world.head, at=NOON + HOUR)
    row.refresh_from_db()
    (shown, items) = external_list(list_id=parent.pk, by=world.head, at=NOON)
    assert (items[6].state, row.state) == ("closed", "closed")
    assert (shown.findings, shown.answered, shown.accepted) == (18, 1, 1)


def test_an_answer_waits_for_every_gate_of_our_own(world):
    parent, _ = loaded(world)
    item = parent.items.get(number=1)
    ask = {"item_id": item.pk, "answer": "已整改", "by": world.head, "at": NOON + HOUR}
    with pytest.raises(Conflict) as refused:
        answer_finding(**ask)
    assert refused.value.code == "external.not_verified"
    row = verified(world, item)
    open_task = task(world, owner="county", by="head")
    serve_problem(problem_id=row.pk, task_id=open_task.pk, by=world.head, at=NOON + HOUR)
    with pytest.raises(MoveBlocked) as blocked:
        answer_finding(**ask)
    assert blocked.value.code == "gate.not_rectified"


def test_acceptance_needs_an_answer_and_the_issuers_document(world):
    parent, _ = loaded(world)
    item = parent.items.get(number=1)
    with pytest.raises(Conflict) as refused:
        accept_finding(item_id=item.pk, document="文", by=world.head, at=NOON)
    assert refused.value.code == "external.not_answered"
    verified(world, item)
    answer_finding(item_id=item.pk, answer="已整改", by=world.head, at=NOON + HOUR)
    with pytest.raises(Invalid) as refused:
        accept_finding(item_id=item.pk, document=" ", by=world.head, at=NOON + HOUR)
    assert refused.value.code == "external.no_document"


def test_the_preview_names_what_will_be_left_out_and_writes_nothing(world):
    text = listed(world, 2) + "2,又一个,\n三,没有序号,\n4,,\n5,岗位不明,999999\n"
    pk = staged(world, text)
    report = preview_findings(upload_id=pk, by=world.head, at=NOON, says=SAYS)
    assert report.added == 2
    assert [(r.row, r.column, r.code) for r in report.refusals] == [
        (4, "number", "external.number_twice"), (5, "number", "external.number"),
        (6, "text", "brief.empty"), (7, "owner_post_id", "lists.post_unknown"),
    ]  # fmt: skip
    assert ExternalItem.objects.count() == Obligation.objects.count() == 0


def test_the_same_list_is_loaded_once(world):
    loaded(world)
    with pytest.raises(Conflict) as refused:
        loaded(world)
    assert refused.value.code == "upload.acted"
    assert Obligation.objects.count() == 18


def test_a_file_that_is_no_list_of_findings_is_refused(world):
    with pytest.raises(Invalid) as refused:
        loaded(world, "甲,乙\n1,2\n")
    assert refused.value.code == "external.no_table"
    with pytest.raises(Invalid) as refused:
        loaded(world, issuer=" ")
    assert refused.value.code == "external.no_issuer"


def test_a_list_of_the_province_is_not_shown_below(world):
    parent, _ = loaded(world)
    with pytest.raises(NotFound):
        external_list(list_id=parent.pk, by=world.city, at=NOON)
    assert external_lists(by=world.city, at=NOON) == ()
    (row,) = external_lists(by=world.governor, at=NOON)
    assert row.findings == 18
