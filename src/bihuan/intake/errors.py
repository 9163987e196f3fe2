"""Codes of the refusals of intake; the words live in `web/intake/messages.py`."""

from bihuan.intake.communique.errors import CODES as UNREADABLE

CODES = (
    *UNREADABLE,
    "document.not_found",
    "document.directed",
    "document.no_title",
    "document.nothing_to_compare",
    "model.off",
    "model.unreachable",
    "model.bad_answer",
    "model.too_long",
    "draft.not_found",
    "draft.no_text",
    "draft.domain",
    "draft.status",
    "draft.split_outside",
    "draft.nothing_to_merge",
    "draft.span_outside",
    "draft.nothing_to_undo",
    "draft.upper_foreign",
    "draft.owner_outside",
    "draft.nobody_named",
)
