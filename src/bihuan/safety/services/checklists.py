"""Write checklists as versions: the shipped ones, and one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import System, record
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Sector
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Checklist
from bihuan.safety.rules.checklists import MOST_ITEMS, SAFETY, Item, line_of
from bihuan.safety.services.catalogue import CODE


@dataclass(frozen=True, slots=True)
class NewChecklist:
    """A checklist as it is written or imported."""

    code: str
    title: str
    sector: str
    items: Sequence[Item]
    title_en: str = ""
    source: str = ""
    mark: str = ""


def plain_items(lines: Sequence[tuple[str, str]]) -> list[Item]:
    """Items of the three large buttons, from texts and types of hazard."""
    told = [(text.strip()[:200], kind.strip()[:60]) for text, kind in lines if text.strip()]
    return [
        Item(str(number), text, type=kind or text[:60])
        for number, (text, kind) in enumerate(told, start=1)
    ]


@transaction.atomic
def write_checklist(*, given: NewChecklist, by: Actor | System, at: datetime) -> Checklist:
    """Write a checklist as its next version; earlier ones stay for the inspections by them.

    Raises NotAllowed, NotFound, Invalid("inspection.checklist" | "catalogue.code").
    """
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    return _write(given, by=by, at=at)


def _write(given: NewChecklist, *, by: Actor | System, at: datetime) -> Checklist:
    if CODE.fullmatch(given.code) is None:
        raise Invalid("catalogue.code", field="code")
    if not given.title.strip() or not 0 < len(given.items) <= MOST_ITEMS:
        raise Invalid("inspection.checklist", field="items" if given.title.strip() else "title")
    if not Sector.objects.filter(pk=given.sector).exists():
        raise NotFound("sector.not_found", sector=given.sector)
    last = Checklist.objects.filter(code=given.code).order_by("-version").first()
    row = Checklist.objects.create(
        code=given.code, version=(last.version if last else 0) + 1,
        title=given.title.strip()[:120], title_en=given.title_en.strip()[:160],
        sector_id=given.sector, items=[line_of(item) for item in given.items],
        source=given.source.strip()[:200], mark=given.mark, written_at=at, written_by=by.name,
    )  # fmt: skip
    record(action="inspection.checklist", subject=f"checklist:{row.pk}", by=by, at=at,
           facts={"code": row.code, "version": row.version})  # fmt: skip
    return row


@transaction.atomic
def load_checklists(*, by: Actor | System, at: datetime) -> int:
    """Write the shipped checklists that are not there yet, for the sectors that are; how many.

    Raises NotAllowed.
    """
    if not by.has("people.manage"):
        raise NotAllowed("not_allowed", duty="people.manage")
    known = set(Checklist.objects.values_list("code", flat=True))
    sectors = set(Sector.objects.values_list("code", flat=True))
    fresh = 0
    for row in registry.table("safety_checklist", at, scope=by.scope):
        if row["code"] in known or row["sector"] not in sectors:
            continue
        items = [
            Item(str(number), text, text_en, kind, domain=next(iter(domain), SAFETY))
            for number, (text, text_en, kind, *domain) in enumerate(row["items"], start=1)
        ]
        given = NewChecklist(row["code"], row["title"], row["sector"], items, row["title_en"],
                             row["source"], row["mark"])  # fmt: skip
        _write(given, by=by, at=at)
        fresh += 1
    return fresh
