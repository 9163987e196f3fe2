"""Work safety in the invented province: places, risks, hazards under way, accidents of two years."""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from bihuan.config.demo.watch import load_calls, load_papers, load_sensors, load_targets
from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops.services import act
from bihuan.core.orgs.models import Org, OrgKind, Post, SectorOwner, Venue
from bihuan.core.orgs.selectors import actor_in_post, desk_of
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.safety.models import Accident, Establishment
from bihuan.safety.rules.accidents import Harm
from bihuan.safety.services.accidents import Call, Content, call_accident, send_report
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.counts import report_count
from bihuan.safety.services.establishments import EstablishmentInput, register_establishment
from bihuan.safety.services.hazards import Grading, NewHazard, grade_hazard, report_hazard
from bihuan.safety.services.risks import (
    NewEvent,
    NewMeasure,
    add_event,
    add_measure,
    add_object,
)
from bihuan.safety.services.tips import NewTip, send_tip

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PLACES: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("ferry", "{}渡口", {"capacity": 50, "life_jackets": 60}),
    ("workshop", "{}五金加工车间", {"workers": 46, "exits": 2, "dust": True}),
    ("workshop", "{}木器加工车间", {"workers": 18, "exits": 1, "dust": True}),
    ("three_in_one", "{}老街 12 号", {"sleepers": 6, "exits": 1, "separated": False}),
    ("chemical_store", "{}化工仓储", {"licence_until": "2028-06-30", "tanks": 4,
                                "people_500m": 60}),
    ("construction_site", "{}安置房工地", {"phase": "主体", "workers": 120, "cranes": 2}),
)  # fmt: skip
CHARGED = {
    "emergency": ("hazardous_chemicals", "industry_trade", "mining"),
    "housing": ("construction", "gas"), "transport": ("road", "waterway"),
    "fire": ("fire_safety",), "culture": ("tourism",), "security": ("events",),
    "agriculture": ("fishing",),
}  # fmt: skip
HAZARDS = (
    ("安全出口锁闭", "出口锁闭", "三层东侧安全出口挂锁,钥匙不在现场。", "fire.exit"),
    ("气瓶未固定", "气瓶未固定", "两只氧气瓶直立未加链。", "none"),
    ("配电箱前堆物", "配电箱堵塞", "配电箱前堆放纸箱。", "none"),
)
MONTHLY = 4  # accidents a month in the province, about


@transaction.atomic
def load_safety(*, province: str, at: datetime) -> None:
    """Fill the pages of work safety. Needs people and sites."""
    load_catalogue(by=SYSTEM, at=at)
    _charge(province)
    top = Place.objects.get(code=province, valid_to=None)
    counties = Place.objects.filter(within("path", top.path), level="county", valid_to=None)
    first = counties.order_by("path")[:2]
    for county in first:
        _county(county, at)
    _past_accidents(list(counties.order_by("path")), at)


def _charge(province: str) -> None:
    """Give each department the sectors of work safety that it runs: it sees them from then on."""
    inside = within("place__path", f"{province}.")
    rows = SectorOwner.objects.filter(inside, sector__in=CHARGED).select_related("org")
    owners = [
        SectorOwner(place_id=row.place_id, org=row.org, sector_id=sector)
        for row in rows
        for sector in CHARGED[row.sector_id]
    ]
    for row in rows:
        row.org.sectors = [*row.org.sectors, *CHARGED[row.sector_id]]
    Org.objects.bulk_update([row.org for row in rows], ["sectors"])
    SectorOwner.objects.bulk_create(owners)


def _county(county: Place, at: datetime) -> None:
    desks = desk_of(place_ids=[county.pk])
    if county.pk not in desks:
        return
    by = actor_in_post(post_id=desks[county.pk].pk, at=at)
    towns = list(Place.objects.filter(parent=county, level="township", valid_to=None)[:3])
    rows = [_register(town, one, by, at - 40 * DAY) for town in towns for one in PLACES]
    for row in rows[4::6]:
        _risks(row, by, at - 30 * DAY)
    plant = _plant(county, by, at - 40 * DAY)
    for number, (title, kind, text, criterion) in enumerate(HAZARDS):
        row = plant if number == 0 and plant is not None else rows[1 + number]
        _hazard(row, NewHazard(title, text, kind), criterion, by, at - (6 - number) * DAY)
    report_count(establishment_id=rows[0].pk, measure="aboard", value=52, by=by, at=at - HOUR)
    send_tip(
        given=NewTip("exit", "老街 12 号二楼的后门一直锁着,楼上住了六个人。",
                     token=str(rows[3].token)), at=at - 5 * HOUR,
    )  # fmt: skip
    load_sensors(rows[4], by, at)
    load_papers(rows[2], by, at)
    load_targets(county, by, at)
    if plant is not None:
        _accident(plant, at)
        load_calls(by, at)


def _register(
    town: Place, one: tuple[str, str, dict[str, object]], by: Actor, at: datetime
) -> Establishment:
    kind, name, fields = one
    given = EstablishmentInput(
        name.format(town.short_name), kind, town.pk, fields=fields, lon=town.lon, lat=town.lat
    )
    return register_establishment(given=given, by=by, at=at)


def _plant(county: Place, by: Actor, at: datetime) -> Establishment | None:
    """The county's own plant: the one enterprise whose account a visitor may use."""
    unit = Org.objects.filter(
        within("scope", county.path), kind=OrgKind.UNIT, sectors=["industry"]
    ).first()
    if unit is None or Venue.objects.filter(unit=unit, kind="workshop").exists():
        return None
    given = EstablishmentInput(
        f"{unit.name}总装车间", "workshop", unit.place_id, unit_id=unit.pk, head="(演示)",
        fields={"workers": 230, "exits": 6},
    )  # fmt: skip
    return register_establishment(given=given, by=by, at=at)


def _risks(row: Establishment, by: Actor, at: datetime) -> None:
    thing = add_object(establishment_id=row.pk, name="液氨储罐", substances={"ammonia": "20"},
                       people=60, by=by, at=at)  # fmt: skip
    event = add_event(
        object_id=thing.pk, by=by, at=at,
        given=NewEvent("储罐", "泄漏", "lec", {"l": "6", "e": "6", "c": "15"}, "yellow"),
    )  # fmt: skip
    until = local_date(at) + 20 * DAY
    for kind, layer, text in (
        ("human", "值守", "双人值守"), ("physical", "围堰", "防火堤"),
        ("technical", "报警", "气体报警仪"),
    ):  # fmt: skip
        valid = until if kind == "technical" else None
        add_measure(event_id=event.pk, given=NewMeasure(kind, layer, text, valid), by=by, at=at)


def _hazard(row: Establishment, given: NewHazard, criterion: str, by: Actor, at: datetime) -> None:
    found = report_hazard(establishment_id=row.pk, given=given, by=by, at=at)
    grading = Grading(criterion)
    if criterion != "none":
        grading = Grading(criterion, "停止使用三层,专人看守", found.owner_post_id)
    grade_hazard(hazard_id=found.pk, given=grading, by=by, at=at + HOUR)
    act(obligation_id=found.pk, move="assign", by=by, at=at + 2 * HOUR)
    if criterion != "none":
        return
    owner = actor_in_post(post_id=found.owner_post_id, at=at)
    act(obligation_id=found.pk, move="begin", by=owner, at=at + 3 * HOUR)
    add_statement(subject=found.subject, scope=found.scope, kind="statement",
                  made=Made(at + 20 * HOUR, text="已整改"), by=owner, at=at + 20 * HOUR)  # fmt: skip
    act(obligation_id=found.pk, move="prove", by=owner, at=at + 20 * HOUR)


def _accident(plant: Establishment, at: datetime) -> None:
    """An accident of yesterday: reported by the plant in time, waiting at the county."""
    posts = Post.objects.filter(org=plant.owner_org_id, valid_to=None)
    post = posts.first()
    if post is None:
        return
    by = actor_in_post(post_id=post.pk, at=at)
    when = at - 90 * timedelta(minutes=1)
    given = Call("冲压机挤压伤人", "总装车间二号线", Harm(deaths=1, serious=1),
                 establishment_id=plant.pk)  # fmt: skip
    row = call_accident(given=given, by=by, at=when)
    duty = row.duties.get()
    told = Content(
        "操作工伸手取件时设备误动作", "停机、送医、保护现场", scene="二号线已停,无次生危险"
    )
    send_report(duty_id=duty.pk, given=told, by=by, at=when + timedelta(minutes=35))


def _past_accidents(counties: list[Place], at: datetime) -> None:
    """Two years of accidents, a little fewer in the second."""
    random = Random("事故")  # noqa: S311  the same each time
    owners = desk_of(place_ids=[county.pk for county in counties])
    rows = []
    for days in range(3, 760):
        if random.random() > MONTHLY / (28 if days > 365 else 33):
            continue
        county = random.choice(counties)
        if county.pk not in owners:
            continue
        when = at - days * DAY - random.randrange(24) * HOUR
        kind, sector = random.choice(
            (("traffic", "road"), ("production", "construction"), ("production", "industry_trade"),
             ("fire", "fire_safety"))
        )  # fmt: skip
        rows.append(
            Accident(place=county, scope=county.path, sector=sector, kind=kind,
                     issuer_org_id=owners[county.pk].org_id, what="(演示)事故",
                     occurred_at=when, known_at=when, called_at=when, called_by="系统导入",
                     grade="general", deaths=random.choice((0, 0, 1, 1, 2)),
                     counts_until=when + 30 * DAY, investigate_by=when + 60 * DAY)
        )  # fmt: skip
    Accident.objects.bulk_create(rows)
