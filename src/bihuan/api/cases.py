"""Cases over the API: a hospital's own system reports one, a line list leaves by number."""

from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Path, Query, Router, Schema, Status
from pydantic import AwareDatetime

from bihuan.api.access import READ, WRITE, ApiRequest
from bihuan.core.clock import local_date
from bihuan.core.errors import NotAllowed, Refused
from bihuan.core.places.selectors import place_by_code
from bihuan.core.vault.types import Identity
from bihuan.epidemic.selectors import packages
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.services.cards import MOST, report_cards
from bihuan.epidemic.services.cases import report_case
from bihuan.epidemic.types import Card, Origin

router = Router(tags=["epidemic"])
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]  # what a number of a row can be
Word = Annotated[str, Field(max_length=40)]


class PersonIn(Schema):
    """Who: goes into the vault and comes back from it for a purpose alone."""

    name: str = Field(max_length=50)
    id_number: str = Field("", max_length=30)
    phone: str = Field("", max_length=20)
    address: str = Field("", max_length=200)
    born: date | None = None


class CardIn(Schema):
    """A statutory report card; findings are keys of the edition in force."""

    person: PersonIn
    place_code: str = Field(max_length=12)
    age_band: str = Field(max_length=8)
    diagnosed_at: AwareDatetime
    findings: Annotated[list[Word], Field(max_length=50)] = []
    found_in: str = Field("clinic", max_length=16)
    onset: date | None = None
    origin: str = Field(Origin.UNKNOWN.value, max_length=16)
    late_reason: str = Field("", max_length=400)
    other_than: Annotated[list[Word], Field(max_length=50)] = []


class CardOut(Schema):
    """The case that the card became; `report_due_at` is its statutory limit, where it has one."""

    number: str
    kind: str
    reported_at: datetime
    report_due_at: datetime | None


class ListCaseOut(Schema):
    """A case of an exported line list, by number alone."""

    number: str
    label: str
    kind: str
    onset: date | None
    diagnosed: date
    reported: date
    isolated: date | None
    treated: date | None
    age_band: str
    place: str
    found_in: str
    origin: str
    known: bool
    findings: list[str]


class ListCasesOut(Schema):
    """One page, oldest first; `after` goes on."""

    rows: list[ListCaseOut]
    after: str


class CardsIn(Schema):
    """Cards of one event, at most 200."""

    cards: Annotated[list[CardIn], Field(min_length=1, max_length=MOST)]


class TakenOut(Schema):
    """What became of one card of many: the number of its case, or the code of its refusal."""

    number: str
    code: str
    facts: dict[str, Any]


@router.post("/epidemic/events/{outbreak_id}/cases", auth=WRITE, response={201: CardOut},
             operation_id="report_case")  # fmt: skip
def add_case(request: ApiRequest, outbreak_id: Id, given: CardIn) -> Any:
    """Report a case. Likely twins stop the card (409) until `other_than` names them."""
    card = _card(given, outbreak_id, _places([given], request))
    return Status(201, report_case(card=card, by=request.actor, at=request.at))


@router.post("/epidemic/events/{outbreak_id}/cases/batch", auth=WRITE, response=list[TakenOut],
             operation_id="report_cases")  # fmt: skip
def add_cases(request: ApiRequest, outbreak_id: Id, given: CardsIn) -> Any:
    """Report many cases at once, for systems that catch up; each card is judged by itself."""
    places = _places(given.cards, request)
    cards = [_card(one, outbreak_id, places) for one in given.cards]
    told = report_cards(event_id=outbreak_id, cards=cards, by=request.actor, at=request.at)
    return [
        {"number": "", "code": one.code, "facts": one.facts} if isinstance(one, Refused)
        else {"number": one.number, "code": "", "facts": {}}
        for one in told
    ]  # fmt: skip


def _places(cards: list[CardIn], request: ApiRequest) -> dict[str, int]:
    """Ids of the places named, of those there are. A query for each different one."""
    found = {}
    for code in {one.place_code for one in cards}:
        with suppress(Refused):
            found[code] = place_by_code(code, local_date(request.at)).pk
    return found


def _card(given: CardIn, outbreak_id: int, places: dict[str, int]) -> Card:
    who = given.person
    person = Identity(
        who.name, who.id_number, who.phone, who.address, who.born.isoformat() if who.born else ""
    )
    return Card(
        event_id=outbreak_id, person=person, age_band=given.age_band,
        place_id=places.get(given.place_code, 0),
        diagnosed_at=given.diagnosed_at, findings=frozenset(given.findings),
        found_in=given.found_in, onset=given.onset, origin=given.origin,
        late_reason=given.late_reason, other_than=frozenset(given.other_than),
    )  # fmt: skip


@router.get("/epidemic/events/{outbreak_id}/cases", auth=READ, response=ListCasesOut,
            operation_id="export_line_list")  # fmt: skip
def export_list(
    request: ApiRequest, outbreak_id: Id, after: Annotated[str, Query(max_length=20)] = ""
) -> Any:
    """The line list of an event, pseudonymous: numbers and codes, nobody's name."""
    if not request.actor.has("case.read"):
        raise NotAllowed("not_allowed", duty="case.read")
    event = fetch_event(event_id=outbreak_id, by=request.actor)
    rows, more = packages.list_page(by=request.actor, event=event, at=request.at, after=after)
    return {"rows": rows, "after": more}
