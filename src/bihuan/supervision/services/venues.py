"""Bring a list of key venues with their four parties: a report first, then the act (M015)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.evidence.cells import Refusal, Report, columns_of, plain, unshielded
from bihuan.core.evidence.tables import Rows, read_tables
from bihuan.core.orgs.models import Org, OrgKind, Party, Sector, Slot, Venue
from bihuan.core.orgs.services import VenueInput, open_venues, set_slot
from bihuan.core.orgs.services.parties import Holder
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.rules import short_code, upper_paths
from bihuan.core.places.types import within
from bihuan.supervision.models import Upload
from bihuan.supervision.rules.tables import VENUES
from bihuan.supervision.services.uploads import fetch_upload, finish

NEEDED = ("name", "venue_kind", "place_code")
Key = tuple[str, str, int]  # name, kind, place
Parties = dict[str, Holder]


def preview_venues(*, upload_id: int, by: Actor, at: datetime) -> Report:
    """What the act would do; it is the act, taken back. Raises as `bring_venues`."""
    upload = fetch_upload(upload_id=upload_id, kind="venues", by=by)
    with transaction.atomic():
        report = _Import(by, at).run(upload)
        transaction.set_rollback(True)
    return report


@transaction.atomic
def bring_venues(*, upload_id: int, by: Actor, at: datetime) -> Report:
    """Register new venues and fill empty slots; what is filled is left as it is. Locks the upload.

    The same list again changes nothing. Raises NotFound, NotAllowed, Invalid("table.…" |
    "venues.no_table").
    """
    upload = fetch_upload(upload_id=upload_id, kind="venues", by=by, lock=True)
    report = _Import(by, at).run(upload)
    if report.idle:
        return report
    finish(upload, at=at)
    record(action="venues.bring", subject=f"upload:{upload.pk}", by=by, at=at,
           facts={"added": report.added, "changed": report.changed,
                  "refused": len(report.refusals)})  # fmt: skip
    return report


@dataclass
class _Import:
    """One run over the rows of a list."""

    by: Actor
    at: datetime
    wanted: dict[Key, tuple[VenueInput, Place, Parties]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def run(self, upload: Upload) -> Report:
        """Read every row, then write."""
        if not (self.by.has("task.assign") and self.by.has("slot.sign")):
            raise NotAllowed("not_allowed", duty="task.assign")
        self._look_up()
        found = False
        for sheet, lines in read_tables(bytes(upload.data), upload.file_name).items():
            places = columns_of(VENUES.columns, lines[0]) if lines else {}
            if set(NEEDED) <= places.keys():
                found = True
                self._sheet(sheet, lines, places)
        if not found:
            raise Invalid("venues.no_table", file=upload.file_name)
        return self._write()

    def _look_up(self) -> None:
        """Everything that rows may name. Four queries."""
        below = Place.objects.filter(within("path", self.by.scope), valid_to=None)
        self.places = {place.code: place for place in below}
        self.sectors: dict[str, str] = {}
        for sector in Sector.objects.all():
            names = (sector.code, sector.name, sector.name_en)
            self.sectors |= {plain(name).casefold(): sector.code for name in names}
        up = [*upper_paths(self.by.scope), self.by.scope]
        orgs = Org.objects.filter(valid_to=None)
        self.departments = _by_name(
            orgs.filter(scope__in=up) | orgs.filter(within("scope", self.by.scope)),
            lambda org: org.kind != OrgKind.UNIT,
        )
        self.units = _by_name(orgs.filter(within("scope", self.by.scope)), lambda _org: True)
        known = Venue.objects.filter(within("scope", self.by.scope))
        self.known: dict[Key, Venue] = {(v.name, v.kind, v.place_id): v for v in known}

    def _sheet(self, sheet: str, lines: Rows, places: Mapping[str, int]) -> None:
        for number, line in enumerate(lines[1:], start=2):
            if any(line):
                cell = {
                    key: plain(unshielded(line[n])) if n < len(line) else ""
                    for key, n in places.items()
                }
                self._row(sheet, number, cell)

    def _row(self, sheet: str, number: int, cell: dict[str, str]) -> None:
        """Take a row; without a name, kind or place it is left out, a party that is nobody empty."""

        def refuse(column: str, code: str) -> None:
            self.refusals.append(Refusal(sheet, number, column, cell.get(column, ""), code))

        missing = next((key for key in NEEDED if not cell[key]), None)
        place = self.places.get(_code(cell["place_code"]))
        if missing or place is None:
            refuse(missing or "place_code", f"venues.no_{missing}" if missing else "venues.place")
            return
        key = (cell["name"][:120], cell["venue_kind"][:40], place.pk)
        if key in self.wanted:
            refuse("name", "venues.twice")
            return
        sector = self.sectors.get(cell.get("venue_sector", "").casefold(), "")
        if cell.get("venue_sector") and not sector:
            refuse("venue_sector", "venues.sector")
        parties: Parties = {}
        for column, party, orgs in (
            ("department", Party.DEPARTMENT, self.departments),
            ("unit", Party.UNIT, self.units),
        ):
            named = cell.get(column, "")
            if named and named in orgs:
                parties[party] = Holder(org_id=orgs[named])
            elif named:
                refuse(column, f"venues.{column}")
        if cell.get("person"):
            parties[Party.PERSON] = Holder(text=cell["person"][:200])
        unit = parties[Party.UNIT].org_id if Party.UNIT in parties else None
        given = VenueInput(name=key[0], kind=key[1], sector=sector, unit_id=unit)
        self.wanted[key] = given, place, parties

    def _write(self) -> Report:
        fresh = [key for key in self.wanted if key not in self.known]
        opened = open_venues(given=[self.wanted[key][:2] for key in fresh], by=self.by)
        venues = dict(zip(fresh, opened, strict=True))
        old = {key: self.known[key] for key in self.wanted if key in self.known}
        held: dict[str, set[str]] = {}
        subjects = [f"venue:{venue.pk}" for venue in (*venues.values(), *old.values())]
        for slot in Slot.objects.filter(subject__in=subjects):
            if slot.filled:
                held.setdefault(slot.subject, set()).add(slot.party)
        changed = 0
        for key, venue in (venues | old).items():
            filled = self._fill(venue, self.wanted[key][2], held.get(f"venue:{venue.pk}", set()))
            changed += filled and key in old
        return Report(len(fresh), changed, len(old) - changed, refusals=tuple(self.refusals))

    def _fill(self, venue: Venue, parties: Parties, held: set[str]) -> bool:
        """Name the parties whose slot is empty still; whether there was one."""
        empty = {party: holder for party, holder in parties.items() if party not in held}
        for party, holder in empty.items():
            set_slot(
                subject=f"venue:{venue.pk}", scope=venue.scope, party=party, holder=holder,
                by=self.by, at=self.at,
            )  # fmt: skip
        return bool(empty)


def _code(text: str) -> str:
    try:
        return short_code(text)
    except ValueError:
        return ""


def _by_name(orgs: Iterable[Org], fits: Callable[[Org], bool]) -> dict[str, int]:
    """Organisations by their names, those whose name is unique."""
    found: dict[str, int] = {}
    twice = set()
    for org in orgs:
        for name in {plain(org.name), plain(org.second_name)} - {""}:
            if fits(org):
                twice |= {name} & found.keys()
                found[name] = org.pk
    return {name: pk for name, pk in found.items() if name not in twice}
