"""A meeting set against its upper or sister meeting: answered, missing, stricter, added, repeated."""

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.command.selectors.demands import demands_above
from bihuan.core.errors import Invalid
from bihuan.core.orgs.types import Actor
from bihuan.intake.communique import links
from bihuan.intake.models import Document, Status
from bihuan.intake.rules import difference
from bihuan.intake.selectors.doors import fetch_document, seen_documents
from bihuan.intake.types import Compared, Comparison, Side

OFFERED = 60
RELAY = "relay"
OUT = (Status.REJECTED, Status.MERGED, Status.UNDONE)


@dataclass(frozen=True, slots=True)
class _Said:
    ordinal: int
    text: str
    domain: str


def other_choices(*, document_id: int, by: Actor) -> list[tuple[str, str]]:
    """What a document may be compared with: the directive it answers, then other documents.

    Two queries. Raises NotFound("document.not_found").
    """
    document = fetch_document(document_id=document_id, by=by)
    rows = Document.objects.filter(seen_documents(by)).exclude(pk=document_id).order_by("-pk")
    found = [(str(pk), title) for pk, title in rows.values_list("pk", "title")[:OFFERED]]
    above = demands_above(relay_id=document.relay_id)
    return [(RELAY, above[0].number), *found] if above else found


def comparison(*, document_id: int, other: str, by: Actor) -> Comparison:
    """The coverage table of a document against another, or against the directive it answers.

    Four queries. Raises NotFound, Invalid("document.nothing_to_compare").
    """
    document = fetch_document(document_id=document_id, by=by)
    title, upper = _other(document, other, by=by)
    lower = _said(document)
    rows = [
        Compared(
            pair.standing, pair.why,
            *_sides(
                upper[pair.upper] if pair.upper is not None else None,
                lower[pair.lower] if pair.lower is not None else None,
            ),
        )
        for pair in links.coverage(upper, lower)
    ]  # fmt: skip
    again = [
        Compared("repeated", "", *_sides(upper[pair.old], lower[pair.new]))
        for pair in links.repeats(lower, upper)
    ]
    return Comparison(document.pk, document.title, title, tuple(rows), tuple(again))


def _other(document: Document, other: str, *, by: Actor) -> tuple[str, list[_Said]]:
    if other == RELAY:
        above = demands_above(relay_id=document.relay_id)
        if above:
            return above[0].number, [_Said(d.ordinal, d.text, d.domain) for d in above]
    elif other.isascii() and other.isdigit() and int(other) != document.pk:
        found = fetch_document(document_id=int(other), by=by)
        return found.title, _said(found)
    raise Invalid("document.nothing_to_compare", field="with", other=other)


def _said(document: Document) -> list[_Said]:
    drafts = document.drafts.exclude(status__in=OUT).order_by("position", "pk")
    told = drafts.values_list("text", "domain")
    return [_Said(n, text, domain) for n, (text, domain) in enumerate(told, 1)]


def _sides(upper: _Said | None, lower: _Said | None) -> tuple[Side | None, Side | None]:
    """Both demands with the words that only one of them has."""
    if upper is None or lower is None:
        return _alone(upper), _alone(lower)
    old, new = difference(upper.text, lower.text)
    return Side(upper.ordinal, old), Side(lower.ordinal, new)


def _alone(said: _Said | None) -> Side | None:
    return Side(said.ordinal, ((said.text, True),)) if said is not None else None


def standings(rows: Sequence[Compared]) -> dict[str, int]:
    """How many rows of each standing there are."""
    return {name: sum(row.standing == name for row in rows) for name in links.STANDINGS}
