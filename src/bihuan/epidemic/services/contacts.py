"""Name contacts, reach them, place them under the plan of the edition, keep the days."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import CITY, under
from bihuan.core.vault import services as vault
from bihuan.epidemic.models import Case, Contact, ContactDay
from bihuan.epidemic.rules.plans import Timeline, switched, timeline
from bihuan.epidemic.selectors.sight import fetch_case, fetch_contact
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.services.sources import hold_sources
from bihuan.epidemic.types import NewContact

SECOND = "level2"  # plan of a contact of a contact
LISTED = "none"  # exposed, but of no class that the edition manages


@transaction.atomic
def name_contact(*, given: NewContact, by: Actor, at: datetime) -> Contact:
    """List somebody exposed to a case; the edition says of which risk and until when.

    Raises NotAllowed, NotFound, Invalid("contact.…"): no contacts where the disease is carried by
    mosquitoes, no exposure outside the window of the case, nobody twice in one event.
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    case = fetch_case(case_id=given.case_id, by=by)
    place = Place.objects.filter(pk=given.place_id, valid_to=None).first()
    if place is None:
        raise Invalid("contact.place", field="place")
    pack = edition_of(case.event, at, scope=place.path)
    risk = _risk(case, given, pack, at)
    plan = timeline(pack, risk, anchor=given.last, found=local_date(at))
    for twin in vault.twins(given.person, scope=case.event.scope, at=at):
        same = Contact.objects.filter(event=case.event, pseudonym=twin.pseudonym).first()
        if same is not None and twin.score >= 0.9:
            return _again(same, given, pack, by=by, at=at)
    keep = timedelta(days=int(registry.value("keep.contact_days", at).value))
    until = (plan.release_at if plan else at) + keep
    near = under(place.path, case.event.scope) or served(place)
    held = place.path if near else case.scope
    pseudonym = vault.enrol(
        given.person, collection=case.event.collection, scope=held, expires_at=until, by=by, at=at
    )
    hours = pack.hours_of("contact.placed") if plan else None
    row = Contact.objects.create(
        event=case.event, case=case, via_id=given.via_id, pseudonym=pseudonym, place=place, scope=held,
        exposure=given.exposure, risk=risk, first_exposure=given.first, last_exposure=given.last,
        found_at=at, edition=pack.ref, release_at=plan.release_at if plan else None,
        placed_due_at=at + timedelta(hours=hours) if hours else None, expires_at=until,
    )  # fmt: skip
    record(action="contact.name", subject=f"contact:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"risk": risk, "edition": pack.ref})  # fmt: skip
    return row


def served(place: Place) -> bool:
    """Whether disease control of this installation looks after a place, up to its city. One query.

    Where nobody does, whoever has the case answers until the person is handed over.
    """
    paths = [path for path in [*upper_paths(place.path), place.path] if len(path) >= CITY]
    posts = Post.objects.filter(role=Role.EPIDEMIOLOGY.value, scope__in=paths, valid_to=None)
    return posts.exists()


def _risk(case: Case, given: NewContact, pack: Pack, at: datetime) -> str:
    if pack.value_of("contact.model", "person") != "person":
        raise Invalid("contact.no_model", disease=case.event.disease, edition=pack.ref)
    row = pack.rows("exposure").get(given.exposure)
    if row is None:
        raise Invalid("contact.exposure", field="exposure", exposure=given.exposure)
    if given.last < given.first or given.last > local_date(at):
        raise Invalid("contact.period", field="last")
    anchor = case.onset or local_date(case.diagnosed_at)
    opens = anchor - timedelta(days=int(pack.value_of("contact.look_back_days", 0)))
    if given.last < opens:
        raise Invalid("contact.before_window", field="last", opens=opens.isoformat())
    if given.via_id is not None:
        return _second(case, given.via_id, pack)
    return row["gives"] if row["gives"] in pack.rows("plan") else LISTED


def _second(case: Case, via_id: int, pack: Pack) -> str:
    """The plan of a contact of a contact: only where the edition traces so far."""
    if not pack.value_of("contact.level2", False) or SECOND not in pack.rows("plan"):
        raise Invalid("contact.no_level2", edition=pack.ref)
    if not Contact.objects.filter(pk=via_id, case=case, via=None).exists():
        raise NotFound("contact.not_found", id=via_id)
    return SECOND


def _again(row: Contact, given: NewContact, pack: Pack, *, by: Actor, at: datetime) -> Contact:
    """A new exposure of somebody already listed: the later one counts."""
    if given.last > row.last_exposure:
        plan = timeline(pack, row.risk, anchor=given.last)
        row.last_exposure, row.edition = given.last, pack.ref
        row.release_at = plan.release_at if plan else None
        row.save(update_fields=["last_exposure", "edition", "release_at"])
        record(action="contact.again", subject=f"contact:{row.pk}", by=by, at=at, scope=row.scope)
    return row


def traces_second(contact: Contact, at: datetime) -> bool:
    """Whether the edition in force traces the contacts of this contact."""
    pack = edition_of(contact.event, at, scope=contact.scope)
    return bool(pack.value_of("contact.level2", False)) and SECOND in pack.rows("plan")


def timeline_of(contact: Contact) -> Timeline | None:
    """The plan a contact is under, by the edition it was written under."""
    pack = registry.by_edition(contact.edition)
    found = local_date(contact.found_at)
    return timeline(pack, contact.risk, anchor=contact.last_exposure, found=found)


@transaction.atomic
def reach_contact(*, contact_id: int, by: Actor, at: datetime) -> Contact:
    """The person was reached. Locks the contact. Raises NotAllowed, NotFound."""
    row = fetch_contact(contact_id=contact_id, by=by, lock=True)
    if row.reached_at is None:
        row.reached_at = at
        row.save(update_fields=["reached_at"])
        record(action="contact.reach", subject=f"contact:{row.pk}", by=by, at=at, scope=row.scope)
    return row


@transaction.atomic
def place_contact(*, contact_id: int, notice_given: bool, by: Actor, at: datetime) -> Contact:
    """The stay or monitoring begins, with basis and end told in writing (E7). Locks the contact.

    Raises NotFound, Invalid("contact.no_notice"), Conflict("contact.no_plan" | "contact.over").
    """
    row = fetch_contact(contact_id=contact_id, by=by, lock=True)
    if row.release_at is None:
        raise Conflict("contact.no_plan", number=row.number)
    if row.release_at <= at:
        raise Conflict("contact.over", number=row.number)
    if not notice_given:
        raise Invalid("contact.no_notice", field="notice_given")
    row.reached_at, row.placed_at, row.notice_at = row.reached_at or at, at, at
    row.save(update_fields=["reached_at", "placed_at", "notice_at"])
    record(action="contact.place", subject=f"contact:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"until": row.release_at.isoformat()})  # fmt: skip
    return row


@transaction.atomic
def check_contact(
    *, contact_id: int, symptoms: bool, test: str, by: Actor, at: datetime
) -> ContactDay:
    """Today's monitoring; a second entry of the day corrects the first. Raises NotFound."""
    row = fetch_contact(contact_id=contact_id, by=by, lock=True)
    if test not in {"", "neg", "pos"}:
        raise Invalid("contact.test", field="test")
    if row.release_at is None or row.release_at <= at:
        raise Conflict("contact.over", number=row.number)
    day, _ = ContactDay.objects.update_or_create(
        contact=row, day=local_date(at),
        defaults={"symptoms": symptoms, "test": test, "at": at, "by": by.name},
    )  # fmt: skip
    row.checked_on = day.day
    row.save(update_fields=["checked_on"])
    record(action="contact.check", subject=f"contact:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"symptoms": symptoms, "test": test})  # fmt: skip
    return day


@transaction.atomic
def became_case(*, contact_id: int, case_id: int, by: Actor, at: datetime) -> Contact:
    """The contact fell ill: the plan ends, the case remembers that it was known before."""
    row = fetch_contact(contact_id=contact_id, by=by, lock=True)
    case = fetch_case(case_id=case_id, by=by)
    row.became_case = case
    row.save(update_fields=["became_case"])
    if row.case_id not in {None, case.pk} and case.source_id is None:
        hold_sources({case.pk: row.case_id}, at=at)
    record(action="contact.became_case", subject=f"contact:{row.pk}", by=by, at=at,
           scope=row.scope, after=case.number)  # fmt: skip
    return row


@transaction.atomic
def switch_edition(*, disease: str, edition: str, by: Actor, at: datetime) -> int:
    """Recompute open plans where the edition in force now makes them shorter; how many.

    Nobody's stay gets longer by it and nothing served is lost. Raises NotAllowed, Invalid.
    """
    if not by.has("order.draft"):
        raise NotAllowed("not_allowed", duty="order.draft")
    pack = registry.edition("control-plan", at, scope=by.scope, disease=disease)
    if pack.ref != edition:
        raise Invalid("edition.not_in_force", edition=edition, held=pack.ref)
    rows = Contact.objects.select_for_update().filter(
        event__disease=disease, scope__startswith=by.scope, release_at__gt=at, became_case=None
    )
    changed = 0
    for row in rows.exclude(edition=pack.ref):
        changed += adopt(row, pack, risk=row.risk, at=at)
    record(action="edition.switch", subject=pack.ref[:80], by=by, at=at,
           facts={"disease": disease, "contacts": changed})  # fmt: skip
    return changed


def adopt(row: Contact, pack: Pack, *, risk: str, at: datetime) -> bool:
    """Put somebody under a plan of another pack where their stay gets shorter; whether it did."""
    plan = timeline_of(row)
    if plan is None:
        return False
    change = switched(replace(plan, plan=risk), pack, on=local_date(at))
    if not change.adopted:
        return False
    row.edition, row.risk = pack.ref, risk
    row.release_at = max(change.after.release_at, at) if change.after else at
    row.save(update_fields=["edition", "risk", "release_at"])
    return True


@transaction.atomic
def read_contact(*, contact_id: int, purpose: str, by: Actor, at: datetime) -> dict[str, str]:
    """What a visit or a call needs to know of a contact; every call is a reading that is told."""
    row = fetch_contact(contact_id=contact_id, by=by)
    seen = vault.read(row.pseudonym, purpose=purpose, by=by, at=at)
    return {key: value for key, value in asdict(seen).items() if value}
