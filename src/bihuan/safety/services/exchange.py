"""Take in and give out the records of the national dual-prevention exchange."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Establishment, ExchangeRecord, RiskEvent, RiskObject
from bihuan.safety.rules.exchange import (
    DONE,
    KINDS,
    OPEN,
    SUBMITTED,
    Fault,
    level_from,
    level_to,
    sort_out,
    specs_of,
)
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.services.hazards import NewHazard, report_hazard

MOST_BYTES = 5_000_000
STATES = {"submitted": SUBMITTED, "verified": DONE, "closed": DONE}
CLASSES = {"technical": "工程技术", "human": "操作行为", "physical": "应急措施"}


def partner_of(key: str, *, at: datetime) -> dict[str, Any]:
    """The codes of one partner. Raises Invalid("exchange.partner")."""
    for row in registry.table("exchange_partner", at):
        if row["key"] == key:
            return row
    raise Invalid("exchange.partner", field="partner")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do: new records by kind, those known already, the faults."""

    new: dict[str, int]
    known: int
    faults: tuple[Fault, ...]


@transaction.atomic
def import_records(
    *, establishment_id: int, data: bytes, partner: str, by: Actor, at: datetime
) -> Imported:
    """Take the records of a file in: units become risk objects, open hazards become hazards.

    Events and measures are kept as they came until somebody grades them. A record that is there
    already stays as it is. Locks the place. Raises NotFound, NotAllowed, Invalid("exchange.…").
    """
    place = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    if place.owner_org_id != by.org_id and not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")
    codes = partner_of(partner, at=at)
    known: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for kind, uuid in place.exchange_records.values_list("kind", "uuid"):
        known[kind].add(uuid)
    specs = specs_of(registry.table("exchange_record", at, scope=place.scope))
    found = sort_out(_read(data), specs, known)
    faults, new, again = list(found.faults), Counter[str](), 0
    for kind in KINDS:
        for number, row in enumerate(found.records[kind], start=1):
            if row["id"] in known[kind]:
                again += 1
                continue
            if kind == "hazard" and level_from(row["dangerLevel"], codes) is None:
                faults.append(Fault(kind, number, "exchange.level", "dangerLevel"))
                continue
            _take(place, kind, row, codes, by=by, at=at)
            known[kind].add(row["id"])
            new[kind] += 1
    record(action="exchange.import", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"new": dict(new), "faults": len(faults), "partner": partner})  # fmt: skip
    return Imported(dict(new), again, tuple(faults))


def preview_records(
    *, establishment_id: int, data: bytes, partner: str, by: Actor, at: datetime
) -> Imported:
    """What an import would do: the act, taken back. Raises what it raises."""
    with transaction.atomic():
        told = import_records(
            establishment_id=establishment_id, data=data, partner=partner, by=by, at=at
        )
        transaction.set_rollback(True)
    return told


def _read(data: bytes) -> Mapping[str, Any]:
    if len(data) > MOST_BYTES:
        raise Invalid("exchange.too_large", field="file")
    try:
        told = json.loads(data, parse_constant=_refuse)
        if "\\u0000" in json.dumps(told):
            raise ValueError("a character that no database takes")
    except (ValueError, RecursionError):
        raise Invalid("exchange.not_json", field="file") from None
    if not isinstance(told, dict) or not any(isinstance(told.get(kind), list) for kind in KINDS):
        raise Invalid("exchange.not_records", field="file")
    return told


def _refuse(constant: str) -> None:
    """NaN and infinity are no JSON. Raises ValueError."""
    raise ValueError(constant)


def _take(
    place: Establishment, kind: str, row: dict[str, Any], codes: Mapping[str, Any], *, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    thing = None
    if kind == "unit":
        name = str(row["riskUnitName"])[:120]
        thing = RiskObject.objects.create(establishment=place, name=name, created_at=at).pk
    if kind == "hazard":
        row["dangerLevel"] = level_from(row["dangerLevel"], codes)
        if str(row["dangerState"]) != DONE:
            given = NewHazard(str(row["dangerName"])[:200], str(row.get("dangerDesc", "")))
            thing = report_hazard(establishment_id=place.pk, given=given, by=by, at=at).pk
    ExchangeRecord.objects.create(
        establishment=place, kind=kind, uuid=row["id"], data=row, thing=thing, at=at
    )


def export_records(
    *, establishment_id: int, partner: str, by: Actor, at: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Every record of a place in a partner's codes: what came in, and what is our own.

    Raises NotFound, Invalid("exchange.partner").
    """
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    codes = partner_of(partner, at=at)
    kept = list(place.exchange_records.order_by("pk"))
    out: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for one in kept:
        out[one.kind].append(dict(one.data))
    held = {(one.kind, one.thing): one.uuid for one in kept if one.thing is not None}
    _own_risks(place, held, out)
    _own_hazards(place, held, out)
    for row in out["hazard"]:
        row["dangerLevel"] = level_to(row["dangerLevel"], codes)
    return out


def _id(place: Establishment, kind: str, pk: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"bihuan:{place.token}:{kind}:{pk}"))


def _own_risks(
    place: Establishment, held: Mapping[tuple[str, int], str], out: dict[str, list[dict[str, Any]]]
) -> None:
    company = place.code[:9] or str(place.pk).zfill(9)
    units: dict[int, str] = {}
    for thing in place.risk_objects.order_by("pk"):
        units[thing.pk] = held.get(("unit", thing.pk)) or _id(place, "unit", thing.pk)
        if ("unit", thing.pk) not in held:
            out["unit"].append({"id": units[thing.pk], "companyCode": company,
                                "riskUnitName": thing.name})  # fmt: skip
    events = RiskEvent.objects.filter(object__establishment=place).prefetch_related("measures")
    for event in events.order_by("pk"):
        uuid = held.get(("event", event.pk)) or _id(place, "event", event.pk)
        if ("event", event.pk) not in held:
            out["event"].append({"id": uuid, "companyCode": company, "riskEventName": event.name,
                                 "riskUnitId": units[event.object_id]})  # fmt: skip
        for one in event.measures.all():
            if ("measure", one.pk) in held:
                continue
            out["measure"].append({
                "id": _id(place, "measure", one.pk), "companyCode": company, "riskEventId": uuid,
                "riskMeasureDesc": one.text, "classify1": CLASSES[one.kind],
            })  # fmt: skip


def _own_hazards(
    place: Establishment, held: Mapping[tuple[str, int], str], out: dict[str, list[dict[str, Any]]]
) -> None:
    company = place.code[:9] or str(place.pk).zfill(9)
    rows = Obligation.objects.filter(hazard__establishment=place)
    rows = rows.select_related("brief", "problem").order_by("pk")
    by_id = {row["id"]: row for row in out["hazard"]}
    for row in rows:
        state = STATES.get(row.state, OPEN)
        uuid = held.get(("hazard", row.pk))
        if uuid is not None:  # it came from outside: its state goes back
            told = by_id[uuid]
            told["dangerState"] = state
            told["dangerLevel"] = row.problem.grade or told["dangerLevel"]
            continue
        out["hazard"].append({
            "id": _id(place, "hazard", row.pk), "companyCode": company,
            "dangerName": row.brief.title, "dangerDesc": row.brief.text,
            "dangerLevel": row.problem.grade or "general", "dangerState": state,
            "registTime": f"{local(row.opened_at):%Y-%m-%d %H:%M:%S}",
        })  # fmt: skip
