"""Refusals of input that cannot be read at all. The text for each code lives with the pages."""

from __future__ import annotations

from typing import Final

EMPTY: Final = "intake.empty"
TOO_LARGE: Final = "intake.too_large"
BINARY: Final = "intake.binary"
UNKNOWN_FORMAT: Final = "intake.unknown_format"
DAMAGED_FILE: Final = "intake.damaged_file"
ENCRYPTED_PDF: Final = "intake.encrypted_pdf"
SCANNED_PDF: Final = "intake.scanned_pdf"
ZIP_BOMB: Final = "intake.zip_bomb"

CODES: Final = (
    EMPTY,
    TOO_LARGE,
    BINARY,
    UNKNOWN_FORMAT,
    DAMAGED_FILE,
    ENCRYPTED_PDF,
    SCANNED_PDF,
    ZIP_BOMB,
)


class Unreadable(Exception):
    """The input holds no text to read; `code` is one of `CODES`, `facts` say how far off it was."""

    def __init__(self, code: str, **facts: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
