"""Take many report cards together: each is judged by itself, the good ones cost a few statements.

What comes from another house's queue in a surge (10 times the usual) goes through here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import record, together
from bihuan.core.errors import Conflict, Invalid, NotAllowed, Refused
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Place
from bihuan.core.vault import bulk
from bihuan.core.vault.rules import plain
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Case, CaseClass, Event, NotSame
from bihuan.epidemic.rules.classify import classify
from bihuan.epidemic.selectors.lists import same_file
from bihuan.epidemic.services.cases import (
    Filing,
    check_card,
    due_of,
    edition_of,
    file_of,
    reportable_event,
)
from bihuan.epidemic.services.teams import assign_many
from bihuan.epidemic.types import Card

MOST = 200  # cards that are taken together


@dataclass
class Told:
    """A card on its way: what refuses it, or the case that it becomes."""

    number: int  # of the card in its batch
    card: Card
    refused: Refused | None = None
    place: Place | None = None
    pack: Pack | None = None
    due: tuple[str, datetime | None] = ("", None)
    case: Case | None = None

    @property
    def person(self) -> Identity:
        """Who the card is about."""
        return self.card.person


@transaction.atomic
def report_cards(
    *, event_id: int, cards: Sequence[Card], by: Actor, at: datetime
) -> list[Case | Refused]:
    """For each card the case it became, or why it was refused; the others are taken all the same.

    Likely twins, known or within the batch, stop a card as they do one by one. Raises NotAllowed,
    NotFound("event.not_found"), Invalid("cards.too_many").
    """
    if not (by.has("case.report") or by.has("case.write")):
        raise NotAllowed("not_allowed", duty="case.report")
    if len(cards) > MOST:
        raise Invalid("cards.too_many", most=MOST)
    event = reportable_event(event_id=event_id, by=by)
    told = [Told(number, card) for number, card in enumerate(cards, start=1)]
    places = Place.objects.in_bulk({card.place_id for card in cards})
    for one in told:
        one.refused = _judged(one, event, places, at)
    _stop_twins([one for one in told if one.refused is None], event, at)
    _take([one for one in told if one.refused is None], event, by=by, at=at)
    return [found for one in told if (found := one.refused or one.case) is not None]


def _judged(one: Told, event: Event, places: dict[int, Place], at: datetime) -> Refused | None:
    """Why a card cannot be taken, without asking the database."""
    card, place = one.card, places.get(one.card.place_id)
    try:
        if place is None or place.valid_to is not None:
            raise Invalid("case.place", field="place")
        if not plain(card.person.name):
            raise Invalid("vault.no_name", field="name")
        one.place, one.pack = place, edition_of(event, card.diagnosed_at, scope=place.path)
        check_card(card, one.pack, at)
        one.due = due_of(card, event, at)
    except Refused as refused:
        return refused
    return None


def _stop_twins(told: Sequence[Told], event: Event, at: datetime) -> None:
    """Refuse whoever may be somebody known, or somebody further up in the batch."""
    if not told:
        return
    known = bulk.twins_many([one.card.person for one in told], scope=event.scope, at=at)
    above: dict[str, list[Told]] = {}
    for one, twins in zip(told, known, strict=True):
        others = [
            f"{t.pseudonym} ({t.score:.0%})" for t in twins
            if t.pseudonym not in one.card.other_than
        ]  # fmt: skip
        others += same_file(one, above)
        if others:
            one.refused = Conflict("case.twins", twins=others)


def _take(told: Sequence[Told], event: Event, *, by: Actor, at: datetime) -> None:
    if not told:
        return
    keep = at + timedelta(days=int(registry.value("keep.open_days", at).value))
    with together():
        names = bulk.enrol_many(
            [(one.card.person, one.place.path) for one in told if one.place],
            collection=event.collection, expires_at=keep, by=by, at=at,
        )  # fmt: skip
        for one, name in zip(told, names, strict=True):
            assert one.place is not None
            assert one.pack is not None
            given = Filing(name, one.due, keep)
            one.case = file_of(one.card, event, one.place, one.pack, given=given, by=by, at=at)
        cases = Case.objects.bulk_create(one.case for one in told if one.case)
        CaseClass.objects.bulk_create(_class(one, by, at) for one in told)
        NotSame.objects.bulk_create(
            NotSame(one=one.case.pseudonym, other=other, by=by.name, at=at)
            for one in told if one.case for other in one.card.other_than
        )  # fmt: skip
        assign_many(cases, by=by, at=at)
        for case in cases:
            late = case.report_due_at is not None and at > case.report_due_at
            record(action="case.report", subject=f"case:{case.pk}", by=by, at=at, scope=case.scope,
                   after=case.kind, facts={"late": late})  # fmt: skip


def _class(one: Told, by: Actor, at: datetime) -> CaseClass:
    assert one.case is not None
    assert one.pack is not None
    found = classify(one.pack, one.card.findings)
    return CaseClass(case=one.case, at=at, kind=one.case.kind, proposed=found.key,
                     edition=one.pack.ref, met=list(found.met), by=by.name)  # fmt: skip
