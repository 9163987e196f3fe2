"""Codes of the refusals of intake; the words live in `web/intake/messages.py`."""

from bihuan.intake.communique.errors import CODES as UNREADABLE

CODES = (
    *UNREADABLE,
    "document.not_found",
    "document.directed",
    "document.no_title",
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
