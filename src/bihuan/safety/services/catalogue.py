"""Sectors and kinds are data: load the shipped ones, add and change one's own (M118)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.core.audit.services import System, record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Sector
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Establishment, Kind
from bihuan.safety.rules.fields import fields_of, schema_fault

CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many of the shipped sectors and kinds were new."""

    sectors: int
    kinds: int


@transaction.atomic
def load_catalogue(*, by: Actor | System, at: datetime) -> Loaded:
    """Write the shipped sectors and kinds that are not there yet; what is there stays as it is.

    Raises NotAllowed.
    """
    _may_manage(by)
    sectors = kinds = 0
    for row in registry.table("safety_sector", at, scope=by.scope):
        _, fresh = Sector.objects.get_or_create(
            code=row["code"], defaults={"name": row["name"], "name_en": row["name_en"]}
        )
        sectors += fresh
    for row in registry.table("safety_kind", at, scope=by.scope):
        _, fresh = Kind.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"], "name_en": row["name_en"], "sector_id": row["sector"],
                "schema": _ordered(row["schema"]), "limits": row["limits"], "changed_at": at,
                "changed_by": by.name,
            },
        )  # fmt: skip
        kinds += fresh
    if sectors or kinds:
        record(action="catalogue.load", subject="safety:catalogue", by=by, at=at,
               facts={"sectors": sectors, "kinds": kinds})  # fmt: skip
    return Loaded(sectors, kinds)


@transaction.atomic
def add_sector(*, code: str, name: str, name_en: str, by: Actor, at: datetime) -> Sector:
    """Add a sector: from now on it is in every list, form and report.

    Raises NotAllowed, Invalid("catalogue.code" | "catalogue.name"), Conflict("sector.exists").
    """
    _may_manage(by)
    _refuse_names(code, name, name_en)
    row, fresh = Sector.objects.get_or_create(
        code=code, defaults={"name": name.strip()[:60], "name_en": name_en.strip()[:80]}
    )
    if not fresh:
        raise Conflict("sector.exists", field="code", name=row.name)
    record(action="sector.add", subject=f"sector:{code}", by=by, at=at, facts={"name": row.name})
    return row


@dataclass(frozen=True, slots=True)
class KindInput:
    """A kind as it is written: its own fields are a JSON Schema."""

    code: str
    name: str
    name_en: str
    sector: str
    schema: Any


@transaction.atomic
def save_kind(*, given: KindInput, by: Actor, at: datetime) -> Kind:
    """Add a kind, or change one: its version goes up. Locks the kind.

    Raises NotAllowed, NotFound, Invalid("catalogue.…" | "kind.…"), Conflict("kind.field_used")
    naming the fields that establishments still hold.
    """
    _may_manage(by)
    _refuse_names(given.code, given.name, given.name_en)
    fault = schema_fault(given.schema)
    if fault is not None:
        raise Invalid(fault, field="schema")
    if given.sector and not Sector.objects.filter(pk=given.sector).exists():
        raise NotFound("sector.not_found", sector=given.sector)
    kind = Kind.objects.select_for_update().filter(pk=given.code).first()
    if kind is not None:
        _refuse_lost(kind, given.schema)
    kind = kind or Kind(code=given.code, version=0)
    kind.name, kind.name_en = given.name.strip()[:60], given.name_en.strip()[:80]
    kind.sector_id, kind.schema = given.sector or None, _ordered(given.schema)
    kind.version += 1
    kind.changed_at, kind.changed_by = at, by.name
    kind.save()
    record(action="kind.save", subject=f"kind:{kind.pk}", by=by, at=at,
           facts={"version": kind.version, "schema": kind.schema})  # fmt: skip
    return kind


def _refuse_lost(kind: Kind, schema: dict[str, Any]) -> None:
    """A field that somebody filled in is not taken away silently."""
    kept = set(schema.get("properties", {}))
    gone = [field.key for field in fields_of(kind.schema) if field.key not in kept]
    used = [
        key for key in gone
        if Establishment.objects.filter(kind=kind, fields__has_key=key).exists()
    ]  # fmt: skip
    if used:
        raise Conflict("kind.field_used", field="schema", fields=used)


def _ordered(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with the order of its fields written down: the database keeps none."""
    known = list(schema.get("properties", {}))
    said = [key for key in schema.get("order", ()) if key in known]
    return schema | {"order": said + [key for key in known if key not in said]}


def _may_manage(by: Actor | System) -> None:
    if not by.has("people.manage"):
        raise NotAllowed("not_allowed", duty="people.manage")


def _refuse_names(code: str, name: str, name_en: str) -> None:
    if CODE.fullmatch(code) is None:
        raise Invalid("catalogue.code", field="code")
    if not name.strip() or not name_en.strip():
        raise Invalid("catalogue.name", field="name" if name_en.strip() else "name_en")
