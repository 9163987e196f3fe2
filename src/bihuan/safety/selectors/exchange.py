"""Records of the exchange that wait for a person to grade them."""

from dataclasses import dataclass

from bihuan.core.errors import NotFound
from bihuan.safety.models import Establishment, ExchangeRecord


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """An event as it came, its unit, and its measures that nobody has taken up yet."""

    record: ExchangeRecord
    unit: str
    object_id: int
    measures: tuple[ExchangeRecord, ...]

    @property
    def name(self) -> str:
        """What may happen, in the words of the file."""
        return str(self.record.data["riskEventName"])

    @property
    def graded(self) -> bool:
        """Whether only its measures still wait."""
        return self.record.thing is not None


def waiting_events(place: Establishment) -> tuple[WaitingEvent, ...]:
    """The events of a place that the caller has seen, with something left to grade. One query.

    What the other side marked as deleted is not asked for.
    """
    rows = place.exchange_records.filter(kind__in=("unit", "event", "measure")).order_by("pk")
    units: dict[str, ExchangeRecord] = {}
    events: list[ExchangeRecord] = []
    measures: dict[str, list[ExchangeRecord]] = {}
    for row in rows:
        if row.kind == "unit":
            units[row.uuid] = row
        elif str(row.data.get("deleted", "0")) not in {"0", "False"}:
            continue
        elif row.kind == "event":
            events.append(row)
        elif row.thing is None:
            measures.setdefault(row.data["riskEventId"], []).append(row)
    found = []
    for row in events:
        unit, left = units[row.data["riskUnitId"]], tuple(measures.get(row.uuid, ()))
        if row.thing is None or left:
            name = str(unit.data["riskUnitName"])
            found.append(WaitingEvent(row, name, int(unit.thing or 0), left))
    return tuple(found)


def waiting_event(place: Establishment, record_id: int) -> WaitingEvent:
    """One of them. Raises NotFound("exchange.not_found")."""
    for one in waiting_events(place):
        if one.record.pk == record_id:
            return one
    raise NotFound("exchange.not_found", id=record_id)
