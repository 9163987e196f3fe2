"""Work safety over the API: establishments with own fields, hazards, the call of an accident."""

from datetime import date, datetime
from typing import Any

from ninja import Router, Schema, Status

from bihuan.api.access import READ, WRITE, ApiRequest
from bihuan.core.errors import NotFound
from bihuan.core.evidence.tables import MOST_ROWS
from bihuan.core.places.models import Place
from bihuan.safety.rules.accidents import Harm
from bihuan.safety.rules.tables import Line
from bihuan.safety.selectors import accidents as accident_rows
from bihuan.safety.selectors import establishments as places
from bihuan.safety.selectors import hazards as hazard_rows
from bihuan.safety.selectors.sensors import board
from bihuan.safety.services.accidents import Call, call_accident
from bihuan.safety.services.establishments import EstablishmentInput, register_establishment
from bihuan.safety.services.hazards import NewHazard, report_hazard
from bihuan.safety.services.heat import keep_forecasts
from bihuan.safety.services.readings import Reading, take_readings

router = Router(tags=["safety"])


class KindOut(Schema):
    """A kind; `fields` is the JSON Schema of its own fields."""

    code: str
    name: str
    name_en: str
    sector: str
    version: int
    fields: dict[str, Any]


class EstablishmentIn(Schema):
    """An establishment; `fields` must fit the schema of its kind."""

    name: str
    kind: str
    place_code: str
    fields: dict[str, Any] = {}
    sector: str = ""
    code: str = ""
    address: str = ""
    registered_in: str = ""


class EstablishmentOut(Schema):
    """One establishment."""

    id: int
    name: str
    kind: str
    sector: str
    place_code: str
    code: str
    address: str
    registered_in: str
    colour: str
    surveyed_at: datetime | None
    fields: dict[str, Any]


class EstablishmentPageOut(Schema):
    """One page, newest first."""

    rows: list[EstablishmentOut]
    after: str


class HazardIn(Schema):
    """A hazard found on the spot."""

    title: str
    text: str = ""
    type_code: str = ""


class HazardOut(Schema):
    """One hazard; its moves go through `/loops/{id}`."""

    id: int
    number: str
    title: str
    establishment_id: int
    grade: str
    state: str
    due_at: datetime
    closed_at: datetime | None


class HazardPageOut(Schema):
    """One page, newest first."""

    rows: list[HazardOut]
    after: str


class AccidentIn(Schema):
    """The call: what, where, how bad."""

    what: str
    where: str
    deaths: int = 0
    serious: int = 0
    missing: int = 0
    loss: int = 0
    kind: str = "production"
    establishment_id: int | None = None
    occurred_at: datetime | None = None
    known_at: datetime | None = None


class AccidentOut(Schema):
    """One accident; `grade` follows from the figures."""

    id: int
    number: str
    what: str
    kind: str
    grade: str
    deaths: int
    serious: int
    missing: int
    loss: int
    occurred_at: datetime
    counts_until: datetime


class ReadingIn(Schema):
    """One value of a sensor; without `at` it is of now."""

    sensor: str
    value: float
    at: datetime | None = None


class ReadingsTakenOut(Schema):
    """What became of a batch: stored, refused (no number, or from the future), unknown, alarms."""

    stored: int
    refused: int
    unknown: list[str]
    alarms: int


class ForecastIn(Schema):
    """The highest temperature forecast for a place, by its code, and a day."""

    place: str
    day: date
    celsius: float
    source: str = ""


class LeftOutOut(Schema):
    """A row that was not taken: its number from 1, its column and the code of the reason."""

    row: int
    column: str
    code: str


class ForecastsOut(Schema):
    """What became of the forecasts; the same again is unchanged."""

    added: int
    changed: int
    unchanged: int
    refused: list[LeftOutOut]


class AlarmOut(Schema):
    """One alarm of a sensor."""

    id: int
    sensor: str
    kind: str
    value: float | None
    read_at: datetime
    raised_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    cleared_at: datetime | None
    ended_at: datetime | None


def _establishment(row: places.EstablishmentRow) -> dict[str, Any]:
    return {
        "id": row.id, "name": row.name, "kind": row.kind.code, "place_code": row.place_code,
        "sector": row.sector.code if row.sector else "", "code": row.code,
        "address": row.address, "registered_in": row.registered_in, "colour": row.colour,
        "surveyed_at": row.surveyed_at, "fields": row.fields,
    }  # fmt: skip


@router.get("/safety/kinds", auth=READ, response=list[KindOut], operation_id="list_kinds")
def list_kinds(request: ApiRequest) -> Any:
    """Every kind with the schema of its own fields."""
    del request  # kinds are the same for everybody
    return [
        {"code": kind.code, "name": kind.name, "name_en": kind.name_en,
         "sector": kind.sector_id or "", "version": kind.version, "fields": kind.schema}
        for kind in places.kinds()
    ]  # fmt: skip


@router.get("/safety/establishments", auth=READ, response=EstablishmentPageOut,
            operation_id="list_establishments")  # fmt: skip
def list_establishments(
    request: ApiRequest, kind: str = "", sector: str = "", text: str = "", after: str = ""
) -> Any:
    """Establishments the post may see."""
    wanted = places.Wanted(kind=kind, sector=sector, text=text)
    rows, more = places.establishments(by=request.actor, wanted=wanted, after=after)
    return {"rows": [_establishment(row) for row in rows], "after": more}


@router.post("/safety/establishments", auth=WRITE, response={201: EstablishmentOut},
             operation_id="register_establishment")  # fmt: skip
def add_establishment(request: ApiRequest, given: EstablishmentIn) -> Any:
    """Register an establishment; its own fields are checked by the schema of its kind."""
    place = Place.objects.filter(code=given.place_code, valid_to=None).first()
    if place is None:
        raise NotFound("place.not_found", id=given.place_code)
    told = given.dict(exclude={"place_code"})
    row = register_establishment(
        given=EstablishmentInput(place_id=place.pk, **told), by=request.actor, at=request.at
    )
    found = places.fetch_establishment(establishment_id=row.pk, by=request.actor)
    return Status(201, _establishment(places.establishment_row(found)))


@router.post("/safety/establishments/{establishment_id}/hazards", auth=WRITE,
             response={201: HazardOut}, operation_id="report_hazard")  # fmt: skip
def add_hazard(request: ApiRequest, establishment_id: int, given: HazardIn) -> Any:
    """Find and register a hazard at an establishment."""
    row = report_hazard(
        establishment_id=establishment_id, given=NewHazard(**given.dict()), by=request.actor,
        at=request.at,
    )  # fmt: skip
    (found,), _more = hazard_rows.hazards(
        by=request.actor, at=request.at, after=str(row.pk + 1), size=1
    )
    return Status(201, found)


@router.get("/safety/hazards", auth=READ, response=HazardPageOut, operation_id="list_hazards")
def list_hazards(
    request: ApiRequest, grade: str = "", stage: str = "", sector: str = "", after: str = ""
) -> Any:
    """Hazards the post may see; `stage` is open, overdue, closed or recheck."""
    wanted = hazard_rows.Wanted(grade=grade, stage=stage, sector=sector)
    rows, more = hazard_rows.hazards(by=request.actor, at=request.at, wanted=wanted, after=after)
    return {"rows": rows, "after": more}


@router.get("/safety/accidents", auth=READ, response=list[AccidentOut],
            operation_id="list_accidents")  # fmt: skip
def list_accidents(request: ApiRequest) -> Any:
    """Accidents the post may see, newest first."""
    return list(accident_rows.accidents(by=request.actor))


@router.post("/safety/accidents", auth=WRITE, response={201: AccidentOut},
             operation_id="call_accident")  # fmt: skip
def add_accident(request: ApiRequest, given: AccidentIn) -> Any:
    """Call an accident in: the reporting clock runs from now, or from when it was known."""
    harm = Harm(given.deaths, given.serious, given.missing, given.loss)
    told = given.dict(exclude={"deaths", "serious", "missing", "loss"})
    row = call_accident(given=Call(harm=harm, **told), by=request.actor, at=request.at)
    return Status(201, row)


@router.post(
    "/safety/readings", auth=WRITE, response=ReadingsTakenOut, operation_id="take_readings"
)
def add_readings(request: ApiRequest, given: list[ReadingIn]) -> Any:
    """Readings of sensors, at most 10,000 at once; a value beyond its threshold is an alarm."""
    readings = [Reading(one.sensor, one.value, one.at or request.at) for one in given]
    return take_readings(readings=readings, by=request.actor, at=request.at)


@router.post("/safety/forecasts", auth=WRITE, response=ForecastsOut, operation_id="take_forecasts")
def add_forecasts(request: ApiRequest, given: list[ForecastIn]) -> Any:
    """Forecasts of heat. Where the limit is reached the checks of that day start, once."""
    lines = [
        Line(number, {key: str(value) for key, value in one.dict().items()})
        for number, one in enumerate(given[:MOST_ROWS], start=1)
    ]
    told = keep_forecasts(lines, keep=True, by=request.actor, at=request.at)
    return {"added": told.added, "changed": told.changed, "unchanged": told.unchanged,
            "refused": list(told.refusals)}  # fmt: skip


@router.get("/safety/alarms", auth=READ, response=list[AlarmOut], operation_id="list_alarms")
def list_alarms(request: ApiRequest) -> Any:
    """The alarms that stand, then those that ended last."""
    return [
        {**{name: getattr(row, name) for name in AlarmOut.model_fields if name != "sensor"},
         "sensor": row.sensor.code}
        for row in board(by=request.actor, at=request.at).rows
    ]  # fmt: skip
