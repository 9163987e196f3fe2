"""How well documents were read here: what the reader proposed against what people made of it.

Only what a person decided one by one counts. Drafts kept all at once (全部采用) say nothing about the
reading, and documents whose directive was issued stay in the count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.core.orgs.types import Actor
from bihuan.intake.models import Document, Draft, Edit, Status
from bihuan.intake.selectors.doors import seen_documents
from bihuan.intake.types import Accuracy, FieldAgreement

COMPARED = ("speaker", "label", "domain", "responsible", "deadline_text", "actionable")
LATEST = 500  # documents that are looked at


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person made of the proposals of one document.

    `pairs` are the drafts kept, as proposed and as they are now; `struck` were proposed and are no
    demand of their own any more; `born` were added by people; `in_bulk` were kept unseen.
    """

    pairs: tuple[tuple[dict[str, Any], Draft], ...]
    struck: int
    born: int
    in_bulk: int


def decided(drafts: Sequence[Draft], edits: Iterable[Edit]) -> Decided:
    """The decisions of one review; `edits` in their order. No query."""
    proposed: dict[int, dict[str, Any]] = {}
    seen: set[int] = set()
    born: set[int] = set()
    for edit in edits:
        for row in edit.before:
            proposed.setdefault(row["id"], row)
        born.update(edit.born)
        bulk = edit.verb == "keep" and len(edit.before) > 1
        if edit.undone_at is None and not bulk:
            seen.update(row["id"] for row in edit.before)
    kept = [draft for draft in drafts if draft.status == Status.KEPT]
    own = [draft for draft in kept if draft.pk in seen and draft.pk not in born]
    gone = {Status.REJECTED, Status.MERGED}
    return Decided(
        pairs=tuple((proposed[draft.pk], draft) for draft in own),
        struck=sum(d.pk in seen and d.pk not in born and d.status in gone for d in drafts),
        born=sum(draft.pk in born for draft in kept),
        in_bulk=len(kept) - len(own) - sum(draft.pk in born for draft in kept),
    )


def accuracy(*, by: Actor) -> Accuracy:
    """The agreement of reader and people over the documents the post may see. Three queries."""
    rows = Document.objects.filter(seen_documents(by)).order_by("-pk")
    shown = rows.only("pk", "title").prefetch_related("drafts", "edits")[:LATEST]
    return summed([decided(*reviewed(document)) for document in shown])


def reviewed(document: Document) -> tuple[list[Draft], list[Edit]]:
    """The drafts and the steps of a document, in their order; prefetched ones are used."""
    drafts = sorted(document.drafts.all(), key=lambda draft: (draft.position, draft.pk))
    return drafts, sorted(document.edits.all(), key=lambda edit: edit.pk)


def summed(reviews: Iterable[Decided]) -> Accuracy:
    """Agreement by field over several reviews; documents nobody decided on are left out."""
    all_ = list(reviews)
    told = [one for one in all_ if one.pairs or one.struck or one.born]
    pairs = [pair for one in told for pair in one.pairs]
    whole = sum(before["text"] == draft.text for before, draft in pairs)
    proposed = len(pairs) + sum(one.struck for one in told)
    wanted = len(pairs) + sum(one.born for one in told)
    fields = [FieldAgreement("precision", whole, proposed), FieldAgreement("recall", whole, wanted)]
    fields += [
        FieldAgreement(name, sum(b[name] == getattr(d, name) for b, d in pairs), len(pairs))
        for name in COMPARED
    ]
    return Accuracy(len(told), proposed, sum(one.in_bulk for one in all_), tuple(fields))
