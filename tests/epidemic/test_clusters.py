"""The file of a cluster: opened once with leader, clock and checklist; closed by another's judgement."""

from datetime import timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.selectors import mine
from bihuan.core.loops.services import act, add_proof
from bihuan.core.loops.services.proof import Proof
from bihuan.core.loops.types import MoveInput
from bihuan.epidemic.models import Cluster
from bihuan.epidemic.selectors.clusters import bars_of, cluster_rows, fetch_cluster, members
from bihuan.epidemic.services.clusters import (
    Found,
    conclude,
    open_cluster,
    state_hypothesis,
    tick_step,
)
from bihuan.epidemic.services.watching import open_clusters
from tests.epidemic.test_chains import laid


@pytest.fixture
def outbreak(world, event, at):
    day = local_date(at) - timedelta(days=9)
    laid(world, event, at, [("1", day, "", "一中二班"), ("2", day + timedelta(days=5), "", "一中二班"),
                            ("3", day + timedelta(days=3), "", "二中")])  # fmt: skip
    return event


@pytest.fixture
def file(outbreak, at):
    assert open_clusters(at=at) == 1
    return Cluster.objects.get()


def leader(world, file):
    owner = file.obligation.owner_post_id
    return next(world.actor(n) for n in ("cdc", "cdc2") if world.actor(n).post_id == owner)


def ticked(file, by, at, but=""):
    for step in file.steps.exclude(key=but):
        tick_step(cluster_id=file.pk, key=step.key, state="done", note="", by=by, at=at)


def test_two_of_a_class_open_one_file_with_leader_clock_and_checklist(world, file, outbreak, at):
    assert open_clusters(at=at) == 0  # once, however often the clock runs
    assert (file.name, file.obligation.issuer_post_id) == ("一中二班", world.cdc_city.post_id)
    assert file.obligation.due_at == at + timedelta(days=7)
    assert file.steps.count() == 7
    assert file.obligation_id in {row.id for row in mine(by=leader(world, file), at=at).rows}
    (row,) = cluster_rows(event=outbreak, by=world.cdc, at=at)
    assert (row.cases, row.done, row.steps) == (2, 0, 7)


def test_a_third_case_of_the_place_joins_and_one_of_another_school_does_not(
    world, file, outbreak, at
):
    day = local_date(at) - timedelta(days=1)
    laid(world, outbreak, at, [("4", day, "", "一中二班"), ("5", day, "", "三中")])
    cases = members(row=file, by=world.cdc, at=at)
    assert [bar.counts[0] for bar in bars_of(cases)] == [1, 0, 0, 0, 0, 1, 0, 0, 1]


def test_the_file_is_concluded_when_every_line_is_done_and_another_judges(world, file, at):
    by = leader(world, file)
    ticked(file, by, at, but="tell")
    given = {"cluster_id": file.pk, "outcome": "controlled", "reason": "14 日无新发"}
    with pytest.raises(MoveBlocked, match=r"cluster.steps_open"):
        conclude(**given, by=by, at=at)
    with pytest.raises(Invalid, match=r"cluster.no_reason"):
        tick_step(cluster_id=file.pk, key="tell", state="waived", note=" ", by=by, at=at)
    tick_step(cluster_id=file.pk, key="tell", state="waived", note="负责人已在场", by=by, at=at)
    conclude(**given, by=by, at=at)
    with pytest.raises(Conflict, match=r"cluster.submitted"):
        state_hypothesis(cluster_id=file.pk, text="x", by=by, at=at)
    pk = file.obligation_id
    act(obligation_id=pk, move="return", by=world.cdc_city, at=at, given=MoveInput(note="缺标本"))
    state_hypothesis(cluster_id=file.pk, text="教室通风不良", by=by, at=at)
    conclude(**given, by=by, at=at)
    act(obligation_id=pk, move="accept", by=world.cdc_city, at=at)
    assert Obligation.objects.get(pk=pk).state == "closed"


def test_the_page_of_the_loop_does_not_pass_the_checklist_by(world, file, at):
    by = leader(world, file)
    add_proof(obligation_id=file.obligation_id, given=Proof(text="做完了"), by=by, at=at)
    with pytest.raises(MoveBlocked, match=r"cluster.steps_open"):
        act(obligation_id=file.obligation_id, move="prove", by=by, at=at)
    ticked(file, by, at)
    with pytest.raises(MoveBlocked, match=r"cluster.no_outcome"):
        act(obligation_id=file.obligation_id, move="prove", by=by, at=at)


def test_a_person_opens_a_file_once_and_only_where_a_case_was(world, outbreak, at):
    found = Found("二中", local_date(at))
    open_cluster(event_id=outbreak.pk, found=found, by=world.cdc, at=at)
    with pytest.raises(Conflict, match=r"cluster.there"):
        open_cluster(event_id=outbreak.pk, found=found, by=world.cdc2, at=at)
    with pytest.raises(Invalid, match=r"cluster.no_place"):
        open_cluster(event_id=outbreak.pk, found=Found("火星", found.first), by=world.cdc, at=at)
    with pytest.raises(NotAllowed):
        open_cluster(event_id=outbreak.pk, found=found, by=world.clinic, at=at)


def test_others_neither_read_nor_change_a_file(world, file, at):
    for name in ("cdc_south", "cdc_hill", "police", "township", "clinic", "mayor"):
        with pytest.raises(NotFound):
            fetch_cluster(cluster_id=file.pk, by=world.actor(name))
    with pytest.raises(NotAllowed):
        tick_step(cluster_id=file.pk, key="verify", state="done", note="", by=world.cdc_city, at=at)
