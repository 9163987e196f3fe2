"""A demand stricter than its upper (T1): flagged with a reason, held by consent, else it lapses."""

from datetime import date

import pytest

from bihuan.command import services
from bihuan.command.rules import body_kind, stricter_state, title_of
from bihuan.command.selectors.sight import ordered_demands
from bihuan.command.selectors.stricter import stricter_demands
from bihuan.core.errors import Invalid, MoveBlocked, NotAllowed, NotFound
from tests.command.builders import HOUR, acknowledged, demand, directive, local_task
from tests.conftest import NOON

UNTIL = date(2026, 4, 6)


@pytest.fixture
def suspended(world):
    """The province encourages green sweeping; the city suspends on-site sweeping."""
    row = directive(world, demand(1, text="倡导绿色文明祭扫"))
    relay = acknowledged(row, world)
    return local_task(
        relay, ordered_demands(row.pk)[0].pk, world, text="现场祭扫活动暂停",
        stricter="墓园集中,疫情未清零", stricter_until=UNTIL,
    ).brief  # fmt: skip


def test_it_holds_once_the_upper_node_consents(world, suspended):
    (row,) = stricter_demands(by=world.governor, at=NOON + 2 * HOUR)
    assert (row.state, row.mine_to_decide) == ("waiting", True)
    assert (row.upper_text, row.text) == ("倡导绿色文明祭扫", "现场祭扫活动暂停")
    services.consent_to_stricter(brief_id=suspended.pk, by=world.governor, at=NOON + 2 * HOUR)
    (row,) = stricter_demands(by=world.city, at=NOON + 40 * HOUR)
    assert (row.state, row.consented_by) == ("consented", world.governor.name)


def test_it_lapses_without_consent_in_24_hours(world, suspended):
    (row,) = stricter_demands(by=world.city, at=NOON + 26 * HOUR)
    assert row.state == "lapsed"
    with pytest.raises(MoveBlocked) as refused:
        services.consent_to_stricter(brief_id=suspended.pk, by=world.governor, at=NOON + 26 * HOUR)
    assert refused.value.code == "stricter.lapsed"


def test_only_a_leader_of_the_upper_node_consents(world, suspended):
    with pytest.raises(NotAllowed):
        services.consent_to_stricter(brief_id=suspended.pk, by=world.head, at=NOON + 2 * HOUR)
    with pytest.raises(NotFound):
        services.consent_to_stricter(brief_id=suspended.pk, by=world.mayor, at=NOON + 2 * HOUR)


def test_it_needs_an_end(world):
    row = directive(world, demand(1))
    relay = acknowledged(row, world)
    with pytest.raises(Invalid) as refused:
        local_task(relay, ordered_demands(row.pk)[0].pk, world, stricter="从严")
    assert refused.value.code == "stricter.no_end"


@pytest.mark.parametrize(
    ("consented", "until", "hours", "state"),
    [
        (None, UNTIL, 1, "waiting"),
        (None, UNTIL, 24, "lapsed"),
        (NOON, UNTIL, 48, "consented"),
        (NOON, date(2026, 3, 9), 1, "ended"),
    ],
)
def test_where_a_stricter_demand_stands(consented, until, hours, state):
    now = NOON + hours * HOUR
    found = stricter_state(
        decide_by=NOON + 24 * HOUR, consented_at=consented, until=until, today=now.date(), at=now
    )
    assert found == state


def test_titles_are_the_first_clause():
    assert title_of("要对渡口开展排查。其余照旧。") == "要对渡口开展排查"
    assert len(title_of("很长的要求," * 20)) <= 40


def test_safety_demands_go_to_the_committee():
    assert (body_kind("work-safety"), body_kind("testing")) == ("safety_committee", "headquarters")
