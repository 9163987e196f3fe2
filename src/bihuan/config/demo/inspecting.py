"""Inspections in the invented province: two years behind, a route for today, a plan, a staff."""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date
from bihuan.core.orgs.models import OrgKind, Post, Sector
from bihuan.core.orgs.selectors import actor_in_post, desk_of
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.epidemic.models import Institution
from bihuan.safety.models import Checklist, Establishment, Inspection
from bihuan.safety.services.checklists import load_checklists
from bihuan.safety.services.establishments import EstablishmentInput, register_establishment
from bihuan.safety.services.inspections import NewCampaign, open_campaign
from bihuan.safety.services.plans import NewPlan, NewStaffing, draw_plan, set_staffing
from bihuan.safety.services.routes import assign_stop

DAY = timedelta(days=1)
LOOKS = (715, 630, 540, 450, 364, 270, 180, 90, 8)  # days ago each place was inspected
KINDS = ("workshop", "three_in_one")
STOPS = 3


@transaction.atomic
def load_inspecting(*, province: str, at: datetime) -> None:
    """Fill the pages of inspections. Needs the places of work safety."""
    load_checklists(by=SYSTEM, at=at)
    top = Place.objects.get(code=province, valid_to=None)
    counties = Place.objects.filter(within("path", top.path), level="county", valid_to=None)
    for county in counties.order_by("path")[:2]:
        desks = desk_of(place_ids=[county.pk])
        if county.pk in desks:
            _county(county, actor_in_post(post_id=desks[county.pk].pk, at=at), at)


def _county(county: Place, by: Actor, at: datetime) -> None:
    lists = {row.sector_id: row for row in Checklist.objects.order_by("-pk")}
    rows = Establishment.objects.filter(within("scope", county.path), kind__in=KINDS)
    places = list(rows.select_related("venue__place").order_by("pk"))
    random = Random(county.code)  # noqa: S311  the same each time
    for place in places:
        for days in LOOKS:
            _past(place, lists[place.sector], by, at - days * DAY, random)
    towns = Place.objects.filter(parent=county, level="township", valid_to=None).order_by("path")
    for number, town in enumerate(towns[:3]):
        given = NewStaffing(posts=3, present=1 + number, licensed=1, trained=number)
        set_staffing(place_id=town.pk, given=given, by=by, at=at - 20 * DAY)
        mine = [one for one in places if one.venue.place_id == town.pk]
        mine.sort(key=lambda one: one.owner_org_id is None)  # a visitor may be that enterprise
        _route(town, mine, lists, at)
        if number == 0 and mine:  # the county asks for one of these places on the same day
            assign_stop(establishment_id=mine[0].pk, checklist_id=lists[mine[0].sector].pk,
                        day=local_date(at), by=by, at=at)  # fmt: skip
    _hospital(county, by, at)
    today = local_date(at)
    draw_plan(given=NewPlan("冬季检查计划", today, today + 20 * DAY, 12, ()), by=by, at=at)
    _campaign(by, at, lists, random)


def _campaign(by: Actor, at: datetime, lists: dict[str, Checklist], random: Random) -> None:
    """A great inspection of all sectors in its third week; not handed out, so that a visitor may."""
    began = at - 16 * DAY
    given = NewCampaign(
        "安全隐患大排查大整治", tuple(Sector.objects.order_by("pk").values_list("pk", flat=True)),
        local_date(began), local_date(at) + 13 * DAY,
    )  # fmt: skip
    row = open_campaign(given=given, by=by, at=began)
    rows = Establishment.objects.filter(within("scope", by.scope), sector__in=lists, closed_at=None)
    for number, place in enumerate(rows.order_by("pk")):
        if number % 3:
            day = began + (number % 15) * DAY
            _past(place, lists[place.sector], by, day, random)
            looks = Inspection.objects.filter(establishment=place, begun_at=day)
            looks.update(campaign=row)


def _past(
    place: Establishment, checklist: Checklist, by: Actor, at: datetime, random: Random
) -> None:
    """An inspection of the past; in winter an exit is locked more often."""
    winter = at.month in {11, 12, 1, 2}
    gap = random.random() < (0.5 if winter else 0.08)
    answers = {one["code"]: "fine" for one in checklist.items} | ({"1": "gap"} if gap else {})
    Inspection.objects.create(
        establishment=place, checklist=checklist, scope=place.scope, sector=place.sector,
        owner_org_id=place.owner_org_id, issuer_org_id=by.org_id, post_id=by.post_id,
        by_itself=False, begun_at=at, ended_at=at + timedelta(hours=1), answers=answers,
        found=int(gap),
    )  # fmt: skip


def _route(
    town: Place, places: list[Establishment], lists: dict[str, Checklist], at: datetime
) -> None:
    """Today's three stops of the township's desk."""
    desks = desk_of(place_ids=[town.pk])
    if town.pk not in desks:
        return
    by = actor_in_post(post_id=desks[town.pk].pk, at=at)
    for place in places[:STOPS]:
        assign_stop(establishment_id=place.pk, checklist_id=lists[place.sector].pk,
                    day=local_date(at), by=by, at=at)  # fmt: skip


def _hospital(county: Place, by: Actor, at: datetime) -> None:
    """The safety committee's office goes to a hospital whose epidemic check falls due (M005)."""
    house = (
        Institution.objects.filter(scope=county.path).select_related("org").order_by("pk").first()
    )
    asks = Post.objects.filter(org__kind=OrgKind.SAFETY_COMMITTEE, place=county, valid_to=None,
                               role=Role.OFFICE.value).first()  # fmt: skip
    checklist = Checklist.objects.filter(code="fire_premises").order_by("-version").first()
    if house is None or asks is None or checklist is None:
        return
    given = EstablishmentInput(house.org.name[:120], "medical", county.pk, unit_id=house.org_id,
                               lon=county.lon, lat=county.lat, fields={"beds": 320, "oxygen": True})  # fmt: skip
    row = register_establishment(given=given, by=by, at=at - 20 * DAY)
    assign_stop(establishment_id=row.pk, checklist_id=checklist.pk, day=local_date(at) + 2 * DAY,
                by=actor_in_post(post_id=asks.pk, at=at), at=at)  # fmt: skip
