"""Roads, sites, heat, a special inspection, a unit's own gate and the goals of the invented province."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.command.services.gates import (
    Watch,
    declare_day,
    keep_roll,
    keep_watch,
    note_act,
    open_entrance,
)
from bihuan.command.services.goals import NewFigure, NewGoal, NewSet, report_figure, set_goals
from bihuan.core.clock import local_date
from bihuan.core.orgs.models import Org, OrgKind, Post
from bihuan.core.orgs.selectors import actor_in_post, desk_of
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.safety.models import Checklist, Establishment
from bihuan.safety.services.establishments import EstablishmentInput, register_establishment
from bihuan.safety.services.heat import forecast_heat
from bihuan.safety.services.inspections import answer_item, begin_inspection, end_inspection
from bihuan.safety.services.operations import NewOperation, note_operation
from bihuan.safety.services.roads import DayCount, limit_speed, note_crashes
from bihuan.safety.services.specials import NewSpecial, open_special

DAY = timedelta(days=1)
SEGMENTS = (("临崖段", False, (12, 75, 190, 340)), ("学校段", True, (30, 200)),
            ("河堤段", False, (150,)))  # fmt: skip
STAFF, GONE = 320, 8


@transaction.atomic
def load_works(*, province: str, at: datetime) -> None:
    """Show each of them once. Needs the places and checklists of work safety."""
    top = Place.objects.get(code=province, valid_to=None)
    counties = Place.objects.filter(within("path", top.path), level="county", valid_to=None)
    desks = desk_of(place_ids=[top.pk, *counties.order_by("path").values_list("pk", flat=True)[:1]])
    for place_id, desk in desks.items():
        by = actor_in_post(post_id=desk.pk, at=at)
        if place_id == top.pk:
            _special(top, by, at)
            _goals(by, at)
        else:
            _roads(by, at)
            _sites(by, at)
            _gate(by.scope, at)


def _roads(by: Actor, at: datetime) -> None:
    town = Place.objects.filter(within("path", by.scope), level="township", valid_to=None).first()
    if town is None:
        return
    rows = []
    for name, barrier, days in SEGMENTS:
        given = EstablishmentInput(
            f"{town.short_name}乡道{name}", "road_segment", town.pk, lon=town.lon, lat=town.lat,
            fields={"barrier": barrier, "length": 2.4},
        )  # fmt: skip
        row = register_establishment(given=given, by=by, at=at - 30 * DAY)
        for ago in days:
            told = DayCount(row.pk, local_date(at) - ago * DAY, 1, "交警(演示)")
            note_crashes(given=told, by=by, at=at - 2 * DAY)
        rows.append(row)
    limit_speed(establishment_id=rows[0].pk, speed=30, by=by, at=at - timedelta(hours=3))


def _sites(by: Actor, at: datetime) -> None:
    """A crane found under way without its plan, a dormitory looked at once, a forecast of heat."""
    sites = Establishment.objects.filter(within("scope", by.scope), kind="construction_site")
    rows = list(sites.select_related("venue").order_by("pk")[:2])
    for row in rows:
        row.fields = row.fields | {"dormitory": True}
        row.save(update_fields=["fields"])
    if not rows:
        return
    today = local_date(at)
    crane = NewOperation("crane", "二号塔式起重机安装", today, under_way=True)
    note_operation(establishment_id=rows[0].pk, given=crane, by=by, at=at - timedelta(hours=2))
    pit = NewOperation("pit", "地下室基坑开挖", today + DAY, "基坑支护专项方案(演示)")
    note_operation(establishment_id=rows[-1].pk, given=pit, by=by, at=at - timedelta(hours=2))
    checklist = Checklist.objects.filter(code="dormitory").order_by("-version").first()
    if checklist is not None:
        ask: dict[str, Any] = {"by": by, "at": at - DAY}
        look = begin_inspection(establishment_id=rows[0].pk, checklist_id=checklist.pk, **ask)
        for line in checklist.items:
            answer_item(inspection_id=look.pk, item=line["code"], answer="fine", **ask)
        end_inspection(inspection_id=look.pk, **ask)
    forecast_heat(celsius=38, day=today, source="气象台(演示)", by=by, at=at - timedelta(hours=6))


def _special(top: Place, by: Actor, at: datetime) -> None:
    """Units of the national system in aviation, one of which has told its result."""
    org = Org.objects.create(
        kind=OrgKind.CENTRAL, name=f"{top.short_name}民航运行单位", place=top, scope=top.path,
        attached=True, valid_from=local_date(at - 500 * DAY),
    )  # fmt: skip
    Post.objects.create(org=org, place=top, scope=top.path, title="安全值班负责人", role=Role.UNIT,
                        valid_from=org.valid_from)  # fmt: skip
    rows = []
    for airport, operator in (
        ("云中机场", "机场公司"),
        ("云中机场", "演示航空"),
        ("河口机场", "演示航空"),
    ):
        given = EstablishmentInput(
            f"{airport}{operator}", "aviation_unit", top.pk, unit_id=org.pk,
            fields={"airport": airport, "operator": operator},
        )  # fmt: skip
        rows.append(register_establishment(given=given, by=by, at=at - 20 * DAY))
    today = local_date(at)
    wanted = NewSpecial("民航领域安全大检查", today - DAY, today + 30 * DAY,
                       tuple(row.pk for row in rows))  # fmt: skip
    open_special(given=wanted, by=by, at=at - DAY)
    checklist = Checklist.objects.filter(code="aviation").order_by("-version").first()
    if checklist is None:
        return
    ask: dict[str, Any] = {"by": by, "at": at - timedelta(hours=5)}
    look = begin_inspection(establishment_id=rows[0].pk, checklist_id=checklist.pk, **ask)
    for line in checklist.items:
        answer = "gap" if line["code"] == "1" else "fine"
        answer_item(inspection_id=look.pk, item=line["code"], answer=answer, **ask)
    end_inspection(inspection_id=look.pk, **ask)


def _gate(scope: str, at: datetime) -> None:
    """The county's own plant: 312 of 320 declared today."""
    unit = Org.objects.filter(
        within("scope", scope), kind=OrgKind.UNIT, sectors=["industry"], valid_to=None
    ).first()
    post = Post.objects.filter(org=unit, valid_to=None).order_by("order", "pk").first()
    if unit is None or post is None:
        return
    by, today = actor_in_post(post_id=post.pk, at=at), local_date(at)
    numbers = [f"J{number:04}" for number in range(1, STAFF + 1)]
    keep_roll(text=" ".join(numbers), by=by, at=at - 30 * DAY)
    declare_day(day=today, text=" ".join(numbers[GONE:]), ill=1, by=by, at=at)
    east = open_entrance(name="东门", by=by, at=at - 30 * DAY)
    open_entrance(name="货运门", by=by, at=at - 30 * DAY)
    keep_watch(entrance_id=east.pk, given=Watch(today, numbers[40], 17), by=by, at=at)
    note_act(kind="training", day=today - 9 * DAY, topic="用电安全和消毒", n=120, by=by, at=at)
    note_act(kind="offer", day=today - 20 * DAY, topic="流感疫苗", n=300, by=by, at=at)


def _goals(by: Actor, at: datetime) -> None:
    """The five of the pack, with figures and posts for those that can be judged."""
    boss = Post.objects.filter(scope=by.scope, role="commander", valid_to=None).first()
    figures = {"larger": 2.0, "disaster_deaths": 5.0}
    goals = [
        NewGoal(str(row["name"]), str(row["rule"]), row.get("most", figures.get(row["rule"])),
                boss.pk if boss is not None else None)
        for row in registry.table("goal_template", at)
    ]  # fmt: skip
    year = local_date(at).year
    given = NewSet("“三坚决两确保”", "年初安全生产工作会议(演示)", date(year, 1, 1),
                   date(year, 12, 31), goals)  # fmt: skip
    row = set_goals(given=given, by=by, at=at - DAY)
    if boss is None:
        return
    told = NewFigure(0, max(local_date(at) - DAY, row.starts), "灾情快报(演示)")
    report_figure(goal_id=row.goals.get(position=3).pk, given=told, by=actor_in_post(post_id=boss.pk, at=at),
                  at=at)  # fmt: skip
