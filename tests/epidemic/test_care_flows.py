"""Whatever people do, in whatever order: one owner, one stay, one chain in a room, no late end."""

from itertools import pairwise
from random import Random

import pytest

from bihuan.core.errors import Refused
from bihuan.epidemic.models import Charge, Custody, Handover, Stay
from bihuan.epidemic.selectors import care
from bihuan.epidemic.services import charges, stays
from tests.epidemic.builders import add_health
from tests.epidemic.care import (
    DAY,
    HOUR,
    NINTH,
    add_care,
    case_of,
    charge_of,
    contact_of,
    facility,
    room,
)
from tests.factories import build_world

STEPS = 60


@pytest.fixture
def world(db):
    return add_care(add_health(build_world(NINTH)))


class Life:
    """People, rooms and a clock that only goes forward; each step is one act of somebody."""

    def __init__(self, world, seed):
        self.world, self.random, self.at = world, Random(seed), NINTH
        site = facility(world, NINTH - DAY)
        ward = facility(world, NINTH - DAY, name="hospital", kind="hospital")
        self.beds = [room(world, site, f"R{n}", at=NINTH, beds=2) for n in range(3)]
        self.beds.append(room(world, ward, "W", at=NINTH, kind="ordinary", beds=2, ward="W"))
        for n in (1, 2):
            case = case_of(world, NINTH, number=n, findings=("pcr", "imaging"))
            charge_of(world, NINTH, case=case)
            for m in (1, 2):
                contact = contact_of(world, case, NINTH, number=10 * n + m)
                charge_of(world, NINTH, contact=contact)
        self.acts = (self.offer, self.offer, self.take, self.take, self.refuse, self.tick,
                     self.discharge)  # fmt: skip

    def step(self):
        self.at += HOUR * self.random.randint(1, 9)
        self.random.choice(self.acts)()

    def somebody(self):
        return self.random.choice(list(Charge.objects.order_by("pk")))

    def offer(self):
        bed = self.random.choice([*self.beds, None])
        target = charges.Target(bed.facility_id, bed.pk) if bed else charges.Target()
        charges.offer(charge_id=self.somebody().pk, target=target, by=self.world.cdc, at=self.at)

    def take(self):
        row = self.random.choice(
            list(Handover.objects.filter(care.WAITED).order_by("pk")) or [None]
        )
        if row is not None:
            taker = self.random.choice(["inn", "hospital", "community"])
            charges.take_over(handover_id=row.pk, notice_given=self.random.random() < 0.9,
                              by=self.world.actor(taker), at=self.at)  # fmt: skip

    def refuse(self):
        row = Handover.objects.filter(care.WAITED).first()
        if row is not None:
            charges.refuse_handover(handover_id=row.pk, reason="满", by=self.world.inn, at=self.at)

    def tick(self):
        stays.release_due(at=self.at)

    def discharge(self):
        if self.random.random() < 0.2:
            stays.discharge(charge_id=self.somebody().pk, outcome="cured", reason="x",
                            by=self.world.cdc, at=self.at)  # fmt: skip

    def check(self):
        for row in Charge.objects.all():
            lines = list(Custody.objects.filter(charge=row).order_by("starts_at"))
            assert lines[0].starts_at == row.opened_at
            assert all(one.ends_at == other.starts_at for one, other in pairwise(lines))
            assert (lines[-1].ends_at is None) == (row.closed_at is None)
            assert lines[-1].ends_at == row.closed_at
            assert row.stays.filter(care.inside(self.at)).count() <= 1
        for bed in self.beds:
            there = [s.charge for s in bed.stays.filter(care.inside(self.at))]
            assert len(there) <= bed.beds
            assert bed.facility.kind == "hospital" or len({c.chain for c in there}) <= 1
        for stay in Stay.objects.filter(charge__contact__isnull=False, facility__kind="site"):
            assert stay.ends_at <= charges.isolation_end(stay.charge)


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_acts_leaves_somebody_without_owner_or_past_the_end(world, seed):
    life = Life(world, seed)
    done = 0
    for _ in range(STEPS):
        try:
            life.step()
            done += 1
        except Refused:
            pass
        life.check()
    assert done > STEPS // 4
    life.at += 60 * DAY
    while stays.release_due(at=life.at):
        pass
    life.check()
    left = Charge.objects.filter(contact__isnull=False, closed_at=None)
    assert all(row.stays.get(left_at=None).facility.kind == "hospital" for row in left)
