"""What follows an accident, as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Party
from bihuan.core.packs import registry
from bihuan.core.packs.types import Clock
from bihuan.safety.models import Accident, ReadBack, Statement
from bihuan.safety.rules.accidents import CLASSES, phone_state

PARTIES = (Party.TERRITORY, Party.DEPARTMENT, Party.UNIT)


def statement_at(row: Accident, party: str) -> Statement | None:
    """The statement of a party that held when the accident happened. One query."""
    rows = Statement.objects.filter(
        Q(voided_at=None) | Q(voided_at__gt=row.occurred_at),
        establishment=row.establishment_id, party=party, drawn_at__lte=row.occurred_at,
    )  # fmt: skip
    return rows.select_related("post").order_by("-drawn_at").first()


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party's statement of the day, and what reading back found."""

    party: str
    statement: Statement | None
    found: ReadBack | None


@dataclass(frozen=True, slots=True)
class PhoneDuty:
    """The duty to tell the province by telephone; `state` as for reports."""

    rule: Clock
    due_at: datetime
    told_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Telephone, investigation, review, lessons, reading back."""

    phone: PhoneDuty | None
    investigations: tuple[Obligation, ...]
    reviews: tuple[Obligation, ...]
    lessons: tuple[Obligation, ...]
    parties: tuple[PartyRow, ...]
    copies: tuple[dict[str, str], ...]


def aftermath(row: Accident, *, at: datetime) -> Aftermath:
    """Everything that follows an accident the caller has seen. Six queries."""
    names = ("investigation", "review", "lesson")
    origins = {f"{name}:{row.pk}": name for name in names}
    tasks = Obligation.objects.filter(origin__in=origins).select_related(
        "brief", "owner_post", "place"
    )
    found: dict[str, list[Obligation]] = {name: [] for name in names}
    for task in tasks.order_by("pk"):
        found[origins[task.origin]].append(task)
    read = {one.party: one for one in row.read_backs.all()}
    parties: tuple[PartyRow, ...] = ()
    if row.establishment_id is not None:
        parties = tuple(
            PartyRow(party, statement_at(row, party), read.get(party)) for party in PARTIES
        )
    return Aftermath(
        _phone(row, at), tuple(found["investigation"]), tuple(found["review"]),
        tuple(found["lesson"]), parties,
        registry.table("accident_copy", row.occurred_at, scope=row.scope),
    )  # fmt: skip


def _phone(row: Accident, at: datetime) -> PhoneDuty | None:
    """The duty of larger accidents and above; None below."""
    if CLASSES.index(row.grade) < CLASSES.index("larger"):
        return None
    rule = registry.clock("accident.phone", row.occurred_at, scope=row.scope)
    due = registry.due("accident.phone", row.known_at, scope=row.scope)[0]
    calls = row.phone_calls.filter(outgoing=True, level__in=("province", "nation"))
    told = calls.order_by("called_at").values_list("called_at", flat=True).first()
    return PhoneDuty(rule, due, told, phone_state(due=due, told=told, at=at))
