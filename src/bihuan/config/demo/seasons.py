"""Festivals and people flows of the invented province: one that is over, with its review, one that
runs, and a peak of returns five days ahead.
"""

from datetime import datetime, timedelta

from bihuan.core.clock import local_date
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act, prove
from bihuan.core.loops.services.proof import Proof
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import actor_in_post
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.sensing.services.flows import NewGate, fill_forecast, register_gate
from bihuan.sensing.services.periods import NewPeriod, draw_period, set_period, turn_periods

DAY = timedelta(days=1)


def load_seasons(*, province: str, at: datetime) -> None:
    """The first city had a key period that ended yesterday; another one begins in four days."""
    city = Place.objects.filter(code__startswith=province, level="city", valid_to=None)
    desk = Post.objects.get(place=city.order_by("code")[0], desk=True, valid_to=None)
    by, today = actor_in_post(post_id=desk.pk, at=at), local_date(at)
    past = at - 20 * DAY
    over = NewPeriod("harvest", today - 9 * DAY, today - 4 * DAY, lead_days=10, ends=today - DAY)
    coming = NewPeriod("convention", today + 4 * DAY, today + 6 * DAY, lead_days=9)
    rows = [draw_period(given=given, by=by, at=past) for given in (over, coming)]
    for row in rows:
        set_period(period_id=row.pk, by=by, at=past)
    turn_periods(at=at - 19 * DAY)
    turn_periods(at=at - 5 * DAY)
    given = Obligation.objects.filter(origin=f"period:{rows[0].pk}").exclude(owner_org=by.org_id)
    for task, days in zip(given.order_by("pk")[:3], (16, 15, 12), strict=True):
        _do(task, by, at - days * DAY)
    turn_periods(at=at)


def _do(task: Obligation, by: Actor, at: datetime) -> None:
    """The owner proves, the city accepts."""
    owner = actor_in_post(post_id=task.owner_post_id, at=at)
    prove(obligation_id=task.pk, given=Proof(text="已办,记录在册"), by=owner, at=at)
    act(obligation_id=task.pk, move="accept", by=by, at=at + timedelta(hours=3))


def load_flows(*, province: str, at: datetime) -> None:
    """Two stations of the first city: students and workers come back on one day, five days ahead."""
    city = Place.objects.filter(code__startswith=province, level="city", valid_to=None)
    here = city.order_by("code")[0]
    desk = Post.objects.get(place=here, desk=True, valid_to=None)
    by, today = actor_in_post(post_id=desk.pk, at=at), local_date(at)
    names = (f"{here.short_name}北站", f"{here.short_name}机场")
    for name, kind, checks in ((names[0], "rail", 120_000), (names[1], "air", 60_000)):
        given = NewGate(name, kind, here.pk, checks, checks)
        register_gate(given=given, by=by, at=at - 2 * DAY)
    rows = [f"{names[0]}\t{today + n * DAY}\t{70_000 + 8_000 * n}" for n in range(1, 5)]
    rows += [f"{names[0]}\t{today + 5 * DAY}\t180000", f"{names[0]}\t{today + 6 * DAY}\t96000"]
    rows += [f"{names[1]}\t{today + n * DAY}\t{38_000 + 2_000 * n}" for n in range(1, 8)]
    rows += [f"{names[0]}\t{today + 5 * DAY}\t42000\t学校\t{here.short_name}大学城",
             f"{names[0]}\t{today + 5 * DAY}\t26000\t企业\t{here.short_name}高新产业园"]  # fmt: skip
    fill_forecast(text="\n".join(rows), keep=True, by=by, at=at - DAY)
