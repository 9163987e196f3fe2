"""The verbs of intake."""

from bihuan.intake.services.asking import ask_model
from bihuan.intake.services.directing import direct, issue, planned
from bihuan.intake.services.reviewing import (
    add_draft,
    confirm_all,
    edit_draft,
    edit_minutes,
    merge_drafts,
    set_status,
    split_draft,
    undo,
)
from bihuan.intake.services.upload import read_anyway, upload

__all__ = [
    "add_draft",
    "ask_model",
    "confirm_all",
    "direct",
    "edit_draft",
    "edit_minutes",
    "issue",
    "merge_drafts",
    "planned",
    "read_anyway",
    "set_status",
    "split_draft",
    "undo",
    "upload",
]
