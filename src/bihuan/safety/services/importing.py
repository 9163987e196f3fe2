"""Import establishments in two steps: a report of what will happen, then the act. Idempotent."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotFound
from bihuan.core.evidence.cells import (
    CellFault,
    Refusal,
    Report,
    columns_of,
    plain,
    read_figure,
    unshielded,
)
from bihuan.core.evidence.rules import safe_name
from bihuan.core.evidence.tables import read_tables
from bihuan.core.orgs.models import Org, OrgKind, Sector, Venue
from bihuan.core.orgs.services import VenueInput, open_venues
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.safety.models import Establishment, Kind, Upload
from bihuan.safety.rules.fields import fields_of, read_cell
from bihuan.safety.rules.sheet import OWN, columns_for
from bihuan.safety.selectors.establishments import fetch_kind
from bihuan.safety.services.establishments import (
    EstablishmentInput,
    built,
    checked_fields,
    may_register,
)

TEXTS = ("code", "address", "registered_in", "head")


@transaction.atomic
def stage_upload(*, kind: str, file_name: str, data: bytes, by: Actor, at: datetime) -> Upload:
    """Keep a table that can be read. Raises NotAllowed, NotFound, Invalid("table.…")."""
    may_register(by)
    found = fetch_kind(kind)
    read_tables(data, safe_name(file_name))
    return Upload.objects.create(
        kind=found, post_id=by.post_id, scope=by.scope, file_name=safe_name(file_name), data=data,
        created_at=at,
    )  # fmt: skip


def fetch_upload(*, upload_id: int, by: Actor, lock: bool = False) -> Upload:
    """The one door to an upload: whoever uploaded it. Raises NotFound("upload.not_found")."""
    rows = Upload.objects.select_for_update(of=("self",)) if lock else Upload.objects.all()
    row = rows.select_related("kind").filter(pk=upload_id, post_id=by.post_id).first()
    if row is None:
        raise NotFound("upload.not_found", id=upload_id)
    return row


def preview_import(*, upload_id: int, by: Actor, at: datetime) -> Report:
    """What the act would do; it is the act, taken back. Raises as `import_establishments`."""
    upload = fetch_upload(upload_id=upload_id, by=by)
    with transaction.atomic():
        report = _Import(upload, by, at).run()
        transaction.set_rollback(True)
    return report


@transaction.atomic
def import_establishments(*, upload_id: int, by: Actor, at: datetime) -> Report:
    """Write new and changed rows; what the file says again changes nothing. Locks the upload.

    Raises NotFound, NotAllowed, Invalid("table.…" | "establishment.no_table"),
    Conflict("upload.acted").
    """
    upload = fetch_upload(upload_id=upload_id, by=by, lock=True)
    if upload.acted_at is not None:
        raise Conflict("upload.acted", file=upload.file_name, on=f"{upload.acted_at:%F}")
    upload.acted_at = at
    upload.save(update_fields=["acted_at"])
    report = _Import(upload, by, at).run()
    record(action="establishment.import", subject=f"upload:{upload.pk}", by=by, at=at,
           facts={"added": report.added, "changed": report.changed,
                  "refused": len(report.refusals)})  # fmt: skip
    return report


@dataclass
class _Import:
    """One run over the rows of an upload."""

    upload: Upload
    by: Actor
    at: datetime
    fresh: list[tuple[EstablishmentInput, Place]] = field(default_factory=list)
    changed: list[Establishment] = field(default_factory=list)
    same: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    seen: set[tuple[str, object]] = field(default_factory=set)

    def run(self) -> Report:
        """Read every row, then write. Raises Invalid("establishment.no_table")."""
        may_register(self.by)
        self.kind: Kind = self.upload.kind
        self.fields = {f"{OWN}{f.key}": f for f in fields_of(self.kind.schema)}
        self._look_up()
        tables = read_tables(bytes(self.upload.data), self.upload.file_name)
        found = False
        for sheet, lines in tables.items():
            places = columns_of(columns_for(self.kind.schema), lines[0]) if lines else {}
            if "name" not in places:
                continue
            found = True
            for number, line in enumerate(lines[1:], start=2):
                if any(line):
                    self._row(sheet, number, _cells(line, places))
        if not found:
            raise Invalid("establishment.no_table", file=self.upload.file_name)
        self._write()
        return Report(len(self.fresh), len(self.changed), self.same, refusals=tuple(self.refusals))

    def _look_up(self) -> None:
        """Everything the rows may name. Four queries."""
        self.places = {
            p.code: p for p in Place.objects.filter(within("path", self.by.scope), valid_to=None)
        }
        self.sectors = set(Sector.objects.values_list("code", flat=True))
        units = Org.objects.filter(within("scope", self.by.scope), kind=OrgKind.UNIT)
        self.units = {(org.name, org.place_id): org.pk for org in units}
        rows = Establishment.objects.filter(within("scope", self.by.scope), kind=self.kind)
        known = list(rows.select_related("venue"))
        self.by_code = {row.code: row for row in known if row.code}
        self.by_name = {(row.venue.name, row.venue.place_id): row for row in known}

    def _row(self, sheet: str, number: int, cell: dict[str, str]) -> None:
        try:
            given, place = self._read(cell)
        except _Left as left:
            self.refusals.append(
                Refusal(sheet, number, left.column, cell.get(left.column, ""), left.code,
                        dict(left.facts))
            )  # fmt: skip
            return
        key = ("code", given.code) if given.code else ("name", (given.name, place.pk))
        if key in self.seen:
            column = "code" if given.code else "name"
            self.refusals.append(
                Refusal(sheet, number, column, cell.get(column, ""), "establishment.twice")
            )
            return
        self.seen.add(key)
        known = self.by_code.get(given.code) or self.by_name.get((given.name, place.pk))
        if known is None:
            self.fresh.append((given, place))
        elif _apply(known, given):
            self.changed.append(known)
        else:
            self.same += 1

    def _read(self, cell: dict[str, str]) -> tuple[EstablishmentInput, Place]:
        name = plain(cell["name"])
        if not name:
            raise _Left("name", "establishment.no_name")
        code = plain(cell.get("place", "")) or self._own_code()
        place = self.places.get(code)
        if place is None:
            raise _Left("place", "establishment.place")
        sector = plain(cell.get("sector", "")) or self.kind.sector_id or ""
        if sector and sector not in self.sectors:
            raise _Left("sector", "establishment.sector")
        lon, lat = (self._figure(cell, axis) for axis in ("lon", "lat"))
        texts = {key: plain(cell.get(key, "")) for key in TEXTS}
        unit = plain(cell.get("unit", "")) or name
        given = EstablishmentInput(
            name[:120], self.kind.pk, place.pk, sector, lon=lon, lat=lat,
            unit_id=self.units.get((unit, place.pk)), fields=self._own(cell), **texts,
        )  # fmt: skip
        return given, place

    def _own_code(self) -> str:
        return next((p.code for p in self.places.values() if p.pk == self.by.place_id), "")

    def _figure(self, cell: dict[str, str], key: str) -> float | None:
        said = plain(cell.get(key, ""))
        if not said:
            return None
        try:
            return read_figure(said)
        except CellFault as fault:
            raise _Left(key, str(fault)) from None

    def _own(self, cell: dict[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for column, own in self.fields.items():
            try:
                values[own.key] = read_cell(own, cell.get(column, ""))
            except CellFault as fault:
                raise _Left(column, str(fault)) from None
        try:
            return checked_fields(self.kind, values)
        except Invalid as fault:
            column = str(fault.facts.get("field", "name"))
            raise _Left(column, fault.code, fault.facts) from None

    def _write(self) -> None:
        venues = open_venues(
            given=[
                (VenueInput(one.name, one.kind, one.sector, one.unit_id, one.lon, one.lat), place)
                for one, place in self.fresh
            ],
            by=self.by,
        )  # fmt: skip
        Establishment.objects.bulk_create(
            built(one, self.kind, venue, dict(one.fields), by=self.by, at=self.at)
            for (one, _place), venue in zip(self.fresh, venues, strict=True)
        )
        Establishment.objects.bulk_update(
            self.changed, [*TEXTS, "fields", "kind_version"], batch_size=1000
        )
        Venue.objects.bulk_update(
            [row.venue for row in self.changed], ["name", "lon", "lat"], batch_size=1000
        )


class _Left(Exception):
    """A row that is left out: which column, and why."""

    def __init__(self, column: str, code: str, facts: Any = None) -> None:
        self.column, self.code, self.facts = column, code, facts or {}
        super().__init__(code)


def _cells(line: list[str], places: dict[str, int]) -> dict[str, str]:
    return {key: unshielded(line[i]) if i < len(line) else "" for key, i in places.items()}


def _apply(row: Establishment, given: EstablishmentInput) -> bool:
    """Write what differs into the row; whether anything did. An empty cell changes nothing."""
    differs = False
    for name in TEXTS:
        said = getattr(given, name)
        if said and said != getattr(row, name):
            setattr(row, name, said)
            differs = True
    own = row.fields | dict(given.fields)
    if own != row.fields:
        row.fields, row.kind_version, differs = own, row.kind.version, True
    for name in ("name", "lon", "lat"):
        said = getattr(given, name)
        if said is not None and said != getattr(row.venue, name):
            setattr(row.venue, name, said)
            differs = True
    return differs
